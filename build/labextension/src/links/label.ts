/** Draws the output that says of those after it that they were not computed here: they came with a link, or with the site. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";

import { labelOf } from "../answers/answers";
import { LABEL, LABEL_TYPE } from "./carried";

class Label extends Widget implements IRenderMime.IRenderer {
  constructor() {
    super();
    this.addClass("bf-Carried");
    this.node.textContent = LABEL;
  }

  /** One of two sentences, whatever the output holds. */
  renderModel({ data }: IRenderMime.IMimeModel): Promise<void> {
    const { snapshot, synthetic } = (data[LABEL_TYPE] ?? {}) as { snapshot?: unknown; synthetic?: unknown };
    if (typeof snapshot === "string" && /^\d{4}-\d\d-\d\d-[0-9a-f]{6}$/.test(snapshot)) {
      this.node.textContent = labelOf({ snapshot, synthetic: typeof synthetic === "boolean" ? synthetic : null });
    }
    return Promise.resolve();
  }
}

export const labelFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [LABEL_TYPE],
  // Before its text, which is for a Jupyter without this extension.
  defaultRank: 0,
  createRenderer: () => new Label(),
};
