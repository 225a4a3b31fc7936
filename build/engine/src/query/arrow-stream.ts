/** Arrow IPC streams from the messages that DuckDB-WASM hands out. */

/** End-of-stream: a continuation marker and a zero length (Arrow columnar format, "IPC Streaming Format"). */
const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** One stream, in a buffer of its own, from a schema message and record batch messages; `tail` is put behind its end. */
export function joinMessages(messages: readonly Uint8Array[], tail?: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [...messages, ...(messages.length > 0 ? [END] : []), ...(tail ? [tail] : [])];
  const stream = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    stream.set(part, at);
    at += part.length;
  }
  return stream;
}
