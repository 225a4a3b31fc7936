/**
 * Says what Interrupt cannot do here. Python runs in a worker that hears nothing while it computes, and a static site may not
 * share memory with it: a query can be stopped (src/queries), a loop only by ending the worker.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

import { Notice } from "../notice";

/** Milliseconds in which a query that is stopped has ended. */
const PATIENCE = 1500;
const TEXT =
  "Interrupt stops queries, but not other Python code while it computes, as in a long loop. Restart stops it: variables are " +
  "lost; the notebook, its outputs and your files are kept.";

const said = new WeakMap<NotebookPanel, Notice>();

function say(panel: NotebookPanel): void {
  said.get(panel)?.dispose();
  const session = panel.sessionContext;
  const notice = new Notice(TEXT)
    .offer("Restart", () => void session.restartKernel())
    .offer("Let it run");
  said.set(panel, notice);
  const idle = () => {
    if (session.kernelDisplayStatus === "busy" && !notice.isDisposed) return;
    session.statusChanged.disconnect(idle);
    notice.dispose();
  };
  session.statusChanged.connect(idle);
  notice.above(panel);
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:interrupt",
  description: "Says of a cell that cannot be interrupted what will stop it.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    app.commands.commandExecuted.connect((_, { id }) => {
      const panel = notebooks.currentWidget;
      if (id !== "notebook:interrupt-kernel" || !panel) return;
      const run = () => panel.content.widgets.map((cell) => cell.node.querySelector(".jp-InputPrompt")?.textContent).join();
      const before = run();
      setTimeout(() => {
        // Still busy, and with the same cell.
        if (!panel.isDisposed && panel.sessionContext.kernelDisplayStatus === "busy" && run() === before) say(panel);
      }, PATIENCE);
    });
  },
};
export default plugin;
