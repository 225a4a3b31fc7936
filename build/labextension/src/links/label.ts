/** Draws the output that says of those after it that they came with a link. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";

import { LABEL, LABEL_TYPE } from "./carried";

class Label extends Widget implements IRenderMime.IRenderer {
  constructor() {
    super();
    this.addClass("bf-Carried");
    this.node.textContent = LABEL;
  }

  /** Whatever the output holds, it says the same. */
  renderModel(): Promise<void> {
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
