/** What a visitor sees while the page starts: over the whole page until JupyterLab is up, then in its corner. */
import type { Step } from "./settings.ts";

/** What each step is called while it lasts, and its share of the time. */
const STEPS: Record<Step, { text: string; share: number }> = {
  notebook: { text: "Loading the notebook", share: 2 },
  python: { text: "Starting Python", share: 3 },
  engine: { text: "Opening the database", share: 1 },
};
/** Milliseconds without a step done after which the connection is likely to blame. */
const SLOW = 20_000;

export class Indicator {
  private readonly element = document.getElementById("explorer-start");
  private readonly left: Set<Step>;
  private slow = 0;

  /** @param onEnd called when all of `steps` are done. */
  constructor(
    private readonly steps: readonly Step[],
    private readonly onEnd: () => void,
  ) {
    this.left = new Set(steps);
    this.show();
  }

  done(step: Step): void {
    if (!this.left.delete(step)) return;
    if (step === "notebook") this.element?.classList.add("aside");
    this.show();
  }

  /** Says that the kernel cannot start, and stays. */
  fail(reason: string): void {
    this.left.clear();
    clearTimeout(this.slow);
    this.element?.classList.add("aside");
    this.say(`Python could not start: ${reason} Check your connection, then reload the page.`, 1);
  }

  private show(): void {
    clearTimeout(this.slow);
    const next = this.steps.find((step) => this.left.has(step));
    if (next === undefined) {
      this.element?.remove();
      this.onEnd();
      return;
    }
    const share = (steps: readonly Step[]) => steps.reduce((sum, step) => sum + STEPS[step].share, 0);
    const fraction = 1 - share([...this.left]) / share(this.steps);
    this.say(`${STEPS[next].text} …`, fraction);
    this.slow = setTimeout(() => this.say(`${STEPS[next].text} … this takes long: is your connection slow?`, fraction), SLOW);
  }

  private say(text: string, fraction: number): void {
    const line = this.element?.querySelector("p");
    if (line) line.textContent = text;
    const bar = this.element?.querySelector("progress");
    // Not quite empty at first: an empty bar looks like nothing happening.
    if (bar) bar.value = 0.05 + 0.95 * fraction;
  }
}
