/**
 * Keeps data for later while it is quiet: what the open notebook may need next; everything, for use without a network, from
 * the second visit on or where the visitor chooses so.
 */
import { type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import type { Cell } from "@jupyterlab/cells";
import { INotebookTracker, NotebookActions } from "@jupyterlab/notebook";

import { starterOf } from "../answers/answers";
import { Notice } from "../notice";
import { keepDialog } from "./dialog";
import { Prefetch } from "./prefetch";
import { filesAreInMemory, offline, tellServiceWorker } from "./site";
import "./style.css";

/** Milliseconds of quiet after a cell before anything is fetched: Run All leaves no such pause between cells. */
const QUIET = 3000;
/** How often, in milliseconds, the service worker is told that a cell still runs. */
const STILL = 1000;
/** Bytes that a first visit brings in unasked. */
const UNASKED = 8e6;
/** Bytes of everything that the notebooks read, Python's files included. */
const EVERYTHING = 24e6;

const IN_MEMORY =
  "Files that a cell writes here last until this page is left: this browser does not let the site keep them (service workers are off).";
const KEEP = "offline:keep";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:offline",
  description: "Keeps data for later, and the whole site for use without a network.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker, palette: ICommandPalette | null) => {
    const prefetch = new Prefetch();
    const running = new Set<Cell>();
    let waiting = 0;
    let beat = 0;

    const start = () => {
      const path = notebooks.currentWidget?.context.path ?? "";
      const { isChosen, isMetered, keepsAll } = offline();
      if (isMetered && !isChosen) return;
      const list = keepsAll ? "likely" : (starterOf(path) ?? "none");
      prefetch.start({ list, maxBytes: keepsAll ? EVERYTHING : UNASKED, isAsked: isChosen });
    };
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(start, QUIET);
    };
    const busy = () => tellServiceWorker({ explorerBusy: STILL + QUIET });

    NotebookActions.executionScheduled.connect((_, { cell }) => {
      clearTimeout(waiting);
      prefetch.pause();
      busy();
      if (running.size === 0) beat = setInterval(busy, STILL);
      running.add(cell);
    });
    NotebookActions.executed.connect((_, { cell, success }) => {
      running.delete(cell);
      if (running.size > 0) return;
      clearInterval(beat);
      // A visit whose first cell fails has other worries.
      if (success || prefetch.hasBegun) soon();
    });
    notebooks.widgetAdded.connect((_, panel) => {
      void panel.sessionContext.ready.then(() => offline().keepsAll && soon());
      if (filesAreInMemory()) new Notice(IN_MEMORY).offer("Close").above(panel);
    });
    // Said once the kernel has found out.
    addEventListener("explorer-files", () => notebooks.forEach((panel) => new Notice(IN_MEMORY).offer("Close").above(panel)), { once: true });
    app.commands.addCommand(KEEP, {
      label: "Keep for Offline Use…",
      caption: "Keep the whole site and its data in this browser, or take that back",
      execute: () => keepDialog(prefetch, start).launch(),
      describedBy: { args: { type: "object", properties: {} } },
    });
    palette?.addItem({ command: KEEP, category: "Notebook Operations" });
  },
};
export default plugin;
