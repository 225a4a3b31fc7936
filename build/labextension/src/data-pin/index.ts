/** The toolbar widget that says, and chooses, which snapshot a notebook's data comes from. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IToolbarWidgetRegistry, Notification } from "@jupyterlab/apputils";
import type { ICodeCellModel } from "@jupyterlab/cells";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";

import { pin, siteMetadata } from "../metadata";
import { snapshotIds } from "../site";
import { followPin } from "./kernel";
import "./style.css";

class DataPin extends Widget {
  private readonly select = document.createElement("select");
  private readonly tell: () => void;

  constructor(private readonly panel: NotebookPanel) {
    super({ node: document.createElement("label") });
    this.addClass("bf-DataPin");
    this.node.title = "The snapshot that bf.connect() gives";
    this.node.append("Data:", this.select);
    this.select.addEventListener("change", () => this.choose(this.select.value));
    this.tell = followPin(panel);
    void panel.context.ready.then(() => {
      panel.content.model?.metadataChanged.connect(this.changed, this);
      void this.refresh();
    });
  }

  private changed(): void {
    this.tell();
    void this.refresh();
  }

  private choose(snapshot: string): void {
    const model = this.panel.content.model;
    if (!model || this.isDisposed) {
      return;
    }
    pin(model, snapshot || undefined);
    if (this.panel.content.widgets.some(({ model }) => (model as Partial<ICodeCellModel>).executionCount)) {
      const data = snapshot ? `the data of ${snapshot.slice(0, 10)}` : "the newest data";
      Notification.info(`bf.connect() gives ${data} from now on. Run the cells again to see it.`, { autoClose: 6000 });
    }
  }

  /** Fills the list: latest, what is published, and the pin itself where it is not. */
  private async refresh(): Promise<void> {
    const { snapshot = "" } = siteMetadata(this.panel.content.model);
    const published = await snapshotIds().catch(() => null);
    if (this.isDisposed) {
      return;
    }
    const ids = published ?? [];
    const options = [new Option("latest", ""), ...ids.map((id) => new Option(`${title(id, ids)}, pinned`, id))];
    if (snapshot && !ids.includes(snapshot)) {
      options.push(new Option(`${snapshot}, ${published ? "not published" : "pinned"}`, snapshot));
    }
    this.select.replaceChildren(...options);
    this.select.value = snapshot;
  }
}

/** The date, or where two snapshots have the same one, the whole id. */
function title(id: string, ids: readonly string[]): string {
  const day = id.slice(0, 10);
  return ids.filter((other) => other.startsWith(day)).length > 1 ? id : day;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:data-pin",
  description: "Says and chooses which snapshot a notebook's data comes from.",
  autoStart: true,
  requires: [IToolbarWidgetRegistry],
  activate: (_app: JupyterFrontEnd, toolbars: IToolbarWidgetRegistry) => {
    toolbars.addFactory<NotebookPanel>("Notebook", "data-pin", (panel) => new DataPin(panel));
  },
};
export default plugin;
