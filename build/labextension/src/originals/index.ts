/**
 * Keeps a visitor's copy of a starter notebook and offers the site's newer one beside it.
 *
 * JupyterLite saves what was opened in the browser and shows that from then on, also when the site's own has changed.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

import { showAnswers } from "../answers";
import { Notice } from "../notice";
import { isNotebookApp, siteUrl, starter } from "../site";
import { decide, nameBeside, written, type Content } from "./decide";

/** Remembers which of the site's notebooks a copy was made of. Where storage is refused, nothing is kept to outlive it. */
function remember(path: string, base?: string): string | null {
  const key = `explorer-original ${new URL(siteUrl()).pathname}${path}`;
  try {
    if (base !== undefined) localStorage.setItem(key, base);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

async function look(app: JupyterFrontEnd, panel: NotebookPanel): Promise<void> {
  await panel.context.ready;
  const { path } = panel.context;
  const original = (await starter(path.replace(/\.ipynb$/, ""))) as INotebookContent | null;
  if (!original) return;
  const { contents } = app.serviceManager;
  // JupyterLite gives no content where it is not asked for.
  const saved = (await contents.get(path, { content: true })).content as INotebookContent;
  const today = written(original as Content);
  const found = decide(written(saved as Content), today, remember(path));
  const settled = () => remember(path, today);
  if (found === "nothing") {
    settled();
    return;
  }
  // What a link's parameters changed on the page is not overwritten: then it is offered.
  const untouched = panel.model !== null && written(panel.model.toJSON() as unknown as Content) === written(saved as Content);
  if (found === "renew" && untouched) {
    panel.model!.fromJSON(original);
    await showAnswers(panel);
    await panel.context.save();
    settled();
    const text = "This notebook has changed on the site. You had not edited it, so this is the new one.";
    new Notice(text).offer("Close").above(panel);
    return;
  }
  const open = async () => {
    const { content } = await contents.get("", { content: true });
    const name = nameBeside(path, (content as { path: string }[]).map((entry) => entry.path));
    await contents.save(name, { type: "notebook", format: "json", content: original });
    // The notebooks app shows one notebook a tab.
    if (isNotebookApp()) window.open(`${siteUrl()}notebooks/index.html?path=${encodeURIComponent(name)}`);
    else await app.commands.execute("docmanager:open", { path: name });
    settled();
  };
  const text = "This notebook has changed on the site since you made this copy, which stays as it is.";
  const notice = new Notice(text).offer("Open the new one", () => void open()).offer("Keep mine", settled);
  notice.above(panel);
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:originals",
  description: "Offers the site's newer notebook beside a visitor's copy.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, tracker: INotebookTracker) => {
    // Without the site's own there is nothing to offer, and no one waits for it.
    tracker.widgetAdded.connect((_, panel) => void look(app, panel).catch(() => undefined));
  },
};
export default plugin;
