/** What a statement's scans read, from DuckDB's own plan. */
import { tableFromIPC } from "apache-arrow";
import type { Bindings } from "../database.ts";
import type { Limit, Scan } from "../read/read-plan.ts";

export interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: Readonly<Record<string, string | string[] | undefined>>;
}

/** A scan of Parquet files in a plan. */
export interface PlannedScan extends Scan {
  /** Which of the tables that the statement names it is, in the order in which DuckDB binds them; null for other files. */
  place: number | null;
  /** Columns that the statement itself filters on, rather than what DuckDB finds out while it runs. */
  decided: ReadonlySet<string>;
  /** The nodes above it, the root first. */
  above: readonly PlanNode[];
}

export interface Plan {
  roots: readonly PlanNode[];
  scans: readonly PlannedScan[];
}

/** What is put behind a column's name while a statement is planned, so that a scan says which table it is of. */
const MARK = "__at";
export const marked = (column: string, place: number) => `${column}${MARK}${place}`;

/** Statements whose plan reads data. */
const READS = /^\(*(?:select|with|from|insert|create|copy|pivot|unpivot|summarize|values|update|delete|merge)\b/i;
/** Statements that only say what is to be read later. */
const DEFINES = /^create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:macro|function|view)\b/i;
const EXPLAINED = /^explain\s+(?:analyze\s+)?(?=[a-z(])/i;
const FILTERED = /^(?:optional: )?(?:Dynamic Filter \()?\(*"?([\p{L}_][\p{L}\p{N}_]*)"?/u;

/** Nodes of a plan whose work on Parquet files is described by their projections and filters. */
const SCAN = /^(?:READ_PARQUET|PARQUET_SCAN)\s*$/;
const COMPARISON = /^"?([\p{L}_][\p{L}\p{N}_]*)"?(=|>=|<=|>|<)'((?:[^']|'')*)'(?:::DATE|::VARCHAR)?$/u;
const AMONG = /^(?:optional: )?"?([\p{L}_][\p{L}\p{N}_]*)"? IN \((.*)\)$/su;
const QUOTED = /'((?:[^']|'')*)'(?:::DATE|::VARCHAR)?/g;

/** DuckDB's plan of a statement, or null where it cannot plan it or reads Parquet files otherwise. */
export function explain(bindings: Bindings, connection: number, sql: string): Plan | null {
  const statement = withoutComments(sql).replace(EXPLAINED, "");
  if (!READS.test(statement)) return null;
  if (DEFINES.test(statement)) return { roots: [], scans: [] };
  let roots: PlanNode[];
  try {
    const explained = tableFromIPC(bindings.runQuery(connection, `EXPLAIN (FORMAT json) ${statement}`));
    roots = JSON.parse(String(explained.getChild("explain_value")?.get(0))) as PlanNode[];
  } catch {
    return null; // running it will say what is wrong
  }
  const scans: PlannedScan[] = [];
  let isKnown = true;
  const visit = (node: PlanNode, above: readonly PlanNode[]) => {
    if (SCAN.test(node.name)) scans.push({ ...scanOf(node), above });
    else if (/PARQUET/.test(node.name)) isKnown = false;
    node.children.forEach((child) => visit(child, [...above, node]));
  };
  roots.forEach((root) => visit(root, []));
  return isKnown ? { roots, scans } : null;
}

function scanOf({ extra_info }: PlanNode): Omit<PlannedScan, "above"> {
  const places = new Set<number>();
  const unmarked = (text: string) =>
    text.replace(new RegExp(`([\\p{L}\\p{N}_])${MARK}(\\d+)(?![\\p{L}\\p{N}_])`, "gu"), (_, before: string, place: string) => {
      places.add(Number(place));
      return before;
    });
  const filters = list(extra_info["Filters"]).map(unmarked);
  const projected = list(extra_info["Projections"]).map(unmarked);
  const filtered = names(filters.map((filter) => FILTERED.exec(filter)?.[1] ?? ""));
  const columns = names([...projected, ...filtered]);
  const decided = names(filters.filter((filter) => !/Dynamic Filter/.test(filter)).map((filter) => FILTERED.exec(filter)?.[1] ?? ""));
  return { place: places.size === 1 ? [...places][0]! : null, columns, filtered, decided, limits: limitsOf(filters) };
}

/** Of each column whose filter is nothing but comparisons or a list of values, between or at which values it must lie. */
export function limitsOf(filters: readonly string[]): Map<string, Limit> {
  const limits = new Map<string, Limit>();
  const limit = (name: string) => {
    const known = limits.get(name.toLowerCase()) ?? { low: null, high: null, values: null };
    limits.set(name.toLowerCase(), known);
    return known;
  };
  for (const filter of filters) {
    const [, among, values] = AMONG.exec(filter) ?? [];
    if (among !== undefined) {
      const quoted = [...values!.matchAll(QUOTED)];
      // Nothing but quoted values and commas: what else there is, is not known here.
      if (/^[\s,]*$/.test(values!.replace(QUOTED, ""))) limit(among).values = quoted.map(([, value]) => plain(value!));
      continue;
    }
    const parts = filter.split(" AND ").map((part) => COMPARISON.exec(part));
    for (const part of parts.every(Boolean) ? (parts as RegExpExecArray[]) : []) {
      const [, name, sign, quoted] = part as unknown as [string, string, string, string];
      const value = plain(quoted);
      if (sign !== "<" && sign !== "<=") limit(name).low ??= value;
      if (sign !== ">" && sign !== ">=") limit(name).high ??= value;
    }
  }
  return limits;
}

function plain(quoted: string): string {
  return quoted.replaceAll("''", "'");
}

/** A scan without columns does not tell its place; where it is the only such scan and one place is left, that is it. */
export function placeLast(scans: readonly PlannedScan[], places: number): void {
  const bare = scans.filter((scan) => scan.place === null && scan.columns.size === 0);
  const left = Array.from({ length: places }, (_, place) => place).filter((place) => !scans.some((scan) => scan.place === place));
  if (bare.length === 1 && left.length === 1) bare[0]!.place = left[0]!;
}

export function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function names(list: string[]): Set<string> {
  return new Set(list.filter(Boolean).map((name) => name.toLowerCase()));
}

/** The statement from its first word on. */
export function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s|--.*(?:\n|$)|\/\*[\s\S]*?\*\/)*/, "");
}
