/** Names and roles that JupyterLab and Vega leave out and a screen reader needs. axe-core's rule stands beside each. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker } from "@jupyterlab/notebook";

/** What to look for, and the attributes that it gets; null removes one. */
const MENDS: [selector: string, attributes: Record<string, string | null>][] = [
  // aria-required-children: the list of cells is a feed, and a feed consists of articles.
  [".jp-Cell:not([role])", { role: "article" }],
  // aria-input-field-name
  [".jp-CodeCell .cm-content:not([aria-label])", { "aria-label": "Code" }],
  [".jp-MarkdownCell .cm-content:not([aria-label])", { "aria-label": "Text in Markdown" }],
  [".jp-RawCell .cm-content:not([aria-label])", { "aria-label": "Text" }],
  // button-name
  [".jp-collapseHeadingButton:not([aria-label])", { "aria-label": "Fold or unfold this section" }],
  // summary-name
  [".vega-embed summary:not([aria-label])", { "aria-label": "Save or inspect this chart" }],
  // aria-allowed-attr: the element around the real button has no role that could be pressed.
  ["jp-button[aria-pressed]", { "aria-pressed": null }],
];

export function mend(root: Element): void {
  for (const [selector, attributes] of MENDS) {
    for (const element of root.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
      }
    }
  }
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:accessible",
  description: "Names what a screen reader meets in a notebook.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker) => {
    // tabindex: a link that jumps to the content comes first because it is first.
    const inOrder = () => document.querySelectorAll("a.skip-link").forEach((link) => link.setAttribute("tabindex", "0"));
    void app.restored.then(inOrder);
    tracker.widgetAdded.connect((_tracker, panel) => {
      // Cells, their editors and their outputs come and go: once a frame in which something did.
      let asked = false;
      const observer = new MutationObserver(() => {
        if (asked) return;
        asked = true;
        requestAnimationFrame(() => {
          asked = false;
          mend(panel.node);
        });
      });
      observer.observe(panel.node, { childList: true, subtree: true });
      panel.disposed.connect(() => observer.disconnect());
    });
  },
};
export default plugin;
