"""A JupyterLite addon: `jupyter lite build` puts DuckDB-WASM, the `duckdb` wheel and the SQL kernel into the site.

The SQL kernel's own files come as every prebuilt JupyterLab extension does, from `share/jupyter/labextensions`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from jupyterlite_core.addons.base import BaseAddon
from jupyterlite_core.constants import JSON_FMT, JUPYTERLITE_JSON, UTF8
from traitlets import Unicode

#: Laid out as in a site: `engine-…/`, and the wheels that `%pip install` finds.
HERE = Path(__file__).parent / "site"
SQL_KERNEL = "jupyterlite-duckdb-sql:kernel"
#: What the wheel reads to find the engine (`duckdb_wasm.bridge`).
RUNTIME = "static/runtime.json"
SETUP = "static/duckdb-setup.json"


class DuckDBAddon(BaseAddon):
    """Copies the engine and the wheels, and tells the SQL kernel where they are."""

    __all__ = ("build", "post_build", "check")

    sql_setup: str = Unicode(
        "",
        help="A file of SQL statements that every SQL notebook begins with; {site} is the site's address",
    ).tag(config=True)

    def build(self, manager) -> Iterator[dict]:
        """Copies the engine to static/, the wheels to where piplite indexes them."""
        for source in sorted(HERE.glob("engine-*")):
            yield self._copying(source, manager.output_dir / "static" / source.name)
        for wheel in sorted((HERE / "pypi").glob("*.whl")):
            yield self._copying(wheel, manager.output_dir / "pypi" / wheel.name)

    def post_build(self, manager) -> Iterator[dict]:
        """Writes what the wheel and the SQL kernel look for."""
        config = manager.output_dir / JUPYTERLITE_JSON
        setup = self._setup_file()
        yield self.task(
            name="config",
            doc="tell the notebooks where DuckDB is",
            file_dep=[config, *([setup] if setup else [])],
            actions=[(self._write, [config, setup])],
            targets=[manager.output_dir / RUNTIME, manager.output_dir / SETUP],
        )

    def check(self, manager) -> Iterator[dict]:
        """That the engine is there whole."""
        yield self.task(
            name="engine",
            doc="the engine's files are in the site",
            file_dep=[manager.output_dir / RUNTIME],
            actions=[(self._check, [])],
        )

    def _copying(self, source: Path, target: Path) -> dict:
        files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
        return self.task(
            name=f"copy:{source.name}",
            file_dep=files,
            actions=[(self.copy_one, [source, target])],
            targets=[target] if source.is_file() else [target / path.relative_to(source) for path in files],
        )

    def _setup_file(self) -> Path | None:
        if not self.sql_setup:
            return None
        file = Path(self.manager.lite_dir, self.sql_setup).resolve()
        if not file.is_file():
            raise ValueError(f"DuckDBAddon.sql_setup names {file}, where there is no file.")
        return file

    def _write(self, config: Path, setup: Path | None) -> None:
        (engine,) = (path.name for path in HERE.glob("engine-*"))
        version = engine.split("-")[1]
        runtime = {"engine": f"static/{engine}/engine.js", "duckdb": version}
        statements = setup.read_text("utf-8") if setup else ""
        variants = [{"needs": [], "statements": statements}]
        self._write_json(RUNTIME, runtime)
        self._write_json(SETUP, {"variants": variants, "notes": [], "files": []})
        whole = json.loads(config.read_text("utf-8"))
        plugins = whole.setdefault("jupyter-config-data", {}).setdefault("litePluginSettings", {})
        plugins[SQL_KERNEL] = {"engine": runtime["engine"], "setup": SETUP, "duckdb": version} | plugins.get(
            SQL_KERNEL, {}
        )
        config.write_text(json.dumps(whole, **JSON_FMT), **UTF8)
        self.maybe_timestamp(config)

    def _write_json(self, name: str, value: dict) -> None:
        target = self.manager.output_dir / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(value, **JSON_FMT), **UTF8)
        self.maybe_timestamp(target)

    def _check(self) -> bool:
        runtime = json.loads((self.manager.output_dir / RUNTIME).read_text("utf-8"))
        engine = self.manager.output_dir / runtime["engine"]
        missing = [
            name
            for name in ("engine.js", "worker.js", "duckdb-eh.wasm")
            if not (engine.parent / name).is_file()
        ]
        if missing:
            self.log.error("[duckdb] %s: %s is missing; build anew.", engine.parent, ", ".join(missing))
        return not missing
