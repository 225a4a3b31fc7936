/** Fetches a notebook that the page's address names: `?fromURL=…&snapshot=…`. */
import { collect } from "./bytes";
import { cellsOf, kernelOf, LARGEST_CELLS, LinkError } from "./cells";
import { nameOf, SNAPSHOT } from "./codec";

const MOST_BYTES = 2 * LARGEST_CELLS;

/** Where the file itself is: pages of GitHub and of gists lead to their raw files. Raises `LinkError`. */
export function rawAddress(given: string): URL {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw refused(given, "it is no address (https://…)");
  }
  if (url.username || url.password || (url.protocol !== "https:" && url.origin !== globalThis.location?.origin)) {
    throw refused(given, "only addresses that begin with https:// are fetched, without a user's name in them");
  }
  const [, owner, repository, kind, ...path] = url.pathname.split("/");
  if (url.hostname === "github.com" && kind === "blob") {
    return new URL(`https://raw.githubusercontent.com/${owner}/${repository}/${path.join("/")}`);
  }
  if (url.hostname === "gist.github.com" && repository) {
    return new URL(`https://gist.githubusercontent.com/${owner}/${repository}/raw`);
  }
  return url;
}

/** The notebook at an address. Raises `LinkError`. */
export async function fetchNotebook(given: string, snapshot: string | null) {
  if (snapshot !== null && !SNAPSHOT.test(snapshot)) {
    throw refused(given, `${JSON.stringify(snapshot.slice(0, 40))} is no snapshot's id, such as 2026-11-18-3fa9c1`);
  }
  const url = rawAddress(given);
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    throw refused(given, `${url.hostname} did not answer, or does not let other sites read it (CORS)`);
  }
  if (!response.ok) {
    throw refused(given, `${url.hostname} answered HTTP ${response.status}, expected 200`);
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (/html/i.test(type)) {
    throw refused(given, "it is a web page, not a notebook file; use the address of the file itself (“Raw”)");
  }
  let notebook: unknown;
  try {
    const bytes = response.body ? await collect(response.body, MOST_BYTES) : new Uint8Array();
    notebook = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const large = error instanceof RangeError;
    throw refused(given, large ? `it is larger than ${MOST_BYTES.toLocaleString("en")} bytes` : "it is not a notebook file (JSON)");
  }
  const name = nameOf(decoded(url.pathname));
  return { name, cells: cellsOf(notebook), kernel: kernelOf(notebook), from: url.href, ...(snapshot && { snapshot }) };
}

/** A path as it is meant; as it stands where its percent signs mean nothing. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function refused(given: string, why: string): LinkError {
  return new LinkError(`The notebook at ${given.slice(0, 200)} was not opened: ${why}.`);
}
