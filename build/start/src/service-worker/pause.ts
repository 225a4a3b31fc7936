/** When files that nobody waits for may be fetched: not while a page loads or a cell runs, nor for some seconds after. */
export class Pause {
  private until = 0;
  private running = new AbortController();

  /** Stops what is being fetched, and holds the rest back for as many milliseconds. */
  hold(milliseconds: number): void {
    this.until = Math.max(this.until, performance.now() + milliseconds);
    this.running.abort();
    this.running = new AbortController();
  }

  /** Resolves when it is quiet, with what stops a fetch when it no longer is. */
  async quiet(): Promise<AbortSignal> {
    for (let left; (left = this.until - performance.now()) > 0; ) await new Promise((resolve) => setTimeout(resolve, left));
    return this.running.signal;
  }
}
