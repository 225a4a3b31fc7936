/**
 * A link's fragment sets the parameters of the notebook that it opens: `notebooks/index.html?path=NAME.ipynb#symbol=SOLUSDT`.
 * The value is written into the visitor's open copy; a line above the notebook says so, runs it on request, and undoes it.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";

import { showAnswers } from "../answers";
import { KEY } from "../metadata";
import { Notice } from "../notice";
import { asked, assign, outcome, PYTHON, SQL, type Asked, type Declarations, type Setting } from "./parameters";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:parameters",
  description: "Sets a notebook's parameters from its link.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, tracker: INotebookTracker) => {
    // The address as it was opened: JupyterLab's router may rewrite it.
    const paths = new URLSearchParams(location.search).getAll("path");
    let wanted = asked(location.hash);
    if (!wanted.length || !paths.length) return;
    tracker.widgetAdded.connect(async (_tracker, panel) => {
      await panel.context.ready;
      if (panel.isDisposed || !wanted.length || !paths.includes(panel.context.path)) return;
      const taken = wanted;
      wanted = [];
      set(panel, taken);
      // Once: a page that is loaded again shows what the visitor made of it, not the link's value.
      history.replaceState(history.state, "", location.pathname + location.search);
    });
  },
};

function set(panel: NotebookPanel, wanted: Asked[]): void {
  const index = panel.content.widgets.findIndex(({ model }) => tags(model.getMetadata("tags")).includes("parameters"));
  const cell = panel.content.widgets[index];
  const declared = (cell?.model.getMetadata(KEY) as { parameters?: Declarations } | undefined)?.parameters;
  // Another project's notebook, or a fragment that is not ours.
  if (!cell || !declared) return;
  const shared = cell.model.sharedModel;
  const { name } = (panel.content.model?.getMetadata("kernelspec") ?? {}) as { name?: string };
  const dialect = name === "sql" ? SQL : PYTHON;
  const result = outcome(shared.getSource(), declared, wanted, dialect);
  if ("problem" in result) {
    new Notice(`${result.problem} The notebook is as it was.`).offer("Close").above(panel);
    return;
  }
  shared.setSource(result.source);
  panel.content.activeCellIndex = index;
  void showAnswers(panel);
  const notice = new Notice(says(result.settings))
    .offer("Run all", () => void NotebookActions.runAll(panel.content, panel.sessionContext))
    .offer("Undo", () => {
      // Only these values: whatever else the visitor wrote since is kept.
      const undo = (source: string, { name, was }: Setting) => assign(source, name, was, dialect)?.source ?? source;
      shared.setSource([...result.settings].reverse().reduce(undo, shared.getSource()));
      void showAnswers(panel);
    })
    .offer("Close");
  notice.above(panel);
}

const tags = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function says(settings: Setting[]): string {
  const list = settings.map(({ name, value, was }) => (value === was ? `${name} = ${value}` : `${name} = ${value} (it was ${was})`));
  const changed = settings.filter(({ value, was }) => value !== was).map(({ value }) => value.replace(/^"(.*)"$/, "$1"));
  const next = changed.length ? `Run to answer for ${changed.join(", ")}.` : "It is what the notebook asks anyway.";
  return `Set by the link: ${list.join(", ")}. ${next}`;
}

export default plugin;
