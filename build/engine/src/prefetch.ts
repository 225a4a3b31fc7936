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
  const chosen: typeof objects.likely = [];
  let total = 0;
  for (const object of objects.likely) {
    if (total + object.address.size > maxBytes) continue;
    total += object.address.size;
    chosen.push(object);
  }
  let bytes = 0;
  for (const object of chosen) {
    const { size } = object.address;
    for (let start = 0; start < size; start += STEP) {
      await idle();
      if (isCancelled()) return { state: "cancelled", bytes, total };
      const end = Math.min(start + STEP, size);
      // What fits two steps comes whole, so that its sha256 is checked.
      const span = size <= 2 * STEP ? object.whole : { start, end };
      await object.fetch(span, { priority: "low" });
      bytes += span.end - span.start;
      void objects.save();
      onProgress({ bytes, total });
      if (span.end === size) break;
    }
  }
  await objects.save(); // "done" says that it is kept
  return { state: "done", bytes, total };
}
