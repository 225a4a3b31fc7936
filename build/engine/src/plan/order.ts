/** Whether a statement's answer may depend on the order in which rows come, which SQL does not promise. */
import { list, type Plan, type PlanNode, type PlannedScan } from "./scans.ts";
import type { Table } from "./tables.ts";

/** Nodes whose rows, as a set, are the same in whatever order theirs come. */
const FREE = new Set([
  "READ_PARQUET", "PARQUET_SCAN", "PROJECTION", "FILTER", "ORDER_BY", "HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY", "UNGROUPED_AGGREGATE",
  "HASH_JOIN", "NESTED_LOOP_JOIN", "PIECEWISE_MERGE_JOIN", "IE_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "LEFT_DELIM_JOIN",
  "RIGHT_DELIM_JOIN", "DELIM_SCAN", "COLUMN_DATA_SCAN", "DUMMY_SCAN", "EMPTY_RESULT", "UNION", "CTE", "CTE_SCAN", "UNNEST",
  "EXPRESSION_SCAN", "INOUT_FUNCTION", "TABLE_SCAN", "SEQ_SCAN", "RANGE", "GENERATE_SERIES", "CREATE_TABLE_AS", "BATCH_CREATE_TABLE_AS", "INSERT", "BATCH_INSERT",
  "RESULT_COLLECTOR", "EXPLAIN", "PARTITIONED_AGGREGATE", "ARROW_SCAN", "PANDAS_SCAN",
]);
/** Aggregates whose value is that of a set of rows; sums of doubles differ in their last digits. */
const AGGREGATES = new Set([
  "count", "count_star", "count_if", "countif", "sum", "sum_no_overflow", "avg", "mean", "min", "max", "bool_and", "bool_or", "bit_and",
  "bit_or", "bit_xor", "product", "fsum", "favg", "kahan_sum", "sumkahan", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop",
  "var_samp", "median", "quantile", "quantile_cont", "quantile_disc", "corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept",
  "regr_count", "regr_r2", "regr_avgx", "regr_avgy", "skewness", "kurtosis", "kurtosis_pop", "entropy", "mad", "approx_count_distinct",
  "histogram", "geomean", "geometric_mean", "sem",
]);
/** A scalar subquery that has more rows than one fails, so its "first" is its only one. */
const ONLY_ROW = "More than one row returned by a subquery";
const VOLATILE = /\b(?:random|setseed|uuid|uuidv4|uuidv7|gen_random_uuid|nextval)\s*\(/i;

interface Statement {
  sql: string;
  /** Those at the plan's places. */
  tables: readonly Table[];
}

export function dependsOnOrder(plan: Plan, statement: Statement): boolean {
  const free = (node: PlanNode, parent: PlanNode | null): boolean => {
    const name = node.name.trim();
    if (VOLATILE.test(JSON.stringify(node.extra_info))) return false;
    if (!isFree(node, name, parent, statement)) return false;
    return node.children.every((child) => free(child, node));
  };
  return !plan.roots.every((root) => free(root, null));
}

function isFree(node: PlanNode, name: string, parent: PlanNode | null, statement: Statement): boolean {
  if (name === "TOP_N") return isUnique(node, namesIn(list(node.extra_info["Order By"])), statement);
  if (name === "WINDOW") return isFreeWindow(node, statement);
  if (!FREE.has(name)) return false;
  const aggregates = list(node.extra_info["Aggregates"]);
  if (aggregates.length === 0) return true;
  if (parent && JSON.stringify(parent.extra_info).includes(ONLY_ROW)) return true;
  return aggregates.every((text) => {
    const [, called] = /^"?(\w+)"?\(/.exec(text) ?? [];
    // min(x, n) and the like take a list of rows; an ORDER BY may leave ties.
    return called !== undefined && AGGREGATES.has(called.toLowerCase()) && !/ORDER BY/i.test(text) && !/^"?(?:min|max)"?\([^()]*,/.test(text);
  });
}

/** Whether no two rows of the one table that is read are alike in these columns and in those that are fixed by a filter. */
function isUnique(node: PlanNode, columns: ReadonlySet<string>, { tables, sql }: Statement): boolean {
  let below = node.children[0];
  while (below && below.children.length === 1 && /^(?:PROJECTION|FILTER|WINDOW)\s*$/.test(below.name)) below = below.children[0];
  if (!below || !/^(?:READ_PARQUET|PARQUET_SCAN)\s*$/.test(below.name)) return false;
  const key = tables[Number(/__at(\d+)/.exec(JSON.stringify(below.extra_info))?.[1])]?.key;
  if (!key?.length || key.some((column) => isGiven(column, sql))) return false;
  const fixed = list(below.extra_info["Filters"]).map((filter) => /^"?([\p{L}_][\p{L}\p{N}_]*?)__at\d+"?='[^']*'(?:::\w+)?$/u.exec(filter)?.[1]?.toLowerCase());
  return key.every((column) => columns.has(column) || fixed.includes(column));
}

/** Whether a statement gives a column's name to something else: the plan would not tell the two apart. */
function isGiven(column: string, sql: string): boolean {
  return new RegExp(`\\bas\\s+"?${column}"?\\b|\\)\\s*(?:as\\s+)?"?\\w+"?\\s*\\([^()]*\\b${column}\\b`, "i").test(sql);
}

/** The columns that rows are sorted or parted by: `memory.main.t.date DESC NULLS LAST` is `date`. */
function namesIn(texts: readonly string[]): Set<string> {
  return new Set(
    texts.flatMap((text) => {
      const bare = text.trim().replace(/(?:\s+NULLS (?:FIRST|LAST))$/, "").replace(/\s+(?:ASC|DESC)$/, "").replace(/__at\d+"?$/, "");
      return /^(?:[\p{L}\p{N}_"]+\.)*"?([\p{L}_][\p{L}\p{N}_]*)"?$/u.exec(bare)?.[1]?.toLowerCase() ?? [];
    }),
  );
}

/** Windows whose value for a row is the same whatever the order of the rows that are alike in what they are sorted by. */
const RANKS = /^(?:rank|dense_rank|rank_dense|percent_rank|cume_dist)\(\)/i;

function isFreeWindow(node: PlanNode, statement: Statement): boolean {
  return list(node.extra_info["Projections"]).every((text) => {
    const [, call, over] = /^(.*?) OVER \((.*)\)$/s.exec(text) ?? [];
    if (call === undefined || over === undefined) return false;
    const [, parted = "", sorted = ""] = /^(?:PARTITION BY (.*?))?\s*(?:ORDER BY (.*?))?(?:\s+(?:ROWS|RANGE|GROUPS) .*)?$/s.exec(over) ?? [];
    if (RANKS.test(call)) return true;
    if (!sorted) return AGGREGATES.has(/^"?(\w+)"?\(/.exec(call)?.[1]?.toLowerCase() ?? "") && !/ROWS|GROUPS/.test(over);
    return isUnique(node, namesIn(`${parted},${sorted}`.split(",")), statement);
  });
}

/** Whether a scan's smallest and largest values, and the number of its rows, are all that is asked of it. */
export function isExtremesOnly(scan: PlannedScan, known: ReadonlySet<string>): boolean {
  if (scan.filtered.size > 0 || ![...scan.columns].every((column) => known.has(column))) return false;
  const above = [...scan.above];
  for (let node = above.pop(); node; node = above.pop()) {
    const name = node.name.trim();
    if (name === "PROJECTION") {
      const plain = list(node.extra_info["Projections"]).every((text) => /^(?:"?[\p{L}_][\p{L}\p{N}_]*"?|#\d+|\d+)$/u.test(text));
      if (!plain) return false;
      continue;
    }
    if (name !== "UNGROUPED_AGGREGATE") return false;
    return list(node.extra_info["Aggregates"]).every((text) => /^(?:"?(?:min|max)"?\(#\d+\)|count_star\(\))$/.test(text));
  }
  return false;
}
