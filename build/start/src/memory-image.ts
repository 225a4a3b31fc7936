/**
 * Python as its start leaves it: memory and files, made when the site is built (site/memory_image.mjs), put in place
 * of a start here. The files that a first result does not need come later: when the page is quiet, or when one is read.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { gunzipSync } from "fflate";
import { unpack } from "../../engine/src/unpack.ts";

/** A file of the image. */
export interface ImageFile {
  url: string;
  /** "sha256-…", as `fetch` takes it. */
  integrity: string;
  /** Bytes on the wire. */
  size: number;
}

/** A node of Emscripten's file system in memory. */
interface Node {
  contents: unknown;
  usedBytes: number;
  node_ops: { mknod(parent: Node, name: string, mode: number, device: number): Node };
}

export interface FS {
  mkdirTree(path: string): void;
  unlink(path: string): void;
  lookupPath(path: string): { node: Node };
  ErrnoError: new (errno: number) => Error;
}

/** What is used here of Pyodide's Emscripten module; names with underscores are the C symbols'. */
interface Module {
  HEAP32: Int32Array;
  HEAPU8: Uint8Array;
  ___timezone: number;
  ___daylight: number;
  ___tzname: number;
  __tzset_js(timezone: number, daylight: number, standard: number, summer: number): void;
  __PyRuntime: number;
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
  API: { public_api: Record<string, unknown>; restoreSnapshot(head: Uint8Array): unknown };
}

export type CreateModule = (settings: Record<string, unknown>) => Promise<Module>;

/** The description at the beginning of an image. */
interface Description {
  /** What Pyodide calls the packages that are there: `loadedPackages`. */
  loaded: Record<string, string>;
  /**
   * A folder's path; a file's path and bytes; with a third value where its bytes are in this image. First the standard
   * library's.
   */
  files: ([string] | [string, number] | [string, number, 1])[];
  /** Bytes of what Pyodide itself writes in front of a snapshot of its memory. */
  head: number;
  /** How many stretches of memory follow, each with its offset and length. */
  stretches: number;
}

/** Errors of Emscripten: EIO. */
const EIO = 29;
const FILE = 0o100666;

async function fetchWhole({ url, integrity }: ImageFile, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(url, { integrity, ...(signal && { signal }) });
  if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}, expected 200.`);
  return response;
}

async function unzip(zipped: Response): Promise<Uint8Array> {
  const unzipped = zipped.body!.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unzipped).arrayBuffer());
}

/** As `fetch` checks it. */
const isWhole = (bytes: Uint8Array, { integrity }: ImageFile) =>
  integrity === `sha256-${btoa(String.fromCharCode(...sha256(bytes)))}`;

/** The files that come later. */
export class LateFiles {
  private bytes: Uint8Array | null = null;
  /** Whether there are such files: not where Python was started anew. */
  private wanted = false;

  constructor(private readonly file: ImageFile) {}

  /**
   * Fetches them quietly; how many bytes that took. Where that fails, they are fetched when one is read.
   *
   * @throws DOMException AbortError when `signal` aborts.
   */
  async bringIn(signal: AbortSignal): Promise<number> {
    if (this.bytes || !this.wanted) return 0;
    const bytes = await fetchWhole(this.file, signal).then(unzip).catch(() => null);
    signal.throwIfAborted();
    this.bytes ??= bytes;
    return this.file.size;
  }

  /** Python reads now, and cannot wait for a promise. */
  private fetchNow(fs: FS): Uint8Array {
    const request = new XMLHttpRequest();
    request.open("GET", this.file.url, false);
    request.responseType = "arraybuffer";
    try {
      request.send();
      const bytes = new Uint8Array(request.response as ArrayBuffer);
      if (request.status === 200 && isWhole(bytes, this.file)) return gunzipSync(bytes);
    } catch {
      // No network: as below.
    }
    console.error(`${this.file.url} could not be fetched whole: Python finds no module that it has not imported yet.`);
    throw new fs.ErrnoError(EIO);
  }

  /** Makes `node` a file of `length` bytes from `offset` on. */
  put(fs: FS, node: Node, offset: number, length: number): void {
    this.wanted = true;
    let written: unknown = null;
    Object.defineProperty(node, "contents", {
      get: () => (written ??= (this.bytes ??= this.fetchNow(fs)).subarray(offset, offset + length)),
      set: (contents) => (written = contents),
    });
    node.usedBytes = length;
  }
}

/** Options of `loadPyodide` with which it takes an image in place of a start. WebAssembly compiles while that comes. */
export function imageOptions(image: Promise<MemoryImage>, create: Promise<{ default: CreateModule }>): object {
  let module: Module;
  return {
    _loadSnapshot: new Uint8Array(4), // stands for the image's head, which `restoreSnapshot` is given
    _snapshotDeserializer({ api }: { api: string | null }) {
      const all = module.API.public_api;
      return api === null ? all : all[api];
    },
    // Its memory is what it has anyway, not of the length of what stands for the image.
    createPyodideModule: async ({ INITIAL_MEMORY, ...settings }: Record<string, unknown>) => {
      module = await (await create).default(settings);
      const [restore, arrived] = [module.API.restoreSnapshot, await image];
      module.API.restoreSnapshot = () => restore(arrived.restore(module));
      return module;
    },
  };
}

export class MemoryImage {
  /** Where in `bytes` the files' begin; known once memory is restored. */
  private files = 0;

  private constructor(
    private readonly description: Description,
    private readonly bytes: Uint8Array,
    /** Where in `bytes` Pyodide's own head begins. */
    private readonly start: number,
  ) {}

  static async fetch(file: ImageFile): Promise<MemoryImage> {
    const content = await unpack(await fetchWhole(file));
    const bytes = new Uint8Array(await new Response(content).arrayBuffer());
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
    return new MemoryImage(JSON.parse(text) as Description, bytes, 4 + length);
  }

  get loaded(): Record<string, string> {
    return this.description.loaded;
  }

  /** Writes the stretches of memory that a start changes over those of a Python that was not started; Pyodide's head. */
  restore(module: Module): Uint8Array {
    const { head, stretches } = this.description;
    // Which way Python calls functions is the browser's: it was found out already, and is not the building machine's.
    const trampoline = (module.__PyRuntime + module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4]!) / 4;
    const found = module.HEAP32[trampoline]!;
    const table = new Uint32Array(this.bytes.buffer, this.start + head, stretches * 2);
    let from = this.start + head + table.byteLength;
    for (let at = 0; at < table.length; at += 2) {
      const length = table[at + 1]!;
      module.HEAPU8.set(this.bytes.subarray(from, from + length), table[at]);
      from += length;
    }
    module.HEAP32[trampoline] = found;
    const zones = module.___tzname / 4;
    module.__tzset_js(module.___timezone, module.___daylight, module.HEAP32[zones]!, module.HEAP32[zones + 1]!);
    this.files = from;
    return this.bytes.subarray(this.start, this.start + head);
  }

  /** Puts every file where it was after the start; the bytes of most are `late`. */
  putFiles(fs: FS, late: LateFiles): void {
    fs.unlink(this.description.files[0]![0]); // Pyodide's own, empty one
    let [early, offset] = [this.files, 0];
    for (const [path, length, isEarly] of this.description.files) {
      if (length === undefined) {
        fs.mkdirTree(path);
        continue;
      }
      const slash = path.lastIndexOf("/");
      const parent = fs.lookupPath(path.slice(0, slash)).node;
      const node = parent.node_ops.mknod(parent, path.slice(slash + 1), FILE, 0);
      if (isEarly) {
        node.contents = this.bytes.slice(early, early + length); // so that the image can be forgotten
        node.usedBytes = length;
        early += length;
      } else {
        late.put(fs, node, offset, length);
        offset += length;
      }
    }
  }
}
