/** Links that carry a notebook and pin its data: sharing one, and opening one. */
import { type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Dialog, ICommandPalette, showDialog } from "@jupyterlab/apputils";
import { PageConfig } from "@jupyterlab/coreutils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { shareIcon } from "@jupyterlab/ui-components";

import { siteMetadata } from "../metadata";
import { isNotebookApp } from "../site";
import { addBar } from "./bar";
import { isAsked, isCopy, keepToThisSite } from "./address";
import { labelFactory } from "./label";
import type { Outputs } from "./share";
import "./style.css";

const SHARE = "links:share";

/** An address of which only the page is left. */
class LinkLost extends Error {
  override name = "LinkError";
  override message =
    "If somebody sent it to you, what stood after its “#”, the notebook, was lost on the way: ask the sender for the link again, in a " +
    "text file or as the notebook file. Here is the quickstart.";
}

async function activate(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  rendermime: IRenderMimeRegistry,
  palette: ICommandPalette | null,
): Promise<void> {
  rendermime.addFactory(labelFactory);
  app.commands.addCommand(SHARE, {
    label: "Share as a Link…",
    caption: "Share this notebook, as it is now and with its data, as a link",
    icon: (args) => (args.toolbar ? shareIcon : undefined),
    isEnabled: () => notebooks.currentWidget !== null,
    execute: () => shareCurrent(notebooks),
    describedBy: { args: { type: "object", properties: { toolbar: { type: "boolean" } } } },
  });
  palette?.addItem({ command: SHARE, category: "Notebook Operations" });
  notebooks.widgetAdded.connect((_, panel) => {
    const { model } = panel.content;
    const guard = () => {
      if (isCopy(panel.context.path) || siteMetadata(model).origin) {
        keepToThisSite();
      }
    };
    // Before its file is read, by its name; a copy that was renamed by its metadata, which come before its cells.
    guard();
    model?.metadataChanged.connect(guard);
    void addBar(panel);
  });

  // A link that is opened where this page is open already changes the fragment only.
  window.addEventListener("hashchange", () => isAsked(location) && location.reload());
  if (isAsked(location)) {
    keepToThisSite();
    // The app starts after this, and opens what the address then says.
    await makeCopy(app);
  } else if (PageConfig.getOption("notebookPage") === "notebooks" && !new URLSearchParams(location.search).has("path")) {
    history.replaceState(null, "", `${location.pathname}?path=quickstart.ipynb`);
    void app.started.then(() => say("This address names no notebook", new LinkLost()));
  }
}

async function shareCurrent(notebooks: INotebookTracker): Promise<void> {
  const panel = notebooks.currentWidget;
  const model = panel?.content.model;
  if (!panel || !model) {
    return;
  }
  try {
    const { share, shareDialog } = await import("./dialog");
    const make = (outputs?: Outputs) => share(model.toJSON(), panel.context.path, siteMetadata(model).snapshot, outputs);
    await shareDialog(await make(), make).launch();
  } catch (error) {
    await say("This notebook cannot be shared", error);
  }
}

/** Makes the copy that the address asks for, and the address the copy's: a reload finds it, and what was changed in it. */
async function makeCopy(app: JupyterFrontEnd): Promise<void> {
  try {
    const { openAsked } = await import("./open");
    const path = await openAsked(location, app.serviceManager.contents);
    history.replaceState(null, "", `${location.pathname}?path=${encodeURIComponent(path)}`);
  } catch (error) {
    // The page works all the same: the notebooks app shows the quickstart.
    history.replaceState(null, "", location.pathname + (isNotebookApp() ? "?path=quickstart.ipynb" : ""));
    void app.started.then(() => say("This link cannot be opened", error));
  }
}

/** A message for the visitor; what is no `LinkError` is a mistake of ours, and goes to the console too. */
async function say(title: string, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  // By name: the class is in a file of its own.
  if (!(error instanceof Error && error.name === "LinkError")) {
    console.error(error);
  }
  await showDialog({ title, body: message, buttons: [Dialog.okButton()] });
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:links",
  description: "Shares notebooks as links that pin their data, and opens such links.",
  autoStart: true,
  requires: [INotebookTracker, IRenderMimeRegistry],
  optional: [ICommandPalette],
  activate,
};
export default plugin;
