/**
 * The notebook's toolbar puts what has no room behind `…`. It measures its items once, in WebKit before some are drawn, and then
 * lays what has no room over the first cell: it is told to look again when an item turns out wider.
 */
import { type Toolbar } from "@jupyterlab/ui-components";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";

export function fitWhenDrawn(toolbar: Toolbar): void {
  const observer = new ResizeObserver(() => {
    if (isWrapped(toolbar)) MessageLoop.postMessage(toolbar, Widget.Msg.AfterShow);
  });
  for (const item of toolbar.children()) observer.observe(item.node);
  toolbar.disposed.connect(() => observer.disconnect());
}

function isWrapped({ node }: Toolbar): boolean {
  const { bottom } = node.getBoundingClientRect();
  return Array.from(node.children).some((item) => item.getBoundingClientRect().top >= bottom);
}
