/** Phones and tablets: targets for fingers, a toolbar that fits, and a keyboard that does not cover the cell. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker } from "@jupyterlab/notebook";

import { makeRoomForKeyboard } from "./keyboard";
import { fitWhenDrawn } from "./toolbar";
import "./style.css";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:touch",
  description: "Fits the notebook to touch screens.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    const viewport = document.querySelector<HTMLMetaElement>("meta[name=viewport]");
    if (viewport) viewport.content += ", interactive-widget=resizes-content";
    if (visualViewport) makeRoomForKeyboard(visualViewport);
    notebooks.widgetAdded.connect((_, panel) => void panel.revealed.then(() => fitWhenDrawn(panel.toolbar)));
  },
};
export default plugin;
