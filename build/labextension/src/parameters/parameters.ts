/**
 * Parameters in a link's fragment, `#symbol=SOLUSDT&price_days=30`: read, checked against what the notebook declares, and
 * written into its parameters cell as literals. They are data: nothing here, and nothing in a link, is ever evaluated.
 *
 * A notebook declares them in the metadata of its cell tagged `parameters`: `binance_futures.parameters` maps each name to a small
 * part of JSON Schema. A string has a `pattern` or the format `date`; a number has a `minimum` and a `maximum`.
 */
import { plain, withoutBehind } from "../links/mend";
import { symbolOf } from "./symbol";

export interface Declared {
  type: "string" | "integer" | "number";
  /** What is expected, in words that end a sentence: "a symbol such as BTCUSDT". */
  description: string;
  /** A symbol is also taken as other tools spell it. */
  format?: "date" | "symbol";
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

export type Declarations = Record<string, Declared>;

/** How a notebook's language writes values and assigns them. */
export interface Dialect {
  text(value: string): string;
  date(day: string): string;
  /** Before a value, without the line's beginning; `name` is a word. */
  assigns(name: string): string;
  /** A literal, and what may follow it on its line. */
  literal: string;
  after: string;
}

export const PYTHON: Dialect = {
  // A JSON string without control characters is a Python string of the same value.
  text: (value) => JSON.stringify(value),
  date: (day) => JSON.stringify(day),
  assigns: (name) => `${name}[ \\t]*=[ \\t]*`,
  literal: `"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'|[\\w.+-]+`,
  after: "#|$",
};

/** `SET VARIABLE day = DATE '2021-05-19';`, which a query reads as `getvariable('day')`. */
export const SQL: Dialect = {
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  date: (day) => `DATE '${day}'`,
  assigns: (name) => `[Ss][Ee][Tt][ \\t]+[Vv][Aa][Rr][Ii][Aa][Bb][Ll][Ee][ \\t]+${name}[ \\t]*=[ \\t]*`,
  literal: "(?:[Dd][Aa][Tt][Ee][ \\t]*)?'(?:[^'\\n]|'')*'|[\\w.+-]+",
  after: ";|--|$",
};

/** One parameter as the link spells it. */
export interface Asked {
  name: string;
  text: string;
}

/** Longer is no parameter of any notebook; it is not looked at. */
export const LONGEST = 1000;

/** The parameters in a fragment; none where it is something else, such as a heading's name. */
export function asked(fragment: string): Asked[] {
  const text = plain(fragment.replace(/^#/, ""));
  if (!/^[A-Za-z_]\w*=/.test(text) || text.length > LONGEST) return [];
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, text: value }));
}

/** `text` as a literal of the declared type, or null where it is not of it. */
export function literal({ type, format, pattern, minimum, maximum }: Declared, text: string, dialect = PYTHON): string | null {
  if (format === "symbol") text = symbolOf(text);
  if (type === "string" && format === "date") return isDay(text) ? dialect.date(text) : null;
  if (type === "string") {
    const fits = pattern !== undefined && new RegExp(pattern, "u").test(text);
    return fits && !/\p{C}/u.test(text) ? dialect.text(text) : null;
  }
  if (!(type === "integer" ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,15})?$/).test(text)) return null;
  const value = Number(text);
  return value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity) ? String(value) : null;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A cell's source, in which a line assigns `value` to `name`, and the literal that it replaced; null without such a line. */
export function assign(source: string, name: string, value: string, dialect = PYTHON): { source: string; was: string } | null {
  const line = new RegExp(`^(${dialect.assigns(name)})(${dialect.literal})(?=[ \\t]*(?:${dialect.after}))`, "gm");
  const found = [...source.matchAll(line)];
  const [only] = found;
  if (found.length !== 1 || only?.[2] === undefined) return null;
  const start = only.index + (only[1]?.length ?? 0);
  return { source: source.slice(0, start) + value + source.slice(start + only[2].length), was: only[2] };
}

/** One parameter that a link sets, as it is shown. */
export interface Setting {
  name: string;
  value: string;
  was: string;
}

export type Outcome = { source: string; settings: Setting[] } | { problem: string };

/** What becomes of the parameters cell: its new source and what changed, or why nothing is changed. */
export function outcome(source: string, declared: Declarations, wanted: Asked[], dialect = PYTHON): Outcome {
  const settings: Setting[] = [];
  for (const { name, text } of wanted) {
    const declaration = /^\w+$/.test(name) && Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (!declaration) {
      const names = Object.keys(declared).join(", ");
      return { problem: `This link sets “${shorten(name)}”, which this notebook does not have. It has: ${names}.` };
    }
    const value = literal(declaration, text, dialect) ?? literal(declaration, withoutBehind(text), dialect);
    if (value === null) {
      return { problem: `This link sets ${name} to “${shorten(text)}”; expected is ${declaration.description}.` };
    }
    const assigned = assign(source, name, value, dialect);
    if (!assigned) {
      return { problem: `This link sets ${name}, but the parameters cell no longer has a line “${name} = …” to put it in.` };
    }
    source = assigned.source;
    settings.push({ name, value, was: assigned.was });
  }
  return { source, settings };
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
