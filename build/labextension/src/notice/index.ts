import type { NotebookPanel } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";

import { button } from "../button";
import "./style.css";

/** A line above a notebook: what happened, and buttons for what one can do about it. */
export class Notice extends Widget {
  private readonly inner = document.createElement("div");

  constructor(text: string) {
    super();
    this.addClass("bf-Notice");
    this.inner.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = text;
    this.inner.append(words);
    this.node.append(this.inner);
  }

  /** Adds a button; a click acts and closes the notice. */
  offer(label: string, act: () => void = () => undefined): this {
    const click = () => {
      act();
      this.dispose();
    };
    this.inner.append(button(label, click));
    return this;
  }

  /** Shows it. The notebooks app disposes of a panel that it opens in a tab of its own: then there is nothing to say. */
  above(panel: NotebookPanel): void {
    if (panel.isDisposed) this.dispose();
    else panel.contentHeader.insertWidget(0, this);
  }

  protected override onAfterAttach(): void {
    this.sizes.observe(this.inner);
  }

  protected override onBeforeDetach(): void {
    this.sizes.disconnect();
  }

  // A Lumino box gives a widget its least height, which nothing tells it but a style.
  private readonly sizes = new ResizeObserver(() => {
    this.node.style.minHeight = `${this.inner.offsetHeight}px`;
    for (let above = this.parent; above; above = above.parent) above.fit();
  });
}
