/** Has the kernel bring data in, pauses it, and says in the page's corner how far it is. */
import type { Asked, Prefetching, Told, Wanted } from "../../../start/src/settings";
import { button } from "../button";
import { kernel } from "./site";

/** What ends sooner is not worth a word. */
const UNNOTICED = 1000;
const KEEPING = "Keeping data for later";
const OUTCOMES: Partial<Record<NonNullable<Prefetching["done"]>, string>> = {
  done: "Data is kept for later.",
  unkept: "Data is here until this page is closed: the browser keeps none.",
};

export class Prefetch {
  /** What is told of it, to the dialog too. */
  onProgress: (progress: Prefetching) => void = () => undefined;
  private readonly heard = new WeakSet<Worker | MessagePort>();
  private readonly status = announcer();
  private line: Line | null = null;
  private last: Wanted | null = null;
  private state: "idle" | "running" | "paused" | "done" | "stopped" = "idle";

  get hasBegun(): boolean {
    return this.state !== "idle";
  }

  /** Goes on where it was paused; begins anew where more is wanted than was brought in. */
  start(wanted: Wanted): void {
    const worker = kernel();
    const more = wanted.list !== this.last?.list || wanted.isAsked !== this.last.isAsked;
    if (!worker || (this.state === "running" && !more) || (this.state === "stopped" && !wanted.isAsked) || (this.state === "done" && !more)) return;
    this.listen(worker);
    if (this.state === "running") this.ask("stop");
    this.line?.end("");
    this.last = wanted;
    this.state = "running";
    this.line = new Line(this.status, () => {
      this.state = "stopped";
      this.ask("stop");
    });
    this.ask(wanted);
  }

  /** Stops what is being fetched; `start` goes on. */
  pause(): void {
    if (this.state !== "running") return;
    this.state = "paused";
    this.ask("stop");
  }

  /** Forgets the data that is kept in this browser. */
  forget(): void {
    this.state = "stopped";
    this.ask("stop");
    this.ask("forget");
  }

  private ask(explorerPrefetch: NonNullable<Asked["explorerPrefetch"]>): void {
    kernel()?.postMessage({ explorerPrefetch } satisfies Asked);
  }

  private listen(worker: Worker | MessagePort): void {
    if (this.heard.has(worker)) return;
    this.heard.add(worker);
    worker.addEventListener("message", (event: Event) => {
      const { data } = event as MessageEvent<Told | null>;
      const told = data?.explorerPrefetching;
      if (!told) return;
      // Of what it took the place of.
      if (told.done === "cancelled" && this.state === "running") return;
      this.onProgress(told);
      if (!told.done) {
        this.line?.show(told);
        return;
      }
      if (this.state === "running") this.state = told.done === "failed" ? "paused" : "done";
      // For a stylesheet or a test that wants to know.
      document.body.dataset.prefetch = this.state === "paused" ? "paused" : told.done;
      this.line?.end(OUTCOMES[told.done] ?? "");
      this.line = null;
    });
  }
}

/** What a screen reader is told: that data comes in, and how that ended. It must be there before its text. */
function announcer(): HTMLElement {
  const status = document.createElement("div");
  status.className = "bf-Prefetch-status";
  status.setAttribute("role", "status");
  document.body.append(status);
  return status;
}

/** A line in the page's corner while data comes in. */
class Line {
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
