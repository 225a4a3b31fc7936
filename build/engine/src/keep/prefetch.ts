/** Brings in, quietly, what the open snapshot is likely to need. */
import type { PrefetchProgress, PrefetchResult } from "../protocol.ts";
import type { Likely } from "./likely.ts";
import { joined, length, type Span } from "./ranges.ts";

/** Small enough that little is lost where a query begins meanwhile. */
const STEP = 256 * 1024;
/** Milliseconds after which a fetch is stopped that is no longer wanted. */
const WATCH = 50;

/** Where it brings things in, and who keeps them. */
export interface Prefetched {
  /** Most likely first, as the list of that name says. */
  likely(list: string): Promise<{ object: Likely; span: Span }[]>;
  save(): Promise<void>;
}

interface NetworkInformation {
  saveData?: boolean;
  type?: string;
  effectiveType?: string;
}

/** Whether the visitor, or the connection, asks for restraint. Where a browser does not tell, it does not. */
export function isMetered(connection: NetworkInformation | undefined): boolean {
  const { saveData, type, effectiveType = "" } = connection ?? {};
  return saveData === true || type === "cellular" || /2g|3g/.test(effectiveType);
}

/**
 * @param idle resolves when no query runs: queries go first.
 * @param quiet aborted when a query begins: what is on its way then is given up, and asked for again.
 * @throws DOMException AbortError never: a stopped prefetch says so in its result.
 */
export async function prefetch(
  objects: Prefetched,
  list: string,
  maxBytes: number,
  isAsked: boolean,
  idle: () => Promise<void>,
  quiet: () => AbortSignal,
  isCancelled: () => boolean,
  onProgress: (progress: PrefetchProgress) => void,
): Promise<PrefetchResult> {
  if (!isAsked && isMetered((navigator as { connection?: NetworkInformation }).connection)) return { state: "skipped", bytes: 0, total: 0 };
  const chosen = new Map<Likely, Span[]>();
  let total = 0;
  for (const { object, span } of await objects.likely(list)) {
    if (total + length([span]) > maxBytes) continue;
    total += length([span]);
    chosen.set(object, [...(chosen.get(object) ?? []), span]);
  }
  // What touches comes as one: fewer requests, and fewer pieces to keep.
  const spans = [...chosen].flatMap(([object, parts]) => joined(parts, 0).map((span) => ({ object, span })));
  total = spans.reduce((sum, { span }) => sum + length([span]), 0);
  let bytes = 0;
  const stop = new AbortController();
  const watch = setInterval(() => isCancelled() && stop.abort(), WATCH);
  try {
    await bringIn();
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearInterval(watch);
  }
  if (isCancelled()) return { state: "cancelled", bytes, total };
  await objects.save(); // "done" says that it is kept
  return { state: "done", bytes, total };

  async function bringIn(): Promise<void> {
    for (const { object, span } of spans) {
      for (let { start } = span; start < span.end; ) {
        await idle();
        if (isCancelled()) return;
        // What fits two steps comes at once; so a small object comes whole, and its sha256 is checked.
        const end = span.end - start <= 2 * STEP ? span.end : start + STEP;
        const signal = AbortSignal.any([stop.signal, quiet()]);
        try {
          await object.fetch({ start, end }, { priority: "low", signal });
        } catch (error) {
          if (!signal.aborted || stop.signal.aborted) throw error;
          continue;
        }
        bytes += end - start;
        void objects.save();
        onProgress({ bytes, total });
        start = end;
      }
    }
  }
}
