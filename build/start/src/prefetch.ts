/** In the kernel's worker: brings in what the notebook's snapshot is likely to need, when the page asks for it. */
import type { LateFiles } from "./memory-image.ts";
import type { Asked, Prefetching, Told } from "./settings.ts";

/** What is used here of build/engine. */
export interface Engine {
  prefetch(options: {
    signal: AbortSignal;
    onProgress: (progress: { bytes: number; total: number }) => void;
  }): Promise<{ state: "done" | "cancelled" | "skipped"; bytes: number; total: number }>;
}

function tell(explorerPrefetching: Prefetching): void {
  globalThis.postMessage({ explorerPrefetching } satisfies Told);
}

async function prefetch(engine: Promise<Engine>, signal: AbortSignal): Promise<void> {
  try {
    const { state, bytes, total } = await (await engine).prefetch({ signal, onProgress: tell });
    tell({ bytes, total, done: state });
  } catch {
    // Nobody waits for it: a query that needs the data says what is wrong.
    tell({ bytes: 0, total: 0, done: "failed" });
  }
}

export function prefetchWhenAsked(engine: Promise<Engine>, late: LateFiles): void {
  let running: AbortController | null = null;
  globalThis.addEventListener("message", ({ data }: MessageEvent<Asked | null>) => {
    if (data?.explorerPrefetch === "stop") running?.abort();
    if (data?.explorerPrefetch !== "start" || running) return;
    running = new AbortController();
    void late.bringIn();
    void prefetch(engine, running.signal).finally(() => (running = null));
  });
}
