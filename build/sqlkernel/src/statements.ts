/** A cell's statements, by DuckDB's lexical rules, which are PostgreSQL's. */

export type TokenKind = "space" | "comment" | "string" | "quoted" | "end" | "word" | "number" | "other";
export interface Token {
  kind: TokenKind;
  text: string;
  /** Where it begins, in UTF-16 units. */
  at: number;
}

const TOKEN =
  /(?<space>\s+)|(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>[eE]'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|\$(?<tag>[A-Za-z_]\w*)?\$[^]*?\$\k<tag>\$)|(?<quoted>"(?:[^"]|"")*")|(?<end>;)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<number>\d[\w.]*)|(?<other>[^])/gu;

export function* tokens(sql: string): Generator<Token> {
  for (const match of sql.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups!).find(([name, text]) => name !== "tag" && text !== undefined)![0];
    yield { kind: kind as TokenKind, text: match[0], at: match.index };
  }
}

export interface Statement {
  text: string;
  /** How many lines of the cell stand before it. */
  line: number;
  /** Its first word in lower case, or its first character. */
  verb: string;
}

/** The statements between semicolons, without the empty ones. */
export function statements(sql: string): Statement[] {
  const found: Statement[] = [];
  let start = 0;
  let verb: string | null = null;
  const finish = (end: number) => {
    if (verb !== null) found.push({ text: sql.slice(start, end), line: sql.slice(0, start).split("\n").length - 1, verb });
    verb = null;
  };
  for (const { kind, text, at } of tokens(sql)) {
    if (kind === "end") {
      finish(at);
      start = at + 1;
    } else if (kind !== "space" && kind !== "comment") verb ??= text.toLowerCase();
  }
  finish(sql.length);
  return found;
}

/** How the names of tables that hold results begin. */
export const KEPT = "kept result ";

const SELECTS = new Set(["select", "from", "with", "values", "table", "pivot", "unpivot", "("]);
const TELLS = new Set(["show", "describe", "desc", "summarize"]);

/** What gives the rows of a statement as a table's source: `AS …`; null where it may be no query. */
export function asSource({ text, verb }: Statement): string | null {
  // On a line of its own: the columns that DuckDB's errors point at stay right.
  if (SELECTS.has(verb)) return `\n${text}`;
  if (!TELLS.has(verb)) return null;
  // Results are kept in tables of their own, which are none of the visitor's.
  const tables = /^\s*show\s+(?:all\s+)?tables\s*$/i.test(text) ? ` WHERE NOT starts_with(name, '${KEPT}')` : "";
  return `FROM (\n${text}\n)${tables}`;
}

/** Texts of the statement that may be names of files: its strings and quoted names. */
export function names({ text }: Statement): string[] {
  return [...tokens(text)]
    .filter(({ kind, text }) => (kind === "string" && text.startsWith("'")) || kind === "quoted")
    .map(({ text }) => text.slice(1, -1).replaceAll(text[0]! + text[0]!, text[0]!));
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const string = (text: string): string => `'${text.replaceAll("'", "''")}'`;
