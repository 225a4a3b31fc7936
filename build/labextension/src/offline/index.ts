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

const KEEPING = "Keeping data for later";

/** What a screen reader is told: that data comes in, and how that ended. It must be there before its text. */
function announcer(): HTMLElement {
  const status = document.createElement("div");
  status.className = "bf-Prefetch-status";
  status.setAttribute("role", "status");
  document.body.append(status);
  return status;
}

/** A line in the page's corner while data comes in. */
class Progress {
  private readonly element = document.createElement("div");
  private readonly text = document.createElement("span");
  private readonly shown: number;

  constructor(
    private readonly status: HTMLElement,
    onStop: () => void,
  ) {
    this.element.className = "bf-Prefetch";
    this.text.textContent = KEEPING;
    const stop = () => {
      onStop();
      this.end("Stopped.");
    };
    this.element.append(this.text, button("Stop", stop));
    this.shown = setTimeout(() => {
      document.body.append(this.element);
      this.status.textContent = `${KEEPING}.`;
    }, UNNOTICED);
  }

  show({ bytes, total }: Prefetching): void {
    this.text.textContent = `${KEEPING}: ${Math.floor((100 * bytes) / (total || 1))} %`;
  }

  /** @param outcome told where the line has been seen. */
  end(outcome: string): void {
    clearTimeout(this.shown);
    if (this.element.isConnected) this.status.textContent = outcome;
    this.element.remove();
  }
}

function prefetch(kernel: Worker, status: HTMLElement): void {
  const ask = (explorerPrefetch: "start" | "stop") => kernel.postMessage({ explorerPrefetch } satisfies Asked);
  const progress = new Progress(status, () => ask("stop"));
  kernel.addEventListener("message", ({ data }: MessageEvent<Told | null>) => {
    if (!data?.explorerPrefetching) return;
    const { done } = data.explorerPrefetching;
    // For a stylesheet or a test that wants to know.
    if (done) document.body.dataset.prefetch = done;
    if (done) progress.end(done === "done" ? "Data is kept for later." : "");
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
    const status = announcer();
    let waiting = 0;
    NotebookActions.executionScheduled.connect(() => clearTimeout(waiting));
    NotebookActions.executed.connect((_, { success }) => {
      clearTimeout(waiting);
      const kernel = (window as { explorerKernel?: Worker }).explorerKernel;
      if (!success || !kernel || begun.has(kernel)) return;
      waiting = setTimeout(() => {
        begun.add(kernel);
        prefetch(kernel, status);
      }, QUIET);
    });
  },
};
export default plugin;
