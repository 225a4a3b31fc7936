import { type NotebookPanel, NotebookActions } from "@jupyterlab/notebook";

/** Runs a whole notebook, once its kernel is ready: JupyterLab drops what is run while it attaches one. */
export async function runAll({ content, sessionContext }: NotebookPanel): Promise<void> {
  await sessionContext.ready;
  await sessionContext.session?.kernel?.info;
  await NotebookActions.runAll(content, sessionContext);
}
