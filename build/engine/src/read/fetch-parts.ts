/** Brings in parts of objects, several at a time. */
import { joined, type Span } from "../keep/ranges.ts";
import type { RemoteObject } from "./remote-object.ts";

/** Requests at a time; a browser has six to a server that speaks HTTP/1.1. */
const AT_ONCE = 6;
/** Bytes of one request: so many show progress, and several come side by side. */
const MOST = 2 ** 20;

/**
 * @throws ReadError when a part could not be read; the signal's reason.
 */
export async function fetchParts(parts: readonly { object: RemoteObject; span: Span }[], signal: AbortSignal): Promise<void> {
  const byObject = new Map<RemoteObject, Span[]>();
  for (const { object, span } of parts) byObject.set(object, [...(byObject.get(object) ?? []), span]);
  const asks = [...byObject].flatMap(([object, spans]) =>
    joined(spans, 0)
      .flatMap((span) => object.ranges.missing(span))
      .flatMap((span) => cut(span, object))
      .map((span) => ({ object, span })),
  );
  let next = 0;
  const work = async () => {
    for (let ask = asks[next++]; ask; ask = asks[next++]) await ask.object.fetch(ask.span, { signal });
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, asks.length) }, work));
}

/** A whole object comes at once, so that its hash is checked. */
function cut({ start, end }: Span, { address }: RemoteObject): Span[] {
  const count = start === 0 && end === address.size && end <= 2 * MOST ? 1 : Math.ceil((end - start) / MOST);
  const size = Math.ceil((end - start) / count);
  return Array.from({ length: count }, (_, i) => ({ start: start + i * size, end: Math.min(end, start + (i + 1) * size) }));
}
