/** Arrow IPC streams from the messages that DuckDB-WASM hands out. */

/** End-of-stream: a continuation marker and a zero length (Arrow columnar format, "IPC Streaming Format"). */
const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** One stream, in a buffer of its own, from a schema message and record batch messages. */
export function joinMessages(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = messages.reduce((sum, part) => sum + part.length, END.length);
  const stream = new Uint8Array(length);
  let at = 0;
  for (const part of messages) {
    stream.set(part, at);
    at += part.length;
  }
  stream.set(END, at);
  return stream;
}
