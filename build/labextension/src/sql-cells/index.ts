/** Cells that begin with `%%sql` are coloured as SQL; notebooks in SQL are remembered as such. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { ICellModel } from "@jupyterlab/cells";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

import { SQL_NOTEBOOKS } from "../../../start/src/settings";

const SQL = "text/x-sql";
/** As many of the visitor's notebooks in SQL are remembered. */
const MOST = 100;

/** Lets the page know, the next time that it opens this notebook, that it needs no Python (build/start/src/page.ts). */
function remember(panel: NotebookPanel): void {
  const { name } = (panel.content.model?.getMetadata("kernelspec") ?? {}) as { name?: string };
  const { path } = panel.context;
  try {
    const known = JSON.parse(localStorage.getItem(SQL_NOTEBOOKS) ?? "[]") as string[];
    const rest = known.filter((other) => other !== path);
    const now = name === "sql" ? [...rest, path].slice(-MOST) : rest;
    if (now.length !== known.length || now.at(-1) !== known.at(-1)) localStorage.setItem(SQL_NOTEBOOKS, JSON.stringify(now));
  } catch {
    // Storage is refused: Python then starts, and is not used.
  }
}

function follow(panel: NotebookPanel): void {
  const watched = new WeakSet<ICellModel>();
  const watch = (cell: ICellModel) => {
    if (cell.type !== "code" || watched.has(cell)) return;
    watched.add(cell);
    const update = () => {
      const isSql = /^%%sql\b/.test(cell.sharedModel.getSource());
      if (isSql && cell.mimeType !== SQL) cell.mimeType = SQL;
      else if (!isSql && cell.mimeType === SQL) cell.mimeType = panel.content.codeMimetype;
    };
    cell.contentChanged.connect(update);
    // JupyterLab gives every cell the kernel's language when it learns of it.
    cell.mimeTypeChanged.connect(update);
    update();
  };
  const all = () => {
    for (const cell of panel.content.model?.cells ?? []) watch(cell);
  };
  panel.content.model?.cells.changed.connect(all);
  panel.content.modelContentChanged.connect(all);
  all();
  remember(panel);
  panel.context.pathChanged.connect(() => remember(panel));
  panel.sessionContext.kernelChanged.connect(() => remember(panel));
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:sql-cells",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    notebooks.widgetAdded.connect((_, panel) => void panel.context.ready.then(() => panel.isDisposed || follow(panel)));
  },
};
export default plugin;
