/** How far a query is, in words. */
export interface QueryProgress {
  /** 0 to 1; null where DuckDB cannot tell. */
  fraction: number | null;
  /** Milliseconds since the query began. */
  elapsed: number;
  /** Bytes fetched since then. */
  bytes: number;
}

export function describe({ fraction, elapsed, bytes }: QueryProgress): string {
  const parts = [`${Math.floor(elapsed / 1000)} s`];
  if (fraction !== null && fraction > 0) parts.push(`${Math.floor(fraction * 100)} %`);
  if (bytes > 0) parts.push(`${(bytes / 1e6).toFixed(1)} MB fetched`);
  return `Running a query: ${parts.join(", ")}`;
}
