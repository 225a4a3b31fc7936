/**
 * What a starter answered when the site was built has its charts drawn when they are about to be seen: drawing all of them at
 * once keeps the page from its visitor while it starts, for half a second.
 */
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { Widget } from "@lumino/widgets";

/** A chart's MIME type. */
export const VEGA_LITE = /^application\/vnd\.vegalite\.v\d+\+json$/;
/** In the metadata of such an output. */
export const WHEN_SEEN = "explorer_when_seen";

/** Resolves when `renderer` is in its notebook's window, or less than one window away. Until then it is `height` pixels tall. */
export function nearlySeen(renderer: Widget, panel: NotebookPanel, height: number): Promise<void> {
  const { node } = renderer;
  node.style.minHeight = `${height}px`;
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        node.style.minHeight = "";
        resolve();
      },
      { root: panel.content.node.querySelector(".jp-WindowedPanel-outer"), rootMargin: "100% 0px" },
    );
    observer.observe(node);
    renderer.disposed.connect(() => observer.disconnect());
  });
}
