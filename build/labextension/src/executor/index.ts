/**
 * Runs a notebook's cells, as JupyterLab does, once its kernel is there.
 *
 * JupyterLab shows a notebook's cells before its session has begun. A cell that was run in between was dropped without
 * a word, or started a second kernel beside the first.
 */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { CodeCell } from "@jupyterlab/cells";
import { INotebookCellExecutor, runCell } from "@jupyterlab/notebook";

const executor: INotebookCellExecutor = {
  async runCell(options) {
    const { cell, sessionContext } = options;
    if (sessionContext && !sessionContext.isReady) {
      if (cell.model.type === "code") (cell as CodeCell).setPrompt("*");
      // Not initialize(): called before JupyterLab does, it begins a session without a kernel.
      await sessionContext.ready;
      if (cell.isDisposed) return false;
    }
    return runCell(options);
  },
};

const plugin: JupyterFrontEndPlugin<INotebookCellExecutor> = {
  id: "@futures-explorer/labextension:executor",
  autoStart: true,
  provides: INotebookCellExecutor,
  activate: () => executor,
};
export default plugin;
