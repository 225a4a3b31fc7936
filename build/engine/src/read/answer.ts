/** What a server's answer is worth. No I/O here: the synchronous and the asynchronous reader share it. */

/** What is wanted of an object: the bytes [start, end) of `size`. */
export interface Wanted {
  start: number;
  end: number;
  size: number;
}

export interface Answer {
  /** 0 where there was no answer: connection refused or cut, timeout, CORS. */
  status: number;
  body: Uint8Array;
  /** Content-Range, where the server lets it be read. */
  contentRange: string | null;
  /** Retry-After. */
  retryAfter: string | null;
}

export type Verdict =
  | { kind: "bytes"; start: number; bytes: Uint8Array }
  /** Asking again, after so many milliseconds where the server says so, may help. */
  | { kind: "retry"; reason: string; wait?: number }
  /** Ranges of this object do not work here; the whole object may. */
  | { kind: "whole"; reason: string }
  /** This server will not give it. */
  | { kind: "refused"; reason: string };

/**
 * @param ranged whether a Range was asked for.
 */
export function judge({ status, body, contentRange, retryAfter }: Answer, { start, end, size }: Wanted, ranged: boolean): Verdict {
  const length = end - start;
  if (status === 0) return { kind: "retry", reason: "no answer, or the connection was cut" };
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = Number(retryAfter ?? NaN);
    const reason = `HTTP ${status}`;
    return Number.isFinite(seconds) ? { kind: "retry", reason, wait: seconds * 1000 } : { kind: "retry", reason };
  }
  if (status === 206 && ranged) {
    // A proxy that gzips counts compressed bytes: its ranges are not ranges of the object.
    const said = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? "");
    if (said && said[3] !== "*" && +said[3]! !== size) {
      return { kind: "whole", reason: `Content-Range speaks of ${said[3]} bytes, expected ${size}` };
    }
    if (said && (+said[1]! !== start || +said[2]! !== end - 1)) {
      return { kind: "whole", reason: `Content-Range ${said[1]}-${said[2]}, expected ${start}-${end - 1}` };
    }
    if (body.length < length) return { kind: "retry", reason: `${body.length} bytes, expected ${length}` };
    if (body.length > length) return { kind: "whole", reason: `${body.length} bytes, expected ${length}` };
    return { kind: "bytes", start, bytes: body };
  }
  if (status === 200) {
    if (body.length === size) return { kind: "bytes", start: 0, bytes: body };
    return { kind: "retry", reason: `HTTP 200 with ${body.length} bytes, expected ${ranged ? `206 with ${length}` : size}` };
  }
  if (status === 416) return { kind: "whole", reason: "HTTP 416, as if the object were shorter" };
  return { kind: "refused", reason: `HTTP ${status}` };
}
