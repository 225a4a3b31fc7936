/** What to do about a visitor's copy of a starter notebook when the site's own has changed. */

interface Cell {
  cell_type: string;
  source: string | string[];
}
export interface Content {
  cells: Cell[];
}

/** What a person wrote of a notebook: outputs, counts and ids do not make a copy their own. */
export function written({ cells }: Content): string {
  return JSON.stringify(
    cells.map(({ cell_type, source }) => [cell_type, (Array.isArray(source) ? source.join("") : source).trimEnd()]),
  );
}

/**
 * @param saved the visitor's copy as saved, and `original` the site's notebook of today: both as `written`.
 * @param base the site's notebook that the copy was made of, where that is known.
 * @returns `nothing`; `renew`: the copy is the older original, unchanged; `offer`: both were changed.
 */
export function decide(saved: string, original: string, base: string | null): "nothing" | "renew" | "offer" {
  if (saved === original || base === null || base === original) return "nothing";
  return saved === base ? "renew" : "offer";
}

/** A name beside `path` that none of `taken` has: `quickstart-new.ipynb`, `quickstart-new-2.ipynb`, … */
export function nameBeside(path: string, taken: readonly string[]): string {
  const stem = path.replace(/\.ipynb$/, "");
  for (let count = 1; ; count++) {
    const name = `${stem}-new${count === 1 ? "" : `-${count}`}.ipynb`;
    if (!taken.includes(name)) return name;
  }
}
