/** JupyterLab as a visitor first meets it: the quickstart open beside the file list, the starter notebooks in the launcher. */
import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ILauncher } from "@jupyterlab/launcher";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { IStateDB } from "@jupyterlab/statedb";
import { notebookIcon } from "@jupyterlab/ui-components";

import gallery from "../../../../content/pages/gallery.json";

const OPEN = "binance-futures:open-starter";
/** In the state of the workspace: that it has been opened before. */
const SEEN = "@futures-explorer/labextension:welcome";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:welcome",
  description: "Offers the starter notebooks, and opens the first one on a first visit.",
  autoStart: true,
  // Only JupyterLab has a launcher; the notebooks app has not.
  optional: [ILabShell, ILauncher, IStateDB, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    shell: ILabShell | null,
    launcher: ILauncher | null,
    state: IStateDB | null,
    notebooks: INotebookTracker | null,
  ) => {
    // Without the property inspector the area at the right is empty, and JupyterLab leaves room for it until it is told.
    if (shell) void app.restored.then(() => shell.collapseRight());
    if (shell) notebooks?.widgetAdded.connect((_, panel) => void makeCurrent(shell, panel));
    if (!launcher) return;
    app.commands.addCommand(OPEN, {
      label: (args) => title(args.name),
      caption: (args) => gallery.find(({ name }) => name === args.name)?.question ?? "",
      icon: notebookIcon,
      execute: (args) => app.commands.execute("docmanager:open", { path: `${String(args.name)}.ipynb` }),
    });
    // The category that the launcher shows first; in it, after the empty notebook.
    gallery.forEach(({ name }, index) => launcher.add({ command: OPEN, args: { name }, category: "Notebook", rank: 100 + index }));
    if (state) void welcome(app, state);
  },
};

const title = (name: unknown): string => gallery.find((entry) => entry.name === name)?.title ?? String(name);

/**
 * JupyterLab knows which notebook is current by the focus that it gave it, which a busy page can lose; until a click,
 * "Run all" would be out of reach, and the page without its title.
 */
async function makeCurrent(shell: ILabShell, panel: NotebookPanel): Promise<void> {
  await panel.revealed;
  // What is not laid out takes no focus: the second frame comes after the first layout.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (!panel.isDisposed && panel.isVisible && shell.currentWidget === null) shell.activateById(panel.id);
    }),
  );
}

async function welcome(app: JupyterFrontEnd, state: IStateDB): Promise<void> {
  await app.restored;
  if (await state.fetch(SEEN)) return;
  await state.save(SEEN, true);
  // A link that names a file, or a restored layout, shows what it shows.
  if (new URLSearchParams(location.search).has("path")) return;
  const [first] = gallery;
  if (first) await app.commands.execute(OPEN, { name: first.name });
}

export default plugin;
