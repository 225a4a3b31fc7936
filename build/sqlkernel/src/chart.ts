/**
 * A chart of a result, asked for in a comment before the query:
 *
 *     -- chart: line x=date y=symbols color=status title="Symbols per day"
 *
 * marks: line, area, bar, point, rect. x, y, color, size, tooltip name columns; title, width, height set what they say.
 * A block comment `chart {…}` holds a whole Vega-Lite specification instead, which gets the result as its data.
 */
import { isNumeric, type Column } from "./table.ts";

export const MIME = "application/vnd.vegalite.v5+json";
/** More rows than this make a page slow; the query should group them. */
export const MOST_ROWS = 20_000;

const MARKS = ["line", "area", "bar", "point", "rect"];
const CHANNELS = ["x", "y", "color", "size"];
const NUMBERS = ["width", "height"];
const WIDTH = 620;
const HEIGHT = 260;

/** What is wrong with a chart's comment, in a sentence for its author. */
export class ChartError extends Error {}

export interface Wanted {
  /** A whole specification, without its data; or the words of the short form. */
  spec?: Record<string, unknown>;
  mark?: string;
  options?: Record<string, string>;
}

/** The chart that a statement's comments ask for; null where they ask for none. @throws ChartError */
export function chartWanted(comments: readonly string[]): Wanted | null {
  for (const comment of comments) {
    const block = /^\/\*\s*chart\s*:?\s*(\{[^]*\})\s*\*\/$/i.exec(comment);
    if (block) return { spec: parsed(block[1]!) };
    const line = /^--\s*chart\s*:\s*(.*)$/i.exec(comment);
    if (line) return short(line[1]!);
  }
  return null;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new ChartError(`The chart's block is not JSON: ${(error as Error).message}.`);
  }
}

function short(text: string): Wanted {
  const words = [...text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|(\S+)/g)];
  const options: Record<string, string> = {};
  let mark: string | undefined;
  for (const [whole, name, double, single, bare, word] of words) {
    if (name === undefined) {
      if (mark !== undefined || !MARKS.includes(word!)) {
        throw new ChartError(`“${whole}” is no mark of a chart. It begins with one of ${MARKS.join(", ")}.`);
      }
      mark = word;
    } else if (![...CHANNELS, ...NUMBERS, "title"].includes(name)) {
      throw new ChartError(`A chart has no “${name}”. It has x, y, color, size, title, width and height.`);
    } else options[name] = double ?? single ?? bare!;
  }
  if (mark === undefined) throw new ChartError(`Say what to draw: -- chart: line x=… y=…; marks are ${MARKS.join(", ")}.`);
  return { mark, options };
}

const TEMPORAL = /^(DATE|TIMESTAMP.*)$/;

const kindOf = ({ type }: Column): string =>
  isNumeric(type) ? "quantitative" : TEMPORAL.test(type) ? "temporal" : "nominal";

/** The Vega-Lite specification of a result. `rows` are all of its rows, as text. @throws ChartError */
export function specOf(wanted: Wanted, columns: readonly Column[], rows: readonly (readonly (string | null)[])[]): object {
  const values = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, valueOf(column, row[i]!)])));
  const base = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", data: { values } };
  if (wanted.spec) return { ...base, width: WIDTH, height: HEIGHT, ...wanted.spec, ...base };
  const { mark, options = {} } = wanted;
  const encoding: Record<string, unknown> = {};
  for (const channel of CHANNELS) {
    const name = options[channel];
    if (name === undefined) continue;
    const column = found(name, columns);
    encoding[channel] = { field: field(column.name), type: kindOf(column), title: name, ...(kindOf(column) === "temporal" && { scale: { type: "utc" } }) };
  }
  for (const needed of ["x", "y"]) {
    if (!encoding[needed]) throw new ChartError(`The chart needs ${needed}=COLUMN, one of ${columnList(columns)}.`);
  }
  encoding["tooltip"] = columns.map((column) => ({ field: field(column.name), type: kindOf(column), title: column.name, ...(TEMPORAL.test(column.type) && { timeUnit: "utcyearmonthdate" }) }));
  const title = options["title"] ?? `${options["y"]} by ${options["x"]}`;
  return {
    ...base,
    title,
    // What a screen reader says of the picture.
    description: `${mark} chart: ${title}; ${rows.length} rows.`,
    width: size(options["width"], WIDTH),
    height: size(options["height"], HEIGHT),
    mark: mark === "area" ? { type: mark, line: true, opacity: 0.25 } : { type: mark },
    encoding,
  };
}

function found(name: string, columns: readonly Column[]): Column {
  const column = columns.find((one) => one.name === name) ?? columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!column) throw new ChartError(`The result has no column “${name}”. It has ${columnList(columns)}.`);
  return column;
}

const columnList = (columns: readonly Column[]): string => columns.map(({ name }) => name).join(", ");

/** Vega reads dots and brackets in a field's name as a path. */
const field = (name: string): string => name.replace(/[.[\]\\]/g, "\\$&");

function valueOf({ type }: Column, text: string | null): unknown {
  if (text === null) return null;
  if (isNumeric(type)) return Number(text);
  if (type === "BOOLEAN") return text === "true";
  return TEMPORAL.test(type) ? instant(text) : text;
}

/** Milliseconds since 1970 of what DuckDB writes for a date or a timestamp: in UTC, as the data is. */
const instant = (text: string): number =>
  Date.parse(text.length <= 10 ? text : `${text.slice(0, 10)}T${text.slice(11).replace(/[+-]\d\d(?::\d\d)?$/, "")}Z`);

function size(given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (!(value >= 50 && value <= 2000)) throw new ChartError(`A chart's width and height are 50 to 2000 pixels, not “${given}”.`);
  return value;
}
