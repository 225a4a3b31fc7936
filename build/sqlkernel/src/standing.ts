/** Files that are already here: where a statement reads Parquet by a name that the site lists, it reads that table instead. */
import { identifier, string, tokens, type Token } from "./statements.ts";

/** Names of a file, as a regular expression that they fit whole, in any case; and the table that has its rows. */
export interface StandIn {
  pattern: string;
  table: string;
}

/** A table that is written as a file: where it stands, the files, and the reader's options as they are written. */
interface Mention {
  start: number;
  end: number;
  files: string[];
  options: string;
}

const READERS = new Set(["read_parquet", "parquet_scan"]);
/** A string after one of these is a table. */
const BEFORE = new Set(["from", "join", "describe", "summarize"]);
/** Words that end a FROM clause's list of tables. */
const AFTER = new Set(
  "where group order having limit offset select union except intersect qualify window on using set values returning".split(" "),
);
const FILENAME = /\bfilename\s*:?=\s*('[^']*'|\w+)/i;

/**
 * The statement with each file that stands for a table replaced by that table; its lines keep their numbers.
 *
 * @param tableOf the table, as SQL, of a file's name; null for a file that is none.
 */
export async function resolved(sql: string, tableOf: (file: string) => Promise<string | null>): Promise<string> {
  const parts: string[] = [];
  let copied = 0;
  for (const mention of mentions(sql)) {
    const tables: (string | null)[] = [];
    for (const file of mention.files) tables.push(await tableOf(file));
    if (tables.every((table) => table === null)) continue;
    const lines = "\n".repeat(sql.slice(mention.start, mention.end).split("\n").length - 1);
    parts.push(sql.slice(copied, mention.start), written(mention, tables), lines);
    copied = mention.end;
  }
  return parts.join("") + sql.slice(copied);
}

function written({ files, options }: Mention, tables: readonly (string | null)[]): string {
  const column = filenameColumn(options);
  if (files.length === 1 && column === null) return tables[0]!;
  const parts = files.map((file, i) => {
    if (tables[i] === null) return `FROM read_parquet(${string(file)}${options})`;
    return column === null ? `FROM ${tables[i]}` : `SELECT *, ${string(file)} AS ${column} FROM ${tables[i]}`;
  });
  return `(${parts.join(" UNION ALL BY NAME ")})`;
}

/** The column that the option `filename` asks for. */
function filenameColumn(options: string): string | null {
  const value = FILENAME.exec(options)?.[1]!.replace(/^'|'$/g, "") ?? "false";
  if (/^(?:false|0)$/i.test(value)) return null;
  return /^(?:true|1)$/i.test(value) ? "filename" : identifier(value);
}

/** Every table of the statement that is a file, or a call of Parquet's reader with names of files. */
function* mentions(sql: string): Generator<Mention> {
  const found = [...tokens(sql)].filter(({ kind }) => kind !== "space" && kind !== "comment");
  const copies = found[0]?.text.toLowerCase() === "copy";
  // For each open bracket, whether its next string after a comma is a table.
  const listing = [false];
  for (let at = 0; at < found.length; at++) {
    const { kind, text, at: start } = found[at]!;
    const word = kind === "word" ? text.toLowerCase() : "";
    const before = found[at - 1]?.text.toLowerCase() ?? "";
    const call: Call | null = READERS.has(word) ? callAt(found, at) : null;
    if ("([{".includes(text)) listing.push(false);
    else if (")]}".includes(text)) {
      if (listing.length > 1) listing.pop();
    } else if (BEFORE.has(word)) listing[listing.length - 1] = !(copies && listing.length === 1); // COPY t FROM 'file' reads any kind
    else if (AFTER.has(word)) listing[listing.length - 1] = false;
    else if (call) {
      at = call.last;
      const end = found[at]!.at;
      yield { start, end: end + 1, files: call.files, options: sql.slice(call.options, end) };
    } else if ((kind === "string" || kind === "quoted") && listing.at(-1) && (BEFORE.has(before) || before === ",")) {
      const name = textOf(text);
      const following = found[at + 1]?.text ?? "";
      if (name !== null && following !== "." && following !== "(") yield { start, end: start + text.length, files: [name], options: "" };
    }
  }
}

interface Call {
  /** The index of its closing bracket. */
  last: number;
  files: string[];
  /** Where its options begin. */
  options: number;
}

/** A call of the reader; null where its first argument is anything but names. */
function callAt(found: readonly Token[], at: number): Call | null {
  const files: string[] = [];
  let options = 0;
  let depth = 0;
  for (let last = at + 1; last < found.length; last++) {
    const { kind, text, at: start } = found[last]!;
    if ("([{".includes(text)) depth++;
    if (")]}".includes(text)) depth--;
    if (depth === 0) return files.length ? { last, files, options: options || start } : null;
    if (options || "([,])".includes(text)) {
      if (!options && text === "," && depth === 1) options = start;
      continue;
    }
    const name = kind === "string" ? textOf(text) : null;
    if (name === null) return null;
    files.push(name);
  }
  return null;
}

/** What a plain string or a quoted name says. */
const textOf = (text: string): string | null =>
  text.startsWith("'") || text.startsWith('"') ? text.slice(1, -1).replaceAll(text[0]! + text[0]!, text[0]!) : null;
