/** *CSV* and *Parquet* under a table: the whole result as a file, made by the engine when it is asked for. */

export const DOWNLOAD = "sql-kernel:download";

const STYLE = `<style>.duckdb-downloads { padding: 0 0.8em 0.5em; }
.duckdb-downloads button { font: inherit; color: var(--jp-content-link-color, inherit); background: none; border: 1px solid var(--jp-border-color1, #8888);
  border-radius: 3px; padding: 0.2em 0.7em; margin-right: 0.5em; min-height: 24px; cursor: pointer; }</style>`;

/** The buttons, as HTML; JupyterLab runs the command that they name. */
export function downloads(kernel: string, key: string): string {
  const one = (format: string, name: string) =>
    `<button data-commandlinker-command="${DOWNLOAD}" data-commandlinker-args='${JSON.stringify({ kernel, key, format })}' ` +
    `title="Download the whole result as ${name}">${name}</button>`;
  return `${STYLE}<div class="duckdb-downloads">${one("csv", "CSV")}${one("parquet", "Parquet")}</div>`;
}

/** Hands bytes to the visitor as a file. */
export function save(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart]));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
