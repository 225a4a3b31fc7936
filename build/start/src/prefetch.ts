/** In the kernel's worker: brings in what the notebook's snapshot is likely to need, when the page asks for it. */
import type { LateFiles } from "./memory-image.ts";
import type { Asked, Prefetching, Told, Wanted } from "./settings.ts";

/** What is used here of build/engine. */
export interface Engine {
  prefetch(options: {
    list: string;
    maxBytes: number;
    isAsked: boolean;
    signal: AbortSignal;
    onProgress: (progress: { bytes: number; total: number }) => void;
  }): Promise<{ state: "done" | "cancelled" | "skipped"; bytes: number; total: number }>;
  clearCache(): Promise<void>;
}

function tell(explorerPrefetching: Prefetching): void {
  globalThis.postMessage({ explorerPrefetching } satisfies Told);
}

/** Python's files first: the next import needs them. What they take is no more there for data. */
async function prefetch(engine: Promise<Engine>, late: LateFiles, { list, maxBytes, isAsked }: Wanted, signal: AbortSignal): Promise<void> {
  try {
    const left = maxBytes - (await late.bringIn(signal));
    const { state, bytes, total } = await (await engine).prefetch({ list, maxBytes: left, isAsked, signal, onProgress: tell });
    tell({ bytes, total, done: state });
  } catch {
    // Nobody waits for it: a query that needs the data says what is wrong.
    tell({ bytes: 0, total: 0, done: signal.aborted ? "cancelled" : "failed" });
  }
}

export function prefetchWhenAsked(engine: Promise<Engine>, late: LateFiles): void {
  let running: AbortController | null = null;
  let next: Wanted | null = null;
  const run = (wanted: Wanted) => {
    running = new AbortController();
    void prefetch(engine, late, wanted, running.signal).finally(() => {
      running = null;
      if (next) run(next);
      next = null;
    });
  };
  globalThis.addEventListener("message", ({ data }: MessageEvent<Asked | null>) => {
    const asked = data?.explorerPrefetch;
    if (asked === "stop") {
      running?.abort();
      next = null;
    }
    if (asked === "forget") void engine.then((opened) => opened.clearCache());
    if (!asked || typeof asked === "string") return;
    // What was stopped takes a moment to end.
    if (running) next = asked;
    else run(asked);
  });
}
