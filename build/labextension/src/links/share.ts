/** The link to a notebook as it is now. */
import * as site from "../site";
import { cellsOf, kernelOf, LinkError, pack } from "./cells";
import { encode, hashOf, LONGEST_FRAGMENT, nameOf } from "./codec";
import { withOutputs } from "./outputs";

/** What the link is to carry beside the code: "none" is what one gets who does not ask. */
export type Outputs = "none" | "texts" | "pictures";

export interface Shared {
  url: string;
  /** The snapshot that the link pins. */
  snapshot: string;
  environment: site.Runtime;
  /** How many cells the link carries; 0 where the site itself has the notebook. */
  cells: number;
  /** The notebook's outputs that a link can carry as texts, and as pictures, and those that it cannot. */
  outputs: { texts: number; pictures: number; left: number };
}

/** The link to `notebook` (a parsed notebook file, of the file name `path`), pinned to its snapshot or else the newest. */
export async function share(
  notebook: unknown,
  path: string,
  pinned: string | undefined,
  wanted: Outputs = "none",
): Promise<Shared> {
  const bare = cellsOf(notebook);
  const { cells: full, ...outputs } = withOutputs(bare, notebook, wanted === "pictures");
  const cells = wanted === "none" ? bare : full;
  const name = nameOf(path);
  const [environment, ids, own] = await Promise.all([site.runtime(), site.snapshotIds(), site.starter(name)]);
  const snapshot = pinned ?? ids[0];
  if (!snapshot) {
    throw new LinkError("This site has no snapshot to pin.");
  }
  const same = own !== null && pack(cellsOf(own)) === pack(cells);
  const fragment = await encode({
    name,
    cells: same ? { same: await hashOf(cells) } : cells,
    snapshot,
    environment: { id: environment.environment, python: environment.python, duckdb: environment.duckdb },
    ...(kernelOf(notebook) && { kernel: kernelOf(notebook)! }),
  });
  if (fragment.length > LONGEST_FRAGMENT) {
    throw new LinkError(
      `This notebook is too large for a link: it would have ${fragment.length.toLocaleString("en")} characters, and browsers ` +
        `open at most ${LONGEST_FRAGMENT.toLocaleString("en")}. Leave its outputs out, take pictures out of its text, or share the file.`,
    );
  }
  return { url: `${site.siteUrl()}notebooks/#${fragment}`, snapshot, environment, cells: same ? 0 : cells.length, outputs };
}

/** The Markdown of a badge that leads to `url`. */
export function badge(url: string): string {
  return `[![Open in the explorer](${site.siteUrl()}badge.svg)](${url})`;
}
