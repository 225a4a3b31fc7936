/** A link's fragment, version 1, as docs/links.md specifies it. Pure functions. */
import { deflate, digest, fromBase64Url, inflate, toBase64Url, toHex } from "./bytes";
import { LARGEST_CELLS, LinkError, pack, unpack } from "./cells";
import { shorten } from "./lines";
import { candidates, isLink } from "./mend";
import type { Cell, OtherKernel } from "./parts";

export const VERSION = "1";
/** Characters of a fragment: more is refused before anything is unpacked. */
export const LONGEST_FRAGMENT = 2_000_000;
const CHECK_BYTES = 6;

/** The kernel's packages: a hash of its lock, and the two versions that matter most. */
export interface Environment {
  id: string;
  python: string;
  duckdb: string;
}

export interface Link {
  /** What the notebook is called, without `.ipynb`. */
  name: string;
  /** The notebook's cells; or, of a notebook that the site has under that name, their hash. */
  cells: Cell[] | { same: string };
  /** The snapshot's id; absent: the newest. */
  snapshot?: string;
  environment?: Environment;
  /** Absent: Python. */
  kernel?: OtherKernel;
}

export const SNAPSHOT = /^\d{4}-\d{2}-\d{2}-[0-9a-f]{6}$/;
const ENVIRONMENT = /^([0-9a-f]{12}),([\w.+-]{1,20}),([\w.+-]{1,20})$/;
const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ ()+,.-]{0,79}$/u;

/** A name that can be a file's, from what a notebook is called. */
export function nameOf(path: string): string {
  const stem = path.slice(path.lastIndexOf("/") + 1).replace(/\.ipynb$/, "");
  const name = stem
    .replace(/-shared(-\d+)?$/, "")
    .replace(/[^\p{L}\p{M}\p{N}_ ()+,.-]/gu, "-")
    .replace(/^[^\p{L}\p{N}_]+/u, "");
  return [...name].slice(0, 80).join("").replace(/\.+$/, "") || "notebook";
}

/** The hash by which cells are known that are not at hand, with a pin or without: 12 hexadecimal digits. */
export async function hashOf(cells: readonly Cell[], snapshot = ""): Promise<string> {
  return toHex(await digest(new TextEncoder().encode(pack(cells) + snapshot), CHECK_BYTES));
}

/** The fragment, without `#`. */
export async function encode(link: Link): Promise<string> {
  const fields = [`v=${VERSION}`, `name=${encodeURIComponent(link.name)}`];
  if (link.snapshot) {
    fields.push(`snapshot=${link.snapshot}`);
  }
  if (link.environment) {
    const { id, python, duckdb } = link.environment;
    fields.push(`env=${id},${python},${duckdb}`);
  }
  if (link.kernel) {
    fields.push(`kernel=${link.kernel}`);
  }
  if (Array.isArray(link.cells)) {
    const bytes = new TextEncoder().encode(pack(link.cells, shorten));
    const check = await digest(bytes, CHECK_BYTES);
    const packed = await deflate(bytes);
    const payload = new Uint8Array(CHECK_BYTES + packed.length);
    payload.set(check);
    payload.set(packed, CHECK_BYTES);
    fields.push(`nb=${toBase64Url(payload)}`);
  } else {
    fields.push(`same=${link.cells.same}`);
  }
  return fields.join("&");
}

/**
 * What a fragment (without `#`) holds, also as mail and chat leave it: what was changed on its way is taken back where the link then is
 * what its own check says. Null where it is no link at all. Raises `LinkError`, and nothing else.
 */
export async function decode(fragment: string): Promise<Link | null> {
  checkLength(fragment);
  if (!isLink(fragment)) {
    return null;
  }
  let first: unknown;
  for (const candidate of candidates(fragment)) {
    try {
      return await decodeExact(candidate);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function checkLength(fragment: string): void {
  if (fragment.length > LONGEST_FRAGMENT) {
    throw new LinkError(`This link is too long: ${amount(fragment.length)} of at most ${amount(LONGEST_FRAGMENT)} characters.`);
  }
}

async function decodeExact(fragment: string): Promise<Link> {
  const fields = fieldsOf(fragment);
  const version = fields.get("v");
  if (version !== VERSION) {
    const said = JSON.stringify((version ?? "").slice(0, 20));
    throw new LinkError(
      `This link is of version ${said}; this site reads version ${VERSION}. Reload the page to get its newest state, or ask ` +
        "for the link again.",
    );
  }
  const name = fields.get("name") ?? "";
  if (!NAME.test(name) || name.endsWith(".")) {
    throw new LinkError(`This link's notebook has a name that is no file name: ${JSON.stringify(name.slice(0, 60))}. Nothing was opened.`);
  }
  const snapshot = fields.get("snapshot");
  if (snapshot !== undefined && !SNAPSHOT.test(snapshot)) {
    throw damaged("its snapshot is no snapshot's id");
  }
  const env = fields.get("env");
  const [, id, python, duckdb] = ENVIRONMENT.exec(env ?? "") ?? [];
  if (env !== undefined && id === undefined) {
    throw damaged("its environment cannot be read");
  }
  const kernel = fields.get("kernel");
  if (kernel !== undefined && kernel !== "sql") {
    throw new LinkError(`This link's notebook is for the kernel ${JSON.stringify(kernel.slice(0, 20))}, which this site does not have. Nothing was opened.`);
  }
  return {
    name,
    cells: await cellsIn(fields),
    ...(kernel && { kernel }),
    ...(snapshot && { snapshot }),
    ...(id && python && duckdb && { environment: { id, python, duckdb } }),
  };
}

function fieldsOf(fragment: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of fragment.split("&")) {
    const at = field.indexOf("=");
    const key = at < 0 ? field : field.slice(0, at);
    if (fields.has(key)) {
      throw damaged(`it says ${JSON.stringify(key.slice(0, 20))} twice`);
    }
    try {
      fields.set(key, at < 0 ? "" : decodeURIComponent(field.slice(at + 1)));
    } catch {
      throw damaged("it is not valid UTF-8");
    }
  }
  return fields;
}

async function cellsIn(fields: Map<string, string>): Promise<Link["cells"]> {
  const payload = fields.get("nb");
  const same = fields.get("same");
  if ((payload === undefined) === (same === undefined)) {
    throw damaged("the notebook is missing");
  }
  if (same !== undefined) {
    if (!/^[0-9a-f]{12}$/.test(same)) {
      throw damaged("the notebook's hash cannot be read");
    }
    return { same };
  }
  let bytes: Uint8Array<ArrayBuffer>;
  let check: Uint8Array;
  try {
    const packed = fromBase64Url(payload ?? "");
    check = packed.subarray(0, CHECK_BYTES);
    bytes = await inflate(packed.slice(CHECK_BYTES), LARGEST_CELLS);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new LinkError(`This link unpacks to more than ${amount(LARGEST_CELLS)} bytes; nothing was opened.`);
    }
    throw damaged("the notebook in it cannot be unpacked");
  }
  if (toHex(check) !== toHex(await digest(bytes, CHECK_BYTES))) {
    throw damaged("the notebook in it is not the one that was sent");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged("its text is not valid UTF-8");
  }
  return unpack(text);
}

function damaged(why: string): LinkError {
  return new LinkError(
    `This link is cut off or damaged: ${why}. Chat programs and e-mail sometimes cut or change long links: ask the sender for it ` +
      "again, in a text file or as the notebook file. Nothing was opened.",
  );
}

function amount(count: number): string {
  return count.toLocaleString("en");
}
