/** Unpacks zstd, a quarter smaller than gzip, which browsers do not know yet: by zstd's own decoder, as WebAssembly. */
import { ZSTDDecoder } from "zstddec";

/** The content of one frame that is whole. */
export async function unpack(frame: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return decoder.decode(new Uint8Array(frame)) as Uint8Array<ArrayBuffer>;
}
