/**
 * Brings in, after a notebook's first result, the data that it is likely to need: so that the next question is fast and
 * the next visit works without a network. Says so, with a button that stops it.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { NotebookActions } from "@jupyterlab/notebook";

import type { Asked, Prefetching, Told } from "../../../start/src/settings";
import { button } from "../button";
import "./style.css";

/** Milliseconds of quiet after a cell before it begins: Run All leaves no such pause between cells. */
const QUIET = 2000;
/** What ends sooner is not worth a word. */
const UNNOTICED = 1000;

/** A line in the page's corner while data comes in. */
class Progress {
  private readonly element = document.createElement("div");
  private readonly text = document.createElement("span");
  private readonly shown: number;

  constructor(onStop: () => void) {
    this.element.className = "bf-Prefetch";
    this.element.setAttribute("role", "status");
    this.element.append(this.text, button("Stop", onStop));
    this.shown = setTimeout(() => document.body.append(this.element), UNNOTICED);
  }

  show({ bytes, total }: Prefetching): void {
    this.text.textContent = `Keeping data for later: ${Math.floor((100 * bytes) / (total || 1))} %`;
  }

  end(): void {
    clearTimeout(this.shown);
    this.element.remove();
  }
}

function prefetch(kernel: Worker): void {
  const ask = (explorerPrefetch: "start" | "stop") => kernel.postMessage({ explorerPrefetch } satisfies Asked);
  const progress = new Progress(() => ask("stop"));
  kernel.addEventListener("message", ({ data }: MessageEvent<Told | null>) => {
    if (!data?.explorerPrefetching) return;
    const { done } = data.explorerPrefetching;
    // For a stylesheet or a test that wants to know.
    if (done) document.body.dataset.prefetch = done;
    if (done) progress.end();
    else progress.show(data.explorerPrefetching);
  });
  ask("start");
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:offline",
  description: "Brings in likely data after the first result.",
  autoStart: true,
  activate: (_app: JupyterFrontEnd) => {
    const begun = new WeakSet<Worker>();
    let waiting = 0;
    NotebookActions.executionScheduled.connect(() => clearTimeout(waiting));
    NotebookActions.executed.connect((_, { success }) => {
      clearTimeout(waiting);
      const kernel = (window as { explorerKernel?: Worker }).explorerKernel;
      if (!success || !kernel || begun.has(kernel)) return;
      waiting = setTimeout(() => {
        begun.add(kernel);
        prefetch(kernel);
      }, QUIET);
    });
  },
};
export default plugin;
