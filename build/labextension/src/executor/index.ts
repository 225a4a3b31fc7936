/**
 * Runs a notebook's cells, as JupyterLab does, once its kernel is there; before one that shows what was computed when the site
 * was built, those above it, since it needs what they define.
 *
 * JupyterLab shows a notebook's cells before its session has begun. A cell that was run in between was dropped without
 * a word, or started a second kernel beside the first.
 */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { Cell, CodeCell } from "@jupyterlab/cells";
import { INotebookCellExecutor, runCell, StaticNotebook } from "@jupyterlab/notebook";

import { isShown, type Output } from "../answers/answers";

type Options = INotebookCellExecutor.IRunCellOptions;

const isCode = (cell: Cell): cell is CodeCell => cell.model.type === "code";
/** Cells that were run here, or wait to be. */
const asked = new WeakSet<Cell>();

async function runOne(options: Options): Promise<boolean> {
  const { cell, sessionContext } = options;
  if (sessionContext && !sessionContext.isReady) {
    if (isCode(cell)) cell.setPrompt("*");
    // Not initialize(): called before JupyterLab does, it begins a session without a kernel.
    await sessionContext.ready;
    if (cell.isDisposed) return false;
  }
  return runCell(options);
}

/** Of a cell that shows what was computed elsewhere, the code cells above it that have not run here. */
function missing(cell: Cell): CodeCell[] {
  const cells = cell.parent instanceof StaticNotebook ? cell.parent.widgets : [];
  if (!isCode(cell) || !isShown(cell.model.outputs.toJSON() as Output[])) return [];
  const above = cells.slice(0, cells.indexOf(cell)).filter(isCode);
  return above.filter((one) => !asked.has(one) && one.model.executionCount === null);
}

const plugin: JupyterFrontEndPlugin<INotebookCellExecutor> = {
  id: "@futures-explorer/labextension:executor",
  autoStart: true,
  provides: INotebookCellExecutor,
  activate: () => ({
    async runCell(options) {
      const before = asked.has(options.cell) ? [] : missing(options.cell);
      for (const cell of [...before, options.cell]) asked.add(cell);
      const ran = [...before.map((cell) => runOne({ ...options, cell })), runOne(options)];
      return (await Promise.all(ran)).at(-1)!;
    },
  }),
};
export default plugin;
