/** The kernel: Jupyter's messages on one side, a session of the engine on the other. Nothing runs but what a cell holds. */
import type { KernelMessage } from "@jupyterlab/services";
import { BaseKernel, type IKernel } from "@jupyterlite/services";

import { CATALOG, complete, entryOf, inspect, type Entry } from "./catalog.ts";
import { ChartError, MIME } from "./chart.ts";
import { downloads } from "./download.ts";
import type { Progress } from "./engine.ts";
import { Session, SqlError } from "./session.ts";

type Content<T extends KernelMessage.Message> = T["content"];

/** A query that takes longer than this shows how far it is. */
const SHOW_AFTER = 800;
const TELL_EVERY = 200;

/** The kernels of this page, by id. */
export const kernels = new Map<string, SqlKernel>();

export interface KernelOptions extends IKernel.IOptions {
  session: Session;
  version: string;
  /** The comm by which a notebook tells the snapshot that it is pinned to. */
  pinTarget: string | null;
  /** Where a running query is told of, and from where it can be stopped. */
  queries: BroadcastChannel;
}

export class SqlKernel extends BaseKernel {
  readonly session: Session;
  private running: { id: string; controller: AbortController } | null = null;
  private catalog: { version: number; entries: Promise<Entry[]> } | null = null;

  constructor(private readonly options: KernelOptions) {
    super(options);
    this.session = options.session;
    kernels.set(this.id, this);
    options.queries.addEventListener("message", this.onQueries);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.interrupt();
    this.options.queries.removeEventListener("message", this.onQueries);
    kernels.delete(this.id);
    void this.session.close().catch(() => undefined);
    super.dispose();
  }

  /** Stops the query that runs; the connection and its tables stay. */
  interrupt(): void {
    this.running?.controller.abort();
  }

  private readonly onQueries = ({ data }: MessageEvent<{ stop?: string }>): void => {
    if (data.stop !== undefined && data.stop === this.running?.id) this.interrupt();
  };

  async kernelInfoRequest(): Promise<Content<KernelMessage.IInfoReplyMsg>> {
    // While the visitor reads the first cell, the engine opens.
    this.session.open().catch(() => undefined); // the first cell says what failed
    return {
      status: "ok",
      implementation: "duckdb",
      implementation_version: this.options.version,
      protocol_version: "5.3",
      banner: `DuckDB ${this.options.version} in the browser`,
      help_links: [{ text: "DuckDB's SQL", url: "https://duckdb.org/docs/stable/sql/introduction" }],
      language_info: {
        name: "sql",
        version: this.options.version,
        mimetype: "text/x-sql",
        file_extension: ".sql",
        codemirror_mode: "sql",
        nbconvert_exporter: "",
        pygments_lexer: "sql",
      },
    };
  }

  async executeRequest(content: Content<KernelMessage.IExecuteRequestMsg>): Promise<Content<KernelMessage.IExecuteReplyMsg>> {
    const execution_count = this.executionCount;
    const id = this.parentHeader!.msg_id;
    const controller = new AbortController();
    this.running = { id, controller };
    let told = SHOW_AFTER;
    const onProgress = ({ fraction, elapsed, bytes }: Progress) => {
      if (elapsed < told + TELL_EVERY) return;
      told = elapsed;
      this.options.queries.postMessage({ id, fraction, elapsed, bytes });
    };
    const say = () => this.session.notes.splice(0).forEach((text) => this.stream({ name: "stdout", text: `${text}\n` }));
    try {
      await this.session.open();
      say();
      const key = String((this.parent?.metadata as { cellId?: unknown } | undefined)?.cellId ?? id);
      const data = await this.session.run(content.code, { signal: controller.signal, onProgress, key }).finally(say);
      if (data && !content.silent) {
        const bundle = "text/html" in data && this.session.holds(key) ? { ...data, "text/html": `${String(data["text/html"])}${downloads(this.id, key)}` } : data;
        // SVG: sharp at any zoom, and its text and labels are there for a screen reader.
        this.publishExecuteResult({ execution_count, data: bundle as never, metadata: { [MIME]: { embed_options: { renderer: "svg" } } } });
      }
      return { status: "ok", execution_count, user_expressions: {}, payload: [] };
    } catch (error) {
      const { ename, evalue } = explained(error as Error);
      this.publishExecuteError({ ename, evalue, traceback: [evalue] });
      return { status: "error", execution_count, ename, evalue, traceback: [evalue] };
    } finally {
      this.running = null;
      if (told > SHOW_AFTER) this.options.queries.postMessage({ id, ended: true });
    }
  }

  private entries(): Promise<Entry[]> {
    const version = this.session.catalogVersion;
    if (this.catalog?.version !== version) {
      const entries = this.session
        .open()
        .then(() => this.session.rows(CATALOG))
        .then((rows) => rows.map(entryOf));
      entries.catch(() => (this.catalog = null));
      this.catalog = { version, entries };
    }
    return this.catalog!.entries;
  }

  async completeRequest({ code, cursor_pos }: Content<KernelMessage.ICompleteRequestMsg>): Promise<Content<KernelMessage.ICompleteReplyMsg>> {
    const { start, end, matches } = complete(code, cursor_pos, await this.entries());
    const types = matches.map(({ name, kind, detail }) => ({ start, end, text: name, type: kind, signature: detail }));
    return {
      status: "ok",
      matches: matches.map(({ name }) => name),
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  async inspectRequest({ code, cursor_pos }: Content<KernelMessage.IInspectRequestMsg>): Promise<Content<KernelMessage.IInspectReplyMsg>> {
    const text = inspect(code, cursor_pos, await this.entries());
    const data: Record<string, string> = text === null ? {} : { "text/markdown": text, "text/plain": text };
    return { status: "ok", found: text !== null, data, metadata: {} };
  }

  async isCompleteRequest({ code }: Content<KernelMessage.IIsCompleteRequestMsg>): Promise<Content<KernelMessage.IIsCompleteReplyMsg>> {
    return /;\s*$/.test(code) ? { status: "complete" } : { status: "incomplete", indent: "" };
  }

  async commInfoRequest(): Promise<Content<KernelMessage.ICommInfoReplyMsg>> {
    return { status: "ok", comms: {} };
  }

  async commOpen({ content }: KernelMessage.ICommOpenMsg): Promise<void> {
    const { snapshot } = content.data as { snapshot?: unknown };
    if (this.options.pinTarget !== null && content.target_name === this.options.pinTarget) this.session.pin(typeof snapshot === "string" ? snapshot : null);
  }

  async commMsg(): Promise<void> {}
  async commClose(): Promise<void> {}
  inputReply(): void {}
}

/** An error as a reader of SQL knows it: DuckDB's own text, without a frame of JavaScript. */
function explained(error: Error): { ename: string; evalue: string } {
  if (error instanceof SqlError) return { ename: error.title, evalue: error.message };
  if (error.name === "AbortError") return { ename: "Interrupted", evalue: "Stopped. The connection and its tables are as they were." };
  if (error instanceof ChartError) return { ename: "Chart", evalue: error.message };
  return { ename: error.name, evalue: error.message };
}
