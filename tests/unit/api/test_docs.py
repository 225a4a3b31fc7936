"""docs/api.md shows commands; here they run, in their order."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.served import served

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def code(api) -> Iterator[dict[str, str]]:
    """The commands of each language, at the address where the API is served."""
    with served(api.folder.parents[1]) as url:
        found: dict[str, str] = {}
        for language, lines in re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL):
            placed = re.sub(r"https://OWNER\.github\.io/REPOSITORY/", lambda _: url, lines)
            found[language] = found.get(language, "") + placed
        yield found


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl(api, code, tmp_path):
    said = run(["bash", "-euo", "pipefail", "-c", code["sh"].replace("head -c 300", "cat")], tmp_path)
    day, symbol, freqtrade = said.splitlines()
    assert json.loads(day) == api.read("latest/dates/2024-01-15.json")
    assert json.loads(symbol) == api.read("latest/symbols/BTCUSDT.json")
    assert freqtrade.startswith("freqtrade backtesting")
    rows = (tmp_path / "universe-2024-01.csv").read_text("utf-8").splitlines()
    month = api.read("latest/universe/top-100/2024-01.json")
    assert [row.split(",")[3] for row in rows] == month["symbols"]
    # The second time there was nothing new; what came before is still there.
    assert json.loads((tmp_path / "symbols.json").read_text("utf-8")) == api.read("latest/symbols.json")
    config = json.loads((tmp_path / "pairs-2024-01.json").read_text("utf-8"))
    assert config["exchange"]["pair_whitelist"] == month["pairs"]


def test_javascript(api, code, tmp_path):
    (tmp_path / "example.mjs").write_text(code["js"], "utf-8")
    said = run(["node", "example.mjs"], tmp_path).splitlines()
    symbols = api.read("latest/symbols.json")["symbols"]
    gone = symbols["state"].count("gone")
    last = api.read(f"latest/symbols/{symbols['symbol'][-1]}.json")
    eldest = api.read("snapshots.json")["snapshots"][-1]["id"]
    monthly = (api.folder / "latest/universe/top-100/monthly.csv").read_text("utf-8")
    largest = api.read("latest/dates/2024-01-15.json")["tradable"]["symbol"][:3]
    assert said == [
        f"largest: [ {', '.join(repr(symbol) for symbol in largest)} ]",
        f"{gone} of {len(symbols['symbol'])} symbols are gone",
        f"{last['symbol']} {last['first']} {last['last']} {last['state']}",
        f"{eldest} {len(monthly)}",
        api.read("latest/dates.json")["dates"]["date"][-1],
    ]


def test_r(code, tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    (tmp_path / "example.R").write_text(code["r"], "utf-8")
    assert "BTCUSDT" in run(["Rscript", "example.R"], tmp_path)


def test_every_address_of_the_documentation_is_described(api):
    addresses = re.findall(r"^\| `([^`]+)` \|", TEXT, re.MULTILINE)
    paths = set(api.read("openapi.json")["paths"])
    written = {
        "/"
        + address.replace("2024-01-15", "{date}")
        .replace("2024-01", "{month}")
        .replace("BTCUSDT", "{symbol}")
        .replace("ID/", "{snapshot}/")
        for address in addresses
    }
    assert written == paths - {"/latest/index.json"}


def test_every_example_of_the_description_leads_to_a_file(api):
    for path, of in api.read("openapi.json")["paths"].items():
        for parameter in of["get"].get("parameters", []):
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
        assert (api.folder / path.lstrip("/")).is_file(), path
