"""What a visitor has who set nothing: TypeScript, run on the host, beside the validator that JupyterLab uses."""

import json
from pathlib import Path

from support.labextension import run_typescript

ROOT = Path(__file__).resolve().parents[3]
#: For each plugin what Ajv, with JupyterLab's options, makes of no settings, and what defaultsOf does.
BOTH = """const { createRequire } = await import("node:module");
const { Ajv } = createRequire(given.installed)("ajv");
return given.plugins.map(({ id, schema }) => {
    const validated = {};
    const compose = new Ajv({ useDefaults: true, strict: false }).compile(schema);
    return [id, compose(validated), validated, module.defaultsOf(schema)];
});"""


def test_every_plugin_of_the_site_has_the_defaults_that_jupyterlab_gives_it():
    schemas = ROOT / "_site" / "build" / "schemas"
    plugins = [
        plugin
        for file in ("all.json", "all_federated.json")
        for plugin in json.loads((schemas / file).read_text("utf-8"))
    ]
    assert len(plugins) > 80
    assert {plugin["raw"] for plugin in plugins} == {"{}"}
    assert {plugin["schema"]["type"] for plugin in plugins} == {"object"}
    installed = str(ROOT / "node_modules" / "@jupyterlab" / "settingregistry" / "package.json")
    both = run_typescript(("settings/defaults",), BOTH, {"plugins": plugins, "installed": installed})
    for name, valid, validated, ours in both:
        assert valid, name
        assert ours == validated, name
    assert sum(bool(ours) for *_, ours in both) > 30


def test_a_schema_that_refers_to_itself_and_lists_is_filled_as_deep():
    schema = {
        "definitions": {
            "one": {"type": "object", "properties": {"rank": {"type": "number", "default": 100}}}
        },
        "type": "object",
        "properties": {
            "list": {"type": "array", "items": {"$ref": "#/definitions/one"}, "default": [{}, {"rank": 2}]},
            "named": {"additionalProperties": {"$ref": "#/definitions/one"}, "default": {"a": {}}},
            "either": {"oneOf": [{"$ref": "#/definitions/one"}, {"type": "null"}], "default": {}},
            "none": {"type": "object", "properties": {"never": {"default": 1}}},
        },
    }
    installed = str(ROOT / "node_modules" / "@jupyterlab" / "settingregistry" / "package.json")
    given = {"plugins": [{"id": "made", "schema": schema}], "installed": installed}
    ((_, _, validated, ours),) = run_typescript(("settings/defaults",), BOTH, given)
    assert ours == validated
    assert ours == {"list": [{"rank": 100}, {"rank": 2}], "named": {"a": {"rank": 100}}, "either": {}}
