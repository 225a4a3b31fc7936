/** Links that carry a notebook and pin its data: sharing one, and opening one. */
import { type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Dialog, ICommandPalette, showDialog } from "@jupyterlab/apputils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { shareIcon } from "@jupyterlab/ui-components";

import { siteMetadata } from "../metadata";
import { isNotebookApp, siteUrl } from "../site";
import { addBar } from "./bar";
import { LinkError } from "./cells";
import { shareDialog } from "./dialog";
import { isAsked, openAsked } from "./open";
import { keepToThisSite, leadsToCopy } from "./remote";
import { share } from "./share";
import "./style.css";

const SHARE = "links:share";

function activate(app: JupyterFrontEnd, notebooks: INotebookTracker, palette: ICommandPalette | null): void {
  app.commands.addCommand(SHARE, {
    label: "Share as a Link…",
    caption: "Share this notebook, as it is now and with its data, as a link",
    icon: (args) => (args.toolbar ? shareIcon : undefined),
    isEnabled: () => notebooks.currentWidget !== null,
    execute: () => shareCurrent(notebooks),
    describedBy: { args: { type: "object", properties: { toolbar: { type: "boolean" } } } },
  });
  palette?.addItem({ command: SHARE, category: "Notebook Operations" });
  notebooks.widgetAdded.connect((_, panel) => void addBar(panel));

  if (isAsked(location)) {
    keepToThisSite();
    void app.restored.then(() => open(app));
  } else if (leadsToCopy(location.search)) {
    keepToThisSite();
  }
  // A link that is opened where this page is open already changes the fragment only.
  window.addEventListener("hashchange", () => isAsked(location) && location.reload());
}

async function shareCurrent(notebooks: INotebookTracker): Promise<void> {
  const panel = notebooks.currentWidget;
  const model = panel?.content.model;
  if (!panel || !model) {
    return;
  }
  try {
    const shared = await share(model.toJSON(), panel.context.path, siteMetadata(model).snapshot);
    await shareDialog(shared).launch();
  } catch (error) {
    await say("This notebook cannot be shared", error);
  }
}

async function open(app: JupyterFrontEnd): Promise<void> {
  try {
    const path = await openAsked(location, app.serviceManager.contents);
    // From here on the page is the copy's: a reload finds it, and what the visitor changes in it.
    const search = isNotebookApp() ? `?path=${encodeURIComponent(path)}` : "";
    history.replaceState(null, "", location.pathname + search);
    await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  } catch (error) {
    await say("This link cannot be opened", error);
    if (isNotebookApp()) {
      location.replace(`${siteUrl()}notebooks/index.html?path=quickstart.ipynb`);
    }
  }
}

/** A message for the visitor; what is no `LinkError` is a mistake of ours, and goes to the console too. */
async function say(title: string, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof LinkError)) {
    console.error(error);
  }
  const label = isNotebookApp() && title.includes("opened") ? "Open the quickstart" : "OK";
  await showDialog({ title, body: message, buttons: [Dialog.okButton({ label })] });
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:links",
  description: "Shares notebooks as links that pin their data, and opens such links.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette],
  activate,
};
export default plugin;
