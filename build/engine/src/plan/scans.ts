/** What a query's scans read, from DuckDB's own plan. */
import { tableFromIPC } from "apache-arrow";
import type { Bindings } from "../database.ts";
import type { Limit, Scan } from "../read/read-plan.ts";

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: { Projections?: string | string[]; Filters?: string | string[] };
}

/** Statements whose plan reads data. */
const READS = /^\(*(?:select|with|from|insert|create|copy|pivot|unpivot|summarize|values|update|delete|merge)\b/i;
const FILTERED = /^(?:optional: )?(?:Dynamic Filter \()?\(*"?([\p{L}_][\p{L}\p{N}_]*)"?/u;

/** Nodes of a plan whose work on Parquet files is described by their projections and filters. */
const SCAN = /^(?:READ_PARQUET|PARQUET_SCAN)\s*$/;
const COMPARISON = /^"?([\p{L}_][\p{L}\p{N}_]*)"?(=|>=|<=|>|<)'((?:[^']|'')*)'(?:::DATE|::VARCHAR)?$/u;

/** Each Parquet scan of a statement, or null where DuckDB cannot plan it or reads Parquet files otherwise. */
export function explainScans(bindings: Bindings, connection: number, sql: string): Scan[] | null {
  if (!READS.test(withoutComments(sql))) return null;
  let plan: PlanNode[];
  try {
    const explained = tableFromIPC(bindings.runQuery(connection, `EXPLAIN (FORMAT json) ${sql}`));
    plan = JSON.parse(String(explained.getChild("explain_value")?.get(0))) as PlanNode[];
  } catch {
    return null; // running it will say what is wrong
  }
  const scans: Scan[] = [];
  let isKnown = true;
  const visit = (node: PlanNode) => {
    if (SCAN.test(node.name)) {
      const filters = list(node.extra_info.Filters);
      const filtered = names(filters.map((filter) => FILTERED.exec(filter)?.[1] ?? ""));
      const columns = names([...list(node.extra_info.Projections), ...filtered].filter(Boolean));
      scans.push({ columns, filtered, limits: limitsOf(filters) });
    } else if (/PARQUET/.test(node.name)) isKnown = false;
    node.children.forEach(visit);
  };
  plan.forEach(visit);
  return isKnown ? scans : null;
}

/** Of each column whose filter is nothing but comparisons, between which values it must lie. */
export function limitsOf(filters: readonly string[]): Map<string, Limit> {
  const limits = new Map<string, Limit>();
  for (const filter of filters) {
    const parts = filter.split(" AND ").map((part) => COMPARISON.exec(part));
    for (const part of parts.every(Boolean) ? (parts as RegExpExecArray[]) : []) {
      const [, name, sign, quoted] = part as unknown as [string, string, string, string];
      const value = quoted.replaceAll("''", "'");
      const limit = limits.get(name.toLowerCase()) ?? { low: null, high: null };
      if (sign !== "<" && sign !== "<=") limit.low ??= value;
      if (sign !== ">" && sign !== ">=") limit.high ??= value;
      limits.set(name.toLowerCase(), limit);
    }
  }
  return limits;
}

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function names(list: string[]): Set<string> {
  return new Set(list.map((name) => name.toLowerCase()));
}

/** The statement from its first word on. */
export function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s|--.*(?:\n|$)|\/\*[\s\S]*?\*\/)*/, "");
}
