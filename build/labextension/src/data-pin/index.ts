/** The toolbar widget that says, and chooses, which snapshot a notebook's data comes from. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IToolbarWidgetRegistry } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";

import { siteMetadata } from "./metadata";

class DataPin extends Widget {
  constructor(private readonly panel: NotebookPanel) {
    super();
    this.addClass("bf-DataPin");
    void panel.context.ready.then(() => this.show_());
    panel.content.model?.metadataChanged.connect(this.show_, this);
  }

  private show_(): void {
    const { snapshot } = siteMetadata(this.panel.content.model);
    this.node.textContent = snapshot ? `Data: ${snapshot.slice(0, 10)}, pinned` : "Data: latest";
  }
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:data-pin",
  autoStart: true,
  requires: [IToolbarWidgetRegistry],
  activate: (_app: JupyterFrontEnd, toolbars: IToolbarWidgetRegistry) => {
    toolbars.addFactory<NotebookPanel>("Notebook", "data-pin", (panel) => new DataPin(panel));
  },
};
export default plugin;
