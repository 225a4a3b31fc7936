/** What can be named in SQL, for completion and help: tables, columns, functions, settings and keywords, by DuckDB itself. */
import { tokens } from "./statements.ts";

export interface Entry {
  name: string;
  kind: "table" | "column" | "function" | "keyword" | "setting";
  /** A column's table; else empty. */
  of: string;
  /** A column's type, a function's signature. */
  detail: string;
  doc: string;
}

/** Gives `name, kind, of, detail, doc` of everything; `SUMMARIES` of functions are by overload. */
export const CATALOG = `
SELECT table_name, 'table', '', '', coalesce(comment, '') FROM duckdb_tables() WHERE NOT internal AND NOT temporary
UNION ALL SELECT view_name, 'table', '', '', coalesce(comment, '') FROM duckdb_views()
  WHERE NOT internal AND database_name = current_database() AND schema_name = 'main'
UNION ALL SELECT column_name, 'column', table_name, data_type, coalesce(comment, '') FROM duckdb_columns()
  WHERE NOT internal AND database_name = current_database() AND schema_name = 'main'
UNION ALL (SELECT function_name, 'function', '', function_name || '(' || array_to_string(coalesce(any_value(parameters), []), ', ') || ')'
    || CASE WHEN any_value(function_type) IN ('table', 'table_macro') THEN ' → rows' ELSE coalesce(' → ' || any_value(return_type), '') END,
    coalesce(any_value(coalesce(comment, description)), '') || coalesce(chr(10) || array_to_string(any_value(examples), chr(10)), '')
  FROM duckdb_functions() WHERE function_name ~ '^[a-z_][a-z0-9_]*$' AND function_name NOT LIKE '\\_\\_%' ESCAPE '\\' GROUP BY function_name)
UNION ALL SELECT keyword_name, 'keyword', '', '', '' FROM duckdb_keywords()
UNION ALL SELECT name, 'setting', '', input_type, description FROM duckdb_settings()`;

export const entryOf = ([name, kind, of, detail, doc]: readonly (string | null)[]): Entry => ({
  name: name!,
  kind: kind as Entry["kind"],
  of: of ?? "",
  detail: detail ?? "",
  doc: doc ?? "",
});

export interface Completion {
  start: number;
  end: number;
  matches: Entry[];
}

/** The word before the cursor, and the name with a dot before that, if any. */
function wordAt(sql: string, cursor: number): { word: string; start: number; qualifier: string } {
  const [, qualifier = "", word = ""] = /(?:([\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")*")\.)?("?[\p{L}\p{N}_$]*)$/u.exec(sql.slice(0, cursor)) ?? [];
  return { word, start: cursor - word.length, qualifier: qualifier.replace(/^"|"$/g, "") };
}

const KINDS: Entry["kind"][] = ["column", "table", "function", "keyword", "setting"];

/** What may stand at the cursor, most likely first. */
export function complete(sql: string, cursor: number, catalog: readonly Entry[]): Completion {
  const { word, start, qualifier } = wordAt(sql, cursor);
  const none = { start: cursor, end: cursor, matches: [] };
  if (inText(sql, cursor)) return none;
  const wanted = word.replace(/^"/, "").toLowerCase();
  if (qualifier) {
    const table = tableOf(qualifier, sql, catalog);
    const columns = catalog.filter((entry) => entry.kind === "column" && same(entry.of, table) && entry.name.toLowerCase().startsWith(wanted));
    return { start, end: cursor, matches: columns };
  }
  if (!wanted) return none;
  const mentioned = new Set([...tokens(sql)].filter(({ kind }) => kind === "word").map(({ text }) => text.toLowerCase()));
  const settings = /\b(?:set|reset|pragma)\s+\S*$/i.test(sql.slice(0, cursor));
  const rank = (entry: Entry) =>
    (entry.kind === "setting" && settings ? -2 : 0) +
    (entry.kind === "column" && mentioned.has(entry.of.toLowerCase()) ? -1 : 0) +
    KINDS.indexOf(entry.kind) / 10;
  const seen = new Set<string>();
  const matches = catalog
    .filter((entry) => entry.name.toLowerCase().startsWith(wanted) && (entry.kind !== "setting" || settings))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .filter(({ name }) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
  const upper = /^[A-Z_]+$/.test(word);
  return { start, end: cursor, matches: matches.map((entry) => (entry.kind === "keyword" && upper ? { ...entry, name: entry.name.toUpperCase() } : entry)) };
}

/** Help on the name at the cursor, as Markdown; null where there is none. */
export function inspect(sql: string, cursor: number, catalog: readonly Entry[]): string | null {
  const after = /^[\p{L}\p{N}_$]*/u.exec(sql.slice(cursor))![0].length;
  let { word, qualifier } = wordAt(sql, cursor + after);
  // Within a call's brackets, help is on the function.
  if (!word) [, word = ""] = /([\p{L}_][\p{L}\p{N}_$]*)\s*\([^()]*$/u.exec(sql.slice(0, cursor)) ?? [];
  if (!word || inText(sql, cursor)) return null;
  const named = catalog.filter(({ name }) => same(name, word));
  const table = qualifier && tableOf(qualifier, sql, catalog);
  const columns = named.filter(({ kind, of }) => kind === "column" && (!table || same(of, table)));
  const parts = named.filter(({ kind }) => kind === "function" || kind === "table" || kind === "setting").map((entry) => describe(entry, catalog));
  parts.push(...columns.map(({ name, of, detail, doc }) => `**${of}.${name}** \`${detail}\`${doc && `\n\n${doc}`}`));
  return parts.length ? parts.join("\n\n") : null;
}

function describe({ kind, name, detail, doc }: Entry, catalog: readonly Entry[]): string {
  if (kind !== "table") {
    const [text = "", ...examples] = doc.split("\n");
    return [`\`${detail && kind === "function" ? detail : name}\``, text, ...examples.map((example) => `    ${example}`)].filter(Boolean).join("\n\n");
  }
  const columns = catalog.filter((entry) => entry.kind === "column" && entry.of === name);
  return [`**${name}**`, doc, columns.map((column) => `\`${column.name}\` ${column.detail}`).join(", ")].filter(Boolean).join("\n\n");
}

/** The table of an alias: `FROM volume_rankings AS r`. */
function tableOf(qualifier: string, sql: string, catalog: readonly Entry[]): string {
  const named = new RegExp(`([\\p{L}_][\\p{L}\\p{N}_$]*)\\s+(?:as\\s+)?${qualifier.replace(/\$/g, "\\$")}\\b`, "giu");
  const tables = [...sql.matchAll(named)].map(([, name]) => name!);
  return tables.find((name) => catalog.some((entry) => entry.kind === "table" && same(entry.name, name))) ?? qualifier;
}

/** Whether the cursor is inside a comment or a string. */
function inText(sql: string, cursor: number): boolean {
  return [...tokens(sql)].some(
    ({ kind, text, at }) => (kind === "comment" || kind === "string") && at < cursor && cursor < at + text.length + (text.startsWith("--") ? 1 : 0),
  );
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
