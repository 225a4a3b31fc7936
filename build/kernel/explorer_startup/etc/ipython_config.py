"""IPython's configuration in this site's kernel."""

c = get_config()  # noqa: F821 (IPython provides it)
c.InteractiveShellApp.extensions = ["explorer_startup", "duckdb_wasm.magics"]
