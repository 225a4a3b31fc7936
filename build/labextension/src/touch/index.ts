/** Phones and tablets: targets for fingers, a toolbar that fits, and a keyboard that does not cover the cell. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";

import "./style.css";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:touch",
  description: "Fits the notebook to touch screens.",
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => {
    const viewport = document.querySelector<HTMLMetaElement>("meta[name=viewport]");
    // Where a keyboard slides in, the notebook gets smaller, and its cell stays in sight.
    if (viewport) viewport.content += ", interactive-widget=resizes-content";
  },
};
export default plugin;
