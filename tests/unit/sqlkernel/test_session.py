"""A notebook's session makes the tables of the snapshot that is wanted by then."""

from support.labextension import run_typescript

SCRIPT = """
const asked = [];
const engine = {
    attach: async (id) => { asked.push(id); return { id: id ?? "newest", resources: [] }; },
    connect: async () => ({ query: async (sql) => { asked.push(sql.split(" ")[0]); return new Uint8Array(); } }),
};
const setup = async () => ({ variants: [{ needs: [], statements: "SELECT 1" }], notes: [], files: [] });
let begin;
const opening = new Promise((resolve) => { begin = () => resolve(engine); });
const session = new module.Session(() => opening, setup, null);
const ready = session.open();
session.pin("older");
begin();
await ready;
const first = [session.snapshot, asked.splice(0)];
await session.open();
session.pin(null);
await session.open();
return [first, [session.snapshot, asked]];
"""


def test_what_is_pinned_while_the_engine_opens_is_all_that_is_attached():
    assert run_typescript(("session",), SCRIPT, room="sqlkernel") == [
        ["older", ["older", "ATTACH"]],
        # On a connection that has its database, only the tables are made.
        ["newest", [None, "SELECT"]],
    ]
