/** Brings in, quietly, what the open snapshot is likely to need. */
import type { PrefetchProgress, PrefetchResult } from "./protocol.ts";
import type { Objects } from "./objects.ts";

/** Small enough that a query which begins meanwhile waits for one only briefly. */
const STEP = 256 * 1024;

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
 * @throws DOMException AbortError never: a stopped prefetch says so in its result.
 */
export async function prefetch(
  objects: Objects,
  maxBytes: number,
  idle: () => Promise<void>,
  isCancelled: () => boolean,
  onProgress: (progress: PrefetchProgress) => void,
): Promise<PrefetchResult> {
  if (isMetered((navigator as { connection?: NetworkInformation }).connection)) return { state: "skipped", bytes: 0, total: 0 };
  let total = 0;
  const chosen = (await objects.likely()).filter(({ span }) => {
    const size = span.end - span.start;
    if (total + size > maxBytes) return false;
    total += size;
    return true;
  });
  let bytes = 0;
  for (const { object, span } of chosen) {
    for (let { start } = span; start < span.end; ) {
      await idle();
      if (isCancelled()) return { state: "cancelled", bytes, total };
      // What fits two steps comes at once; so a small object comes whole, and its sha256 is checked.
      const end = span.end - start <= 2 * STEP ? span.end : start + STEP;
      await object.fetch({ start, end }, { priority: "low" });
      bytes += end - start;
      void objects.save();
      onProgress({ bytes, total });
      start = end;
    }
  }
  await objects.save(); // "done" says that it is kept
  return { state: "done", bytes, total };
}
