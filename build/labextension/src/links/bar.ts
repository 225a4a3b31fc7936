/** The bar above a notebook that came from outside: where from, which data, what is different, and Run all. */
import { type NotebookPanel, NotebookActions } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";

import { element } from "../dom";
import { pin, siteMetadata } from "../metadata";
import { nearest, runtime, snapshotIds } from "../site";
import { environmentNote, originText } from "./notes";

/** Puts the bar on `panel` if its notebook came from outside. */
export async function addBar(panel: NotebookPanel): Promise<void> {
  await panel.context.ready;
  if (!panel.isDisposed && siteMetadata(panel.content.model).origin) {
    panel.contentHeader.addWidget(new OriginBar(panel));
  }
}

class OriginBar extends Widget {
  constructor(private readonly panel: NotebookPanel) {
    super();
    this.addClass("bf-OriginBar");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Where this notebook is from");
    panel.content.model?.metadataChanged.connect(() => void this.refresh());
    void this.refresh();
  }

  private async refresh(): Promise<void> {
    const { origin, snapshot } = siteMetadata(this.panel.content.model);
    if (!origin) {
      this.dispose();
      return;
    }
    const [published, here] = await Promise.all([snapshotIds().catch(() => null), runtime().catch(() => null)]);
    if (this.isDisposed) {
      return;
    }
    const missing = Boolean(snapshot && published && !published.includes(snapshot));
    const notes = [
      missing ? `This site no longer publishes that data (${snapshot}). Choose other data to run it on:` : "",
      origin.changed ? "The site has changed this notebook of its own since the link was made; this is today's." : "",
      here ? environmentNote(origin.environment, here) : "",
    ].filter(Boolean);
    const buttons = missing
      ? nearest(snapshot ?? "", published ?? []).map((id) => this.button(`Use ${id.slice(0, 10)}`, () => this.use(id)))
      : [this.button("Run all", () => void this.run(), "jp-mod-accept")];
    const dismiss = this.button("✕", () => this.dispose(), "jp-mod-minimal");
    dismiss.setAttribute("aria-label", "Close this bar");
    this.node.replaceChildren(
      element(
        "div",
        { className: "bf-OriginBar-text" },
        element("p", {}, originText(origin.from, snapshot)),
        ...notes.map((note) => element("p", { className: "bf-mod-note" }, note)),
      ),
      element("div", { className: "bf-OriginBar-buttons" }, ...buttons, dismiss),
    );
  }

  private button(label: string, click: () => void, look = "jp-mod-accept"): HTMLButtonElement {
    const button = element("button", { type: "button", className: `jp-mod-styled ${look}` }, label);
    button.addEventListener("click", click);
    return button;
  }

  private use(snapshot: string): void {
    if (this.panel.content.model) {
      pin(this.panel.content.model, snapshot);
    }
  }

  private async run(): Promise<void> {
    const { content, sessionContext } = this.panel;
    // JupyterLab drops what is run while it attaches a notebook to its kernel.
    await sessionContext.ready;
    await sessionContext.session?.kernel?.info;
    await NotebookActions.runAll(content, sessionContext);
  }
}
