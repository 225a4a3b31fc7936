"""DuckDB's Python API over DuckDB-WASM. The code is in the package `duckdb_wasm`."""

import importlib
import importlib.abc
import importlib.machinery
import sys

import duckdb_wasm


class _Same(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `duckdb.value.constant` as `duckdb_wasm.value.constant`: the same module, not another of the same text."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        if not name.startswith(f"{__name__}."):
            return None
        own = duckdb_wasm.__name__ + name.removeprefix(__name__)
        try:
            importlib.import_module(own)
        except ModuleNotFoundError as error:
            if error.name and own.startswith(error.name):
                return None
            raise
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> object:
        module = sys.modules[duckdb_wasm.__name__ + spec.name.removeprefix(__name__)]
        self._spec = module.__spec__
        return module

    def exec_module(self, module: object) -> None:
        module.__spec__ = self._spec


sys.meta_path.insert(0, _Same())
sys.modules[__name__] = duckdb_wasm
