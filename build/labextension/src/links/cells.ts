/** A notebook's cells, as a link carries them: docs/links.md, "The cells". Pure functions. */
import { restore } from "./lines";
import { areOutputs, MOST_OUTPUTS, shown } from "./outputs";
import { type Cell, type CellType, isObject, isPicture, type Json, type OtherKernel, wellFormed } from "./parts";

/** Something that came from outside and cannot be opened. Its message is for the visitor: what, and what to do. */
export class LinkError extends Error {
  override name = "LinkError";
}

export const MOST_CELLS = 1000;
/** Bytes of a link's text, and characters of all sources: more is refused, while it is unpacked. */
export const LARGEST_CELLS = 8_000_000;
const MOST_TAGS = 20;
const LONGEST_NAME = 100;
const LETTERS = { code: "c", markdown: "m", raw: "r" } as const;
const TYPES: Record<string, CellType | undefined> = { c: "code", m: "markdown", r: "raw" };
const EXTRAS = ["tags", "attachments", "outputs"];
/** The canonical JSON text of cells: the same cells give the same text in every implementation. */
export function pack(cells: readonly Cell[], write: (source: string) => unknown = (source) => source): string {
  return wellFormed(
    JSON.stringify(
      cells.map(({ type, source, tags, attachments, outputs }) => {
        const extras = {
          ...(tags?.length && { tags }),
          ...(attachments && { attachments: sorted(attachments) }),
          ...(outputs?.length && { outputs }),
        };
        const cell = [LETTERS[type], write(wellFormed(source))];
        return Object.keys(extras).length ? [...cell, extras] : cell;
      }),
    ),
  );
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  const entries = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, isObject(value) ? sorted(value) : value])) as Record<
    string,
    T
  >;
}

/** The cells in a link's text, whose sources may name known lines by number. Raises `LinkError` where it is anything else. */
export function unpack(text: string): Cell[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw notCells("it is not JSON");
  }
  if (!Array.isArray(found)) {
    throw notCells("it is not a list of cells");
  }
  checkCount(found.length);
  let size = 0;
  return found.map((entry: unknown, index) => {
    const where = `cell ${index + 1}`;
    if (!Array.isArray(entry) || entry.length < 2 || entry.length > 3) {
      throw notCells(`${where} is not a cell`);
    }
    const [letter, carried, extras = {}] = entry as unknown[];
    const source = restore(carried);
    if (source === undefined) {
      throw new LinkError(
        `This link was made by a newer state of this site (${where} names a line that is not known here). Reload the page.`,
      );
    }
    size += source?.length ?? 0;
    if (size > LARGEST_CELLS) {
      throw new LinkError(`This link unpacks to more than ${LARGEST_CELLS.toLocaleString("en")} characters; nothing was opened.`);
    }
    const type = typeof letter === "string" && Object.hasOwn(TYPES, letter) ? TYPES[letter] : undefined;
    if (!type || source === null || !isObject(extras) || source !== wellFormed(source)) {
      throw notCells(`${where} is not a cell`);
    }
    const unknown = Object.keys(extras).find((key) => !EXTRAS.includes(key));
    if (unknown !== undefined) {
      throw notCells(`${where} carries ${JSON.stringify(unknown.slice(0, 40))}, which version 1 does not know`);
    }
    return {
      type,
      source,
      ...checkedTags(extras.tags, where),
      ...checkedAttachments(extras.attachments, type, where),
      ...checkedOutputs(extras.outputs, type, where),
    };
  });
}

/** The cells of a notebook file (nbformat 4). Raises `LinkError` where it is none. Outputs and metadata stay behind. */
export function cellsOf(notebook: unknown): Cell[] {
  if (!isObject(notebook) || notebook.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new LinkError("This is not a Jupyter notebook of format 4 (a JSON file with nbformat 4 and a list of cells).");
  }
  checkCount(notebook.cells.length);
  return notebook.cells.map((cell: unknown, index) => {
    const source: unknown = isObject(cell) ? cell.source : undefined;
    const text = Array.isArray(source) ? source.join("") : source;
    const type = isObject(cell) ? (cell.cell_type as CellType) : undefined;
    if (!isObject(cell) || typeof text !== "string" || !type || !Object.hasOwn(LETTERS, type)) {
      throw new LinkError(`Cell ${index + 1} of this notebook is not one that Jupyter knows; nothing was opened.`);
    }
    const tags = isObject(cell.metadata) && Array.isArray(cell.metadata.tags) ? cell.metadata.tags : [];
    const pictures = type === "markdown" ? picturesOf(cell.attachments) : {};
    return {
      type,
      source: wellFormed(text),
      ...(tags.length && { tags: tags.filter(isName).slice(0, MOST_TAGS) }),
      ...(Object.keys(pictures).length && { attachments: pictures }),
    };
  });
}

const PYTHON = {
  kernelspec: { display_name: "Python (Pyodide)", language: "python", name: "python" },
  language_info: { name: "python" },
};
const OTHERS = {
  sql: {
    kernelspec: { display_name: "SQL (DuckDB)", language: "sql", name: "sql" },
    language_info: { file_extension: ".sql", mimetype: "text/x-sql", name: "sql" },
  },
};

/** The kernel of a notebook file, where it is one of ours other than Python. */
export function kernelOf(notebook: unknown): OtherKernel | undefined {
  const metadata = isObject(notebook) && isObject(notebook.metadata) ? notebook.metadata : {};
  return isObject(metadata.kernelspec) && metadata.kernelspec.name === "sql" ? "sql" : undefined;
}

/** A notebook file with these cells: no outputs but those that came with them, and no metadata but what is given. */
export function notebookOf(cells: readonly Cell[], metadata: object, kernel?: OtherKernel): Json {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      ...(kernel ? OTHERS[kernel] : PYTHON),
      ...metadata,
    },
    cells: cells.map(({ type, source, tags, attachments, outputs }, index) => ({
      id: `cell-${index + 1}`,
      cell_type: type,
      metadata: tags?.length ? { tags } : {},
      source,
      ...(attachments && { attachments }),
      ...(type === "code" && { execution_count: null, outputs: shown(outputs) }),
    })),
  };
}

function checkCount(count: number): void {
  if (count > MOST_CELLS) {
    throw new LinkError(
      `This notebook has ${count.toLocaleString("en")} cells; one with at most ${MOST_CELLS.toLocaleString("en")} can be opened.`,
    );
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_NAME && value === wellFormed(value);
}

function checkedTags(tags: unknown, where: string): { tags?: string[] } {
  if (tags === undefined) {
    return {};
  }
  if (!Array.isArray(tags) || tags.length > MOST_TAGS || !tags.every(isName)) {
    throw notCells(`the tags of ${where} are not at most ${MOST_TAGS} short texts`);
  }
  return { tags };
}

function checkedAttachments(found: unknown, type: CellType, where: string): Pick<Cell, "attachments"> {
  if (found === undefined) {
    return {};
  }
  const pictures = picturesOf(found);
  const whole = isObject(found) && Object.keys(found).length > 0 && count(found) === count(pictures);
  if (!whole || type !== "markdown") {
    throw notCells(`${where} has attachments that are not pictures`);
  }
  return { attachments: pictures };
}

function checkedOutputs(outputs: unknown, type: CellType, where: string): Pick<Cell, "outputs"> {
  if (outputs === undefined) {
    return {};
  }
  if (!areOutputs(outputs) || type !== "code") {
    throw notCells(`the outputs of ${where} are not at most ${MOST_OUTPUTS} texts and pictures of the sizes allowed`);
  }
  return { outputs };
}

function count(attachments: Json): number {
  return Object.values(attachments).reduce<number>((sum, bundle) => sum + Math.max(Object.keys(bundle ?? {}).length, 1), 0);
}

/** Those attachments that are pictures. */
function picturesOf(found: unknown): Record<string, Record<string, string>> {
  const pictures: [string, Record<string, string>][] = [];
  for (const [name, bundle] of Object.entries(isObject(found) ? found : {})) {
    const kept = Object.entries(isObject(bundle) ? bundle : {}).filter(
      ([mime, data]) => typeof data === "string" && isPicture(mime, data),
    );
    if (kept.length && isName(name)) {
      pictures.push([name, Object.fromEntries(kept) as Record<string, string>]);
    }
  }
  return Object.fromEntries(pictures);
}

function notCells(why: string): LinkError {
  return new LinkError(`This link does not hold a notebook: ${why}. It was not made by this site; nothing was opened.`);
}
