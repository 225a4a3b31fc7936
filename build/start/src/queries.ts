/** Tells the page how far a cell's queries are, and stops them when it asks (src/queries of the labextension). */
import type { Progress } from "./open.ts";

/** Milliseconds that a query runs without a word: with the next turn of the engine, about a second. */
const UNNOTICED = 800;
const BETWEEN = 200;

export class Queries {
  private readonly channel = new BroadcastChannel("binance-futures-queries");
  /** What stops the running queries, by the id of the cell's run. */
  private readonly running = new Map<string, Set<AbortController>>();

  constructor() {
    this.channel.onmessage = ({ data: { stop } }: MessageEvent<{ stop?: string }>) => {
      if (stop !== undefined) for (const controller of this.running.get(stop) ?? []) controller.abort();
    };
  }

  /** A query of the cell's run `id` begins; what it is to be told of. */
  begin(id: string, controller: AbortController): { onProgress(progress: Progress): void; onEnd(): void } {
    let told = UNNOTICED;
    if (!this.running.has(id)) this.running.set(id, new Set());
    this.running.get(id)!.add(controller);
    return {
      onProgress: ({ fraction, elapsed, bytes }) => {
        if (elapsed < told + BETWEEN) return;
        told = elapsed;
        this.channel.postMessage({ id, fraction, elapsed, bytes });
      },
      onEnd: () => {
        const left = this.running.get(id);
        left?.delete(controller);
        if (left?.size === 0) this.running.delete(id);
        if (told > UNNOTICED) this.channel.postMessage({ id, ended: true });
      },
    };
  }
}
