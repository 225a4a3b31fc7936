/** Which bytes of a file are here: pieces that do not overlap, sorted by where they start. */

export interface Span {
  start: number;
  /** Exclusive. */
  end: number;
}

/** An object up to this size always comes whole, in one request. */
export const SMALL = 64 * 1024;
/** Unwanted bytes worth fetching to save a request: 40 ms at 20 Mbit/s. */
export const GAP = 100 * 1024;

/** Bytes in memory, or a Blob that a worker can read synchronously without holding a lock. */
export interface Piece extends Span {
  bytes: Uint8Array | null;
  blob: Blob | null;
}

export class Ranges {
  private readonly pieces: Piece[] = [];
  /** Bytes held in memory. */
  memory = 0;

  /** Parts of the span that are not here, in order. */
  missing({ start, end }: Span): Span[] {
    const gaps: Span[] = [];
    let at = start;
    for (const piece of this.pieces) {
      if (piece.end <= at) continue;
      if (piece.start >= end) break;
      if (piece.start > at) gaps.push({ start: at, end: piece.start });
      at = piece.end;
    }
    if (at < end) gaps.push({ start: at, end });
    return gaps;
  }

  has(span: Span): boolean {
    return this.missing(span).length === 0;
  }

  /** Adds what of the bytes (or Blob) is not here yet; returns those parts. */
  add(start: number, content: Uint8Array | Blob): Span[] {
    const end = start + (content instanceof Blob ? content.size : content.length);
    const gaps = this.missing({ start, end });
    for (const gap of gaps) {
      const [from, to] = [gap.start - start, gap.end - start];
      const piece: Piece =
        content instanceof Blob
          ? { ...gap, bytes: null, blob: content.slice(from, to) }
          : { ...gap, bytes: content.subarray(from, to), blob: null };
      this.memory += piece.bytes?.length ?? 0;
      this.pieces.push(piece);
    }
    this.pieces.sort((a, b) => a.start - b.start);
    return gaps;
  }

  /** Marks a span as taken: there is nothing to copy from it. */
  claim(span: Span): void {
    for (const gap of this.missing(span)) this.pieces.push({ ...gap, bytes: null, blob: null });
    this.pieces.sort((a, b) => a.start - b.start);
  }

  /**
   * Copies bytes from `at` into `view`, all of which must be here.
   *
   * @throws DOMException when a Blob can no longer be read; forget it with `dropBlobs` and fetch again.
   */
  copy(view: Uint8Array, at: number): void {
    const end = at + view.length;
    for (const piece of this.pieces) {
      if (piece.end <= at || piece.start >= end) continue;
      const [from, to] = [Math.max(at, piece.start), Math.min(end, piece.end)];
      view.set(this.bytes(piece).subarray(from - piece.start, to - piece.start), from - at);
    }
  }

  private bytes(piece: Piece): Uint8Array {
    if (!piece.bytes) {
      piece.bytes = new Uint8Array(new FileReaderSync().readAsArrayBuffer(piece.blob!));
      this.memory += piece.bytes.length;
    }
    return piece.bytes;
  }

  clear(): void {
    this.pieces.length = 0;
    this.memory = 0;
  }

  dropBlobs(): void {
    const kept = this.pieces.filter((piece) => piece.bytes);
    this.pieces.splice(0, Infinity, ...kept);
  }
}

export function length(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Spans in order, those not further apart than `gap` made one. */
export function joined(spans: readonly Span[], gap = GAP): Span[] {
  const runs: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = runs.at(-1);
    if (last && start - last.end <= gap) last.end = Math.max(last.end, end);
    else runs.push({ start, end });
  }
  return runs;
}
