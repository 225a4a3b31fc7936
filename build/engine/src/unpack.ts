/**
 * What the build packed (site/packed.py): WebAssembly and memory, by zstd a quarter smaller than by gzip. No browser unpacks
 * that by itself yet. In frames of some megabytes, each unpacked while the next is on its way.
 */
import { ZSTDDecoder } from "zstddec";

/** Begins a frame that zstd skips: of the lengths of those that follow, packed and unpacked. */
const LENGTHS = 0x184d2a50;

type Bytes = Uint8Array<ArrayBuffer>;

/** Gives so many of the bytes that come next. */
function taker(response: Response): (length: number) => Promise<Bytes> {
  const reader = response.body!.getReader();
  let [came, at] = [new Uint8Array(), 0];
  return async (length) => {
    const taken = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (at === came.length) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`${response.url} ends too early.`);
        [came, at] = [value, 0];
      }
      const part = came.subarray(at, at + length - filled);
      taken.set(part, filled);
      filled += part.length;
      at += part.length;
    }
    return taken;
  };
}

/**
 * The unpacked content of a response, as it comes.
 *
 * @throws Error where it is not what the build packed, or the decoder may not run: a Content-Security-Policy can refuse the
 *   `data:` address that it comes from.
 * @param onError told why reading it fails, where it is damaged or cut off: who compiles it does not say.
 */
export async function unpack(response: Response, onError?: (error: unknown) => void): Promise<ReadableStream<Bytes>> {
  const decoder = new ZSTDDecoder();
  const ready = decoder.init();
  ready.catch(() => undefined); // awaited below
  const take = taker(response);
  const head = new DataView((await take(8)).buffer);
  if (head.getUint32(0, true) !== LENGTHS) throw new Error(`${response.url} is not what the site's build packed.`);
  const lengths = new Uint32Array((await take(head.getUint32(4, true))).buffer);
  await ready;
  let at = 0;
  const frame = async () => {
    const [packed, whole] = [lengths[at++]!, lengths[at++]!];
    const unpacked = decoder.decode(await take(packed), whole) as Bytes;
    // Each has a checksum: of a damaged one nothing comes.
    if (unpacked.length !== whole) throw new Error(`${response.url} is damaged.`);
    return unpacked;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        controller.enqueue(await frame());
      } catch (error) {
        onError?.(error);
        throw error;
      }
      if (at === lengths.length) controller.close();
    },
  });
}

/**
 * Packed WebAssembly as browsers compile it while it comes, whatever type the server gives it.
 *
 * @param onError as of `unpack`.
 * @throws Error as `unpack`, and where the server does not give it.
 */
export async function fetchPacked(wasm: string, onError?: (error: unknown) => void): Promise<Response> {
  const response = await fetch(wasm.replace(/\.wasm$/, ".bin"));
  if (!response.ok) throw new Error(`${response.url} answered HTTP ${response.status}, expected 200`);
  return new Response(await unpack(response, onError), { headers: { "Content-Type": "application/wasm" } });
}
