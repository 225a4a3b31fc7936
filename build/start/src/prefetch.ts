/** Brings in what the notebook's snapshot is likely to need, when the page asks for it. */
import type { Engine } from "./open.ts";
import type { Asked, Prefetching, Wanted } from "./settings.ts";

export type AskedPrefetch = NonNullable<Asked["explorerPrefetch"]>;

/**
 * What begins it, one at a time, or stops it.
 *
 * @param first brings in what comes before data, and gives its bytes, which are no more there for data.
 */
export function prefetcher(
  engine: () => Promise<Engine>,
  tell: (prefetching: Prefetching) => void,
  first: (signal: AbortSignal) => Promise<number> = () => Promise.resolve(0),
): (asked: AskedPrefetch) => void {
  let running: AbortController | null = null;
  let next: Wanted | null = null;
  const bringIn = async ({ list, maxBytes, isAsked }: Wanted, signal: AbortSignal) => {
    try {
      const left = maxBytes - (await first(signal));
      const opened = await engine();
      const { state, bytes, total } = await opened.prefetch({ list, maxBytes: left, isAsked, signal, onProgress: tell });
      const { persistent } = await opened.cacheStatus(); // once what came in is kept, or is not
      tell({ bytes, total, done: state === "done" && !persistent ? "unkept" : state });
    } catch {
      // Nobody waits for it: a query that needs the data says what is wrong.
      tell({ bytes: 0, total: 0, done: signal.aborted ? "cancelled" : "failed" });
    }
  };
  const run = (wanted: Wanted) => {
    running = new AbortController();
    void bringIn(wanted, running.signal).finally(() => {
      running = null;
      if (next) run(next);
      next = null;
    });
  };
  return (asked) => {
    if (asked === "stop") {
      running?.abort();
      next = null;
    }
    if (asked === "forget") void engine().then((opened) => opened.clearCache());
    if (typeof asked === "string") return;
    // What was stopped takes a moment to end.
    if (running) next = asked;
    else run(asked);
  };
}
