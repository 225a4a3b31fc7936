/**
 * Reads over HTTP: with retries, from several base URLs, checked.
 *
 * Sizes are known beforehand (the manifest says them), so nothing here issues HEAD.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { judge, type Answer, type Wanted } from "./answer.ts";
import { ReadError } from "../errors.ts";
import type { Stats } from "../protocol.ts";

/** An immutable object: where it lies under each base URL, and what it must be. */
export interface Address {
  /** Relative to a base URL. */
  path: string;
  /** What the manifest calls it. */
  name: string;
  sha256: string;
  size: number;
}

interface Ask {
  url: string;
  /** The Range header, or null for the whole object. */
  range: string | null;
  /** Past the browser's cache: what it holds was no good. */
  fresh: boolean;
  /** Milliseconds to wait before asking. */
  wait: number;
}

export interface Fetched {
  start: number;
  bytes: Uint8Array;
  /** The bytes are the whole object and their sha256 is right. */
  verified: boolean;
}

/** sha256 of bytes, in hex. WebCrypto's is a promise, which a synchronous read cannot wait for. */
export function hash(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

export interface GetOptions {
  signal?: AbortSignal;
  priority?: RequestPriority;
}

/** Tries per base URL, and the milliseconds before each. */
const WAITS = [0, 250, 1000];
/** A synchronous reader can only spin, so it waits less. */
const LONGEST_WAIT = { sync: 1000, async: 10_000 };
const TIMEOUT = 60_000;

export class Http {
  readonly stats: Stats = { requests: 0, bytes: 0, cacheHits: 0 };
  private preferred = 0;

  /** @param bases absolute URLs ending in a slash, in order of preference. */
  constructor(readonly bases: readonly string[]) {}

  /**
   * At least the bytes [start, end) of an object, synchronously: DuckDB reads files in the middle of a query and cannot
   * wait for a promise. Workers only.
   *
   * @throws ReadError naming object, range and status when no base URL gives them.
   */
  getSync(address: Address, start: number, end: number): Fetched {
    const asking = this.attempts(address, { start, end, size: address.size });
    for (let step = asking.next(); ; ) {
      if (step.done) return step.value;
      const { url, range, fresh, wait } = step.value;
      // Without a network there is no use in waiting.
      if (navigator.onLine) for (const until = performance.now() + Math.min(wait, LONGEST_WAIT.sync); performance.now() < until; );
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.responseType = "arraybuffer";
      request.timeout = TIMEOUT;
      if (range) request.setRequestHeader("Range", range);
      // Another origin would be asked for permission first, by a request of its own.
      if (fresh && new URL(url).origin === globalThis.location.origin) request.setRequestHeader("Cache-Control", "no-cache");
      this.stats.requests++;
      let answer: Answer = { status: 0, body: new Uint8Array(0), contentRange: null, retryAfter: null };
      try {
        request.send();
        answer = {
          status: request.status,
          body: new Uint8Array(request.response as ArrayBuffer),
          contentRange: request.getResponseHeader("Content-Range"),
          retryAfter: request.getResponseHeader("Retry-After"),
        };
      } catch {
        // Status 0 says it.
      }
      this.stats.bytes += answer.body.length;
      step = asking.next(answer);
    }
  }

  /** The same, without blocking. */
  async get(address: Address, start: number, end: number, options: GetOptions = {}): Promise<Fetched> {
    const asking = this.attempts(address, { start, end, size: address.size });
    for (let step = asking.next(); ; ) {
      if (step.done) return step.value;
      const { wait, ...ask } = step.value;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(wait, LONGEST_WAIT.async)));
      options.signal?.throwIfAborted();
      step = asking.next(await this.ask(ask, options));
    }
  }

  /** A small JSON document. `revalidate` asks the server whether it changed, whatever the browser has cached. */
  async getJson(path: string, revalidate = false): Promise<unknown> {
    const reasons: string[] = [];
    let status = 0;
    for (const base of this.inOrder()) {
      const url = new URL(path, this.bases[base]).href;
      for (const wait of WAITS) {
        if (wait > 0 && !navigator.onLine) break;
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const { body, ...answer } = await this.ask({ url, range: null, fresh: false }, {}, revalidate);
        status = answer.status;
        if (status === 200) {
          try {
            return JSON.parse(new TextDecoder().decode(body));
          } catch {
            const begin = new TextDecoder().decode(body.subarray(0, 40));
            throw new ReadError(`${url} is not JSON: it begins ${JSON.stringify(begin)}`, { url, status });
          }
        }
        if (status !== 0 && status !== 429 && status < 500) break;
      }
      reasons.push(`${url} ${status ? `answered HTTP ${status}, expected 200` : "could not be reached"}`);
    }
    throw new ReadError(reasons.join("; "), { url: new URL(path, this.bases[0]).href, status });
  }

  private async ask({ url, range, fresh }: Omit<Ask, "wait">, { signal, priority }: GetOptions, revalidate = false): Promise<Answer> {
    this.stats.requests++;
    const none = { status: 0, body: new Uint8Array(0), contentRange: null, retryAfter: null };
    try {
      const response = await fetch(url, {
        headers: range ? { Range: range } : {},
        // Chromium's cache lets one request for a part of a file wait for the headers of the one before: past it, all go at once.
        cache: fresh ? "reload" : revalidate ? "no-cache" : range ? "no-store" : "default",
        signal: signal ? AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]) : AbortSignal.timeout(TIMEOUT),
        ...(priority && { priority }),
      });
      const body = new Uint8Array(await response.arrayBuffer());
      this.stats.bytes += body.length;
      const header = (name: string) => response.headers.get(name);
      return { status: response.status, body, contentRange: header("Content-Range"), retryAfter: header("Retry-After") };
    } catch {
      signal?.throwIfAborted();
      return none;
    }
  }

  /** Asks, is told the answer, and asks again until the bytes are right or every base URL has failed. */
  private *attempts(address: Address, wanted: Wanted): Generator<Ask, Fetched, Answer> {
    const { path, size } = address;
    let reason = "";
    let status = 0;
    let range: string | null = null;
    for (const base of this.inOrder()) {
      const url = new URL(path, this.bases[base]).href;
      let whole = wanted.start === 0 && wanted.end === size;
      let wait = 0;
      for (let tries = 0; tries < WAITS.length; tries++) {
        range = whole ? null : `bytes=${wanted.start}-${wanted.end - 1}`;
        const answer = yield { url, range, fresh: tries > 0, wait };
        status = answer.status;
        const verdict = judge(answer, whole ? { start: 0, end: size, size } : wanted, !whole);
        if (verdict.kind === "bytes") {
          const isWhole = verdict.bytes.length === size;
          const got = isWhole ? hash(verdict.bytes) : address.sha256;
          if (got === address.sha256) {
            this.preferred = base;
            return { start: verdict.start, bytes: verdict.bytes, verified: isWhole };
          }
          // Refetched once, then refused.
          reason = `the bytes have sha256 ${got}, expected ${address.sha256}`;
          tries = Math.max(tries, WAITS.length - 2);
          wait = 0;
          continue;
        }
        reason = verdict.reason;
        if (verdict.kind === "refused" || (verdict.kind === "whole" && whole)) break;
        wait = verdict.kind === "retry" ? (verdict.wait ?? WAITS[tries + 1] ?? 0) : 0;
        whole ||= verdict.kind === "whole";
      }
    }
    const bytes = `bytes ${wanted.start}-${wanted.end - 1}`;
    const where = this.bases.length > 1 ? `${path} from any of ${this.bases.join(", ")}` : new URL(path, this.bases[0]).href;
    const failed = `could not read ${bytes} of ${where}: ${reason}`;
    const why = navigator.onLine ? "the site does not answer" : "there is no network";
    const advice = `${address.name} is not in this browser yet, and ${why}. Run this again once it is there; what was read before works without`;
    throw new ReadError(status === 0 ? `${advice}. (${failed})` : failed, {
      url: new URL(path, this.bases[0]).href,
      range: `${wanted.start}-${wanted.end - 1}`,
      status,
    });
  }

  /** Indexes of the base URLs, the one that worked last first. */
  private inOrder(): number[] {
    const all = this.bases.map((_, i) => i);
    return [this.preferred, ...all.filter((i) => i !== this.preferred)];
  }
}
