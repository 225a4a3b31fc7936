/** An extension that is here before LOAD wants it, which asks for it and compiles it in the middle of its work. */

export interface Fetched {
  url: string;
  bytes: ArrayBuffer;
  module: WebAssembly.Module;
}

/** Downloads and compiles an extension; null where that fails: LOAD then tries, and says why. */
export async function fetchExtension(url: string): Promise<Fetched | null> {
  try {
    const response = await fetch(url);
    if (!response.ok) return null;
    const bytes = await response.arrayBuffer();
    return { url, bytes, module: await WebAssembly.compile(bytes) };
  } catch {
    return null;
  }
}

/**
 * Runs `load`, which finds the extension's bytes where it asks for them, and its code where it compiles just these.
 *
 * DuckDB checks the signature of what it gets, as ever: another file's code is never taken for it.
 */
export function loading<T>(extension: Fetched | null, load: () => T): T {
  if (!extension) return load();
  const { XMLHttpRequest: Request } = globalThis;
  const { Module, validate } = WebAssembly;
  const Compiled = function (given: BufferSource) {
    return isSame(given, extension.bytes) ? extension.module : new Module(given);
  } as unknown as typeof Module;
  Object.setPrototypeOf(Compiled, Module);
  Compiled.prototype = Module.prototype;
  try {
    globalThis.XMLHttpRequest = answering(Request, extension);
    WebAssembly.Module = Compiled;
    WebAssembly.validate = (given) => given === extension.bytes || validate(given);
    return load();
  } finally {
    globalThis.XMLHttpRequest = Request;
    Object.assign(WebAssembly, { Module, validate });
  }
}

/** Requests as ever, but for the extension's address, of which the answer is here. */
function answering(Request: typeof XMLHttpRequest, { url, bytes }: Fetched): typeof XMLHttpRequest {
  return class extends Request {
    private isHere = false;

    override open(method: string, address: string | URL): void {
      this.isHere = String(address) === url;
      if (!this.isHere) super.open(method, address, false); // in the middle of LOAD nothing can wait
    }

    override send(body?: XMLHttpRequestBodyInit | null): void {
      if (!this.isHere) super.send(body);
    }

    override get status(): number {
      return this.isHere ? 200 : super.status;
    }

    override get response(): unknown {
      return this.isHere ? bytes : super.response;
    }
  };
}

function isSame(given: BufferSource, bytes: ArrayBuffer): boolean {
  if (given.byteLength !== bytes.byteLength) return false;
  // A copy begins where whole words do.
  const copy = ArrayBuffer.isView(given) ? given.buffer.slice(given.byteOffset, given.byteOffset + given.byteLength) : given;
  const words = bytes.byteLength >> 2;
  const [one, other] = [new Uint32Array(copy, 0, words), new Uint32Array(bytes, 0, words)];
  for (let i = 0; i < words; i++) if (one[i] !== other[i]) return false;
  const [end, otherEnd] = [new Uint8Array(copy, words * 4), new Uint8Array(bytes, words * 4)];
  return end.every((byte, i) => byte === otherEnd[i]);
}
