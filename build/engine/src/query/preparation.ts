/** A statement becomes bytes: planned, its layouts chosen, what it will read fetched side by side; then it runs. */
import type { Bindings } from "../database.ts";
import { AbortError } from "../errors.ts";
import { choose } from "../plan/choice.ts";
import { explain, placeLast, withoutComments, type Plan, type PlannedScan } from "../plan/scans.ts";
import { isOf, isSmall, partsBefore, partsFrom, readingOf, type Reading } from "../plan/spans.ts";
import type { Choice, Tables } from "../plan/tables.ts";
import { columnsOf, type Columns } from "./described.ts";
import type { Prepared } from "./prepared.ts";
import { fetchParts } from "../read/fetch-parts.ts";
import type { Layout } from "../read/layout.ts";
import type { Objects } from "../read/objects.ts";
import type { RemoteObject } from "../read/remote-object.ts";
import type { Span } from "../keep/ranges.ts";

/** How often a statement is stopped where bytes are missing, and for how long it may have run in vain. */
const MOST_STOPS = 12;
const LONGEST_RUN = 1000;
/** Statements that are not run again: what they write outside the database would be there twice. */
const ONCE = /^(?:copy|export|begin|start|commit|end|rollback|abort|checkpoint|attach|detach|install|load|call|pragma)\b|\bnextval\s*\(/i;
/** What shows a plan reads nothing. */
const EXPLAINS = /^explain\s+(?!analyze\b)/i;
/** The plan of a query that reads no files, as far as matters here. */
const NO_SCANS: Plan = { roots: [], scans: [] };

export class Preparation {
  private choice: Choice = [];
  private scans: readonly PlannedScan[] = [];
  private readings: Reading[] = [];
  private mayStop = false;
  private stops = 0;
  private outlineStops = 0;
  private began = 0;
  /** Whether the statement may read files, as far as is known before it is planned. */
  private mayRead = true;
  private readonly atEnd: (() => void)[] = [];

  constructor(
    private readonly bindings: Bindings,
    private readonly connection: number,
    private readonly objects: Objects,
    private readonly tables: Tables,
    private readonly prepared: Prepared,
    private readonly signal: AbortSignal,
  ) {}

  /** The columns of a query, to be called before `before`; null where DuckDB cannot tell. */
  columns(sql: string): Columns | null {
    const { objects, tables, bindings, connection } = this;
    objects.readError = objects.miss = null;
    const { asked } = tables;
    const columns = columnsOf(() => tables.bound([], () => bindings.runQuery(connection, `DESCRIBE ${sql}`)).result);
    this.mayRead = columns === null || tables.asked > asked;
    return columns;
  }

  /**
   * Prepares for one statement.
   *
   * @param inTransaction whether a failure would end more than the statement: then it is not stopped where bytes are missing.
   * @returns whether DuckDB has made a plan of it.
   */
  async before(given: string, inTransaction: boolean): Promise<boolean> {
    const { objects, tables, bindings, connection } = this;
    const executed = this.prepared.executed(connection, given, (text) => bindings.tokenize(text));
    const sql = executed?.statement ?? given;
    const { footers } = objects;
    objects.readError = objects.miss = null;
    footers.opened.clear();
    const { mayRead } = this;
    this.mayRead = true;
    const { result: plan, tables: named } = tables.planning(() => (mayRead ? explain(bindings, connection, sql) : NO_SCANS));
    if (objects.readError) throw objects.readError;
    if (plan) placeLast(plan.scans, named.length);
    this.choice = plan ? choose(sql, plan, named) : [];
    this.scans = plan?.scans ?? [];
    this.stops = this.outlineStops = 0;
    this.mayStop = plan !== null && !inTransaction && !ONCE.test(withoutComments(sql));
    const opened = footers.openedLayouts();
    this.readings = this.scans.flatMap((scan) => this.layoutsOf(scan, opened).map((layout) => readingOf(scan, layout)));
    await this.asked(async () => {
      await footers.refresh();
      if (!plan) return void this.atEnd.push(footers.strictly());
      if (EXPLAINS.test(withoutComments(sql))) return;
      const waits = this.readings.filter((reading) => !this.mayStop || !reading.grows || reading.scan.limits.size > 0 || isSmall(reading));
      await footers.bring(waits.flatMap(({ scan, layout }) => footers.lacking(layout, scan)), { signal: this.signal });
      await fetchParts(this.readings.flatMap((reading) => (this.mayStop || !reading.grows ? partsBefore(reading) : [])), this.signal);
    });
    if (plan && executed) this.prepareAgain(executed.prepare);
    this.prepared.notice(connection, given);
    this.began = performance.now();
    return plan !== null;
  }

  /** Binds a prepared statement to what was chosen for its values. */
  private prepareAgain(prepare: string): void {
    try {
      this.within(() => this.bindings.runQuery(this.connection, prepare));
    } catch {
      // It stays as it was prepared, which is right too; or running it says what is wrong.
    }
  }

  /** What a scan reads: what was chosen for its place, else any layout opened that has its columns. */
  private layoutsOf(scan: PlannedScan, opened: readonly Layout[]): Layout[] {
    if (scan.columns.size === 0) return [];
    if (scan.place !== null) {
      const source = this.choice[scan.place]?.source;
      return source && source !== "extremes" ? [source] : [];
    }
    const known = new Set(opened.flatMap(({ columns }) => [...columns]));
    return opened.filter(({ columns }) => [...scan.columns].every((name) => !known.has(name) || columns.has(name)));
  }

  /** Calls DuckDB for this statement. `work` must not wait for anything. */
  within<T>(work: () => T): T {
    const { objects, tables } = this;
    objects.scans = this.scans;
    objects.mayStop = (object, span) => this.stopsAt(object, span);
    try {
      const { result, isAsPlanned } = tables.bound(this.choice, work);
      if (isAsPlanned) return result;
      this.choice = [];
      return tables.bound(this.choice, work).result; // nothing of it has run yet
    } finally {
      objects.mayStop = () => false;
    }
  }

  private stopsAt(object: RemoteObject, span: Span): boolean {
    return this.mayStop && this.readingAt(object, span) !== undefined;
  }

  private readingAt(object: RemoteObject, span: Span): Reading | undefined {
    const all = this.readings.filter((reading) => isOf(reading, object, span));
    return all.sort((a, b) => a.scan.columns.size - b.scan.columns.size)[0];
  }

  /** Fetches what DuckDB was stopped for; whether there was such a thing, so that the statement is to run once more. */
  async mayRepeat(): Promise<boolean> {
    const { objects } = this;
    const { miss } = objects;
    if (!miss) return false;
    objects.miss = objects.readError = null;
    await this.asked(() => (miss.span ? this.bring(miss.object, miss.span) : this.bringFooters(miss.object)));
    return true;
  }

  private async bring(object: RemoteObject, span: Span): Promise<void> {
    this.mayStop = ++this.stops < MOST_STOPS && performance.now() - this.began < LONGEST_RUN;
    const reading = this.readingAt(object, span);
    await fetchParts(reading ? partsFrom(reading, object, span) : [{ object, span }], this.signal);
  }

  /** DuckDB wanted rows of an object that only running shows to be needed: its footer comes, at the second all of its kind. */
  private async bringFooters(object: RemoteObject): Promise<void> {
    const { footers } = this.objects;
    const kind = this.readings.filter(({ layout }) => layout.members.some((member) => member.object === object));
    if (!this.mayStop || kind.length === 0 || ++this.outlineStops > 2) return void this.atEnd.push(footers.strictly());
    const needed = this.outlineStops === 1 ? [object] : kind.flatMap(({ scan, layout }) => footers.lacking(layout, scan));
    await footers.bring(needed, { signal: this.signal });
  }

  /** A Stop while something is fetched is DuckDB's own interruption. */
  private async asked(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw this.signal.aborted ? new AbortError() : error;
    }
  }

  /** Call it when the query is done. */
  end(): void {
    this.atEnd.forEach((end) => end());
  }
}
