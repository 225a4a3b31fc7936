/** What a visitor sees while the page starts: over the whole page until JupyterLab is up, then in its corner. */
import type { Step } from "./settings.ts";

/** What each step is called while it lasts, and its share of the time. */
const STEPS: Record<Step, { text: string; share: number }> = {
  notebook: { text: "Loading the notebook", share: 2 },
  python: { text: "Starting Python", share: 3 },
  engine: { text: "Opening the database", share: 1 },
};
/** Milliseconds without a step done after which a visitor is told what takes long. */
const SLOW = 20_000;
const LONG = "this takes long: up to 20 MB come with the first visit, and a slow connection needs minutes for them.";

/** Where neither WebAssembly nor a service worker lets Python wait. The front page says the same (content/pages). */
const CANNOT_WAIT =
  "This browser can show this notebook but not run it here: it allows no service worker, as in some private windows. " +
  "A usual window runs it, or a current Chrome, Edge or Firefox.";

export class Indicator {
  private readonly element = document.getElementById("explorer-start");
  private readonly left: Set<Step>;
  private slow = 0;
  private cannot = "";

  /** @param onEnd called when all of `steps` are done. */
  constructor(
    private readonly steps: readonly Step[],
    private readonly onEnd: () => void,
  ) {
    this.left = new Set(steps);
    this.show();
  }

  /** Whether the page can be seen. */
  get isUp(): boolean {
    return !this.left.has("notebook");
  }

  get hasFailed(): boolean {
    return this.element?.isConnected === true && this.element.classList.contains("failed");
  }

  done(step: Step): void {
    if (!this.left.delete(step)) return;
    // It came after all.
    if (step === "notebook") this.element?.classList.remove("failed");
    if (step === "notebook") this.element?.classList.add("aside");
    this.show();
  }

  /** Says what is wrong, and stays: in the page's corner where something can be seen, with a button that reloads. */
  fail(sentence: string): void {
    clearTimeout(this.slow);
    const { element } = this;
    if (!element) return;
    element.classList.toggle("aside", this.isUp);
    element.classList.add("failed");
    document.body.append(element);
    this.say(sentence, 1);
    if (element.querySelector("button")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Reload" });
    button.addEventListener("click", () => location.reload());
    element.append(button);
  }

  /** Says that notebooks can be read and not run, and stays; what is loading is no longer told. */
  cannotWait(): void {
    this.cannot = CANNOT_WAIT;
    this.show();
  }

  private show(): void {
    if (this.cannot) {
      this.element?.classList.add("aside");
      this.element?.querySelector("progress")?.remove();
      this.say(this.cannot, 1);
      return;
    }
    clearTimeout(this.slow);
    if (this.element?.classList.contains("failed")) return;
    const next = this.steps.find((step) => this.left.has(step));
    if (next === undefined) {
      this.element?.remove();
      this.onEnd();
      return;
    }
    const share = (steps: readonly Step[]) => steps.reduce((sum, step) => sum + STEPS[step].share, 0);
    const fraction = 1 - share([...this.left]) / share(this.steps);
    this.say(`${STEPS[next].text} …`, fraction);
    this.slow = setTimeout(() => this.say(`${STEPS[next].text} … ${LONG}`, fraction), SLOW);
  }

  private say(text: string, fraction: number): void {
    const line = this.element?.querySelector("p");
    if (line) line.textContent = text;
    const bar = this.element?.querySelector("progress");
    // Not quite empty at first: an empty bar looks like nothing happening.
    if (bar) bar.value = 0.05 + 0.95 * fraction;
  }
}
