"""The engine's rooms: each imports only what stands to its right; what lies beside them knows none of them."""

import re

from futures_explorer.site.phases import ROOT

SOURCE = ROOT / "build/engine/src"
ROOMS = ["client", "query", "plan", "read", "keep"]
#: What every room speaks of.
SHARED = ["database.ts", "errors.ts", "protocol.ts"]


def test_the_rooms_are_these():
    assert sorted(path.name for path in SOURCE.iterdir()) == sorted(ROOMS + SHARED)


def test_a_room_imports_only_what_stands_to_its_right():
    order = {room: index for index, room in enumerate(ROOMS)}
    for file in SOURCE.rglob("*.ts"):
        here = order.get(file.parent.name, len(ROOMS))
        for name in re.findall(r'from "(\.[^"]+\.ts)"', file.read_text("utf-8")):
            target = (file.parent / name).resolve()
            assert target.is_file(), f"{file.relative_to(SOURCE)} imports {name}"
            there = order.get(target.parent.name, len(ROOMS))
            assert there >= here, f"{file.relative_to(SOURCE)} imports {name}, which stands to its left"
