/** Lines that many notebooks of this site share, so that a link names them by number: docs/links.md, "Known lines". */
import known from "../../../kernel/binance_futures/binance_futures/lines.json";

const MOST_PARTS = 100_000;
const numbers = new Map(known.map((line, number) => [line, number]));

/** A source with its known lines as numbers, or as it is where it has none. */
export function shorten(source: string): string | (string | number)[] {
  const parts: (string | number)[] = [];
  for (const line of source.split("\n")) {
    const last = parts.at(-1);
    const number = numbers.get(line);
    if (number !== undefined) {
      parts.push(number);
    } else if (typeof last === "string") {
      parts[parts.length - 1] = `${last}\n${line}`;
    } else {
      parts.push(line);
    }
  }
  return parts.some((part) => typeof part === "number") ? parts : source;
}

/** The source again; null where it is none, undefined where it names a line that is not known here. */
export function restore(source: unknown): string | null | undefined {
  if (typeof source === "string" || !Array.isArray(source)) {
    return typeof source === "string" ? source : null;
  }
  const lines: string[] = [];
  if (source.length > MOST_PARTS) {
    return null;
  }
  for (const part of source as unknown[]) {
    if (typeof part !== "string" && !Number.isSafeInteger(part)) {
      return null;
    }
    const line = typeof part === "string" ? part : known[part as number];
    if (line === undefined) {
      return undefined;
    }
    lines.push(line);
  }
  return lines.length ? lines.join("\n") : null;
}
