/** Cells that begin with `%%sql` are coloured as SQL. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { ICellModel } from "@jupyterlab/cells";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

const SQL = "text/x-sql";

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
