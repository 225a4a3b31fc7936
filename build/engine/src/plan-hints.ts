/** What a query's scans read, from DuckDB's own plan. */
import { tableFromIPC } from "apache-arrow";
import type { Bindings } from "./database.ts";
import { withoutComments } from "./statements.ts";
import type { Scan } from "./read-plan.ts";

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: { Projections?: string | string[]; Filters?: string | string[] };
}

/** Statements whose plan reads data. */
const READS = /^\(*(?:select|with|from|insert|create|copy|pivot|unpivot|summarize|values|update|delete|merge)\b/i;
const FILTERED = /^(?:optional: )?(?:Dynamic Filter \()?\(*"?([\p{L}_][\p{L}\p{N}_]*)"?/u;

/** Each Parquet scan of a statement, or null where DuckDB cannot plan it. */
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
  const visit = (node: PlanNode) => {
    if (/PARQUET/.test(node.name)) {
      const filtered = names(list(node.extra_info.Filters).map((filter) => FILTERED.exec(filter)?.[1] ?? ""));
      scans.push({ columns: names([...list(node.extra_info.Projections), ...filtered]), filtered });
    }
    node.children.forEach(visit);
  };
  plan.forEach(visit);
  return scans;
}

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function names(list: string[]): Set<string> {
  return new Set(list.map((name) => name.toLowerCase()));
}
