/** A build of the site, and what a server may have in its place. */

/** `static/build.json`: every file of a build but those that change between builds (FRESH in main.ts). */
export interface Build {
  id: string;
  /** By path from the site's base. */
  files: Record<string, string>;
  /** Bytes of each on the wire, in the same order. */
  sizes: number[];
  /** Those that only a start without the memory image asks for: they are not kept ahead. */
  spare: string[];
  /** By the path of what has another form: the packed one's. */
  packed: Record<string, string>;
}

/** The server answered with something else than the build's file. */
export class NotOfBuild extends Error {
  /**
   * @param found the last good answer, and its sha256; null where there was none.
   */
  constructor(
    readonly path: string,
    readonly found: { response: Response; sha256: string } | null,
  ) {
    super(`${path} is not the file that this page was built with.`);
  }
}
