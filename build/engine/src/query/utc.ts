/**
 * Times in UTC. What DuckDB computes of a TIMESTAMP WITH TIME ZONE is in its extension icu, which there is none of for the
 * browser. UTC is the only zone here, and there a TIMESTAMP holds the same time: where a statement fails for want of icu, its
 * current time, its literals and its casts become TIMESTAMPs.
 */
import type { Tokenize } from "./statements.ts";

const WANTS_ICU = /TIMESTAMP WITH TIME ZONE|\bicu\b/;
/** Functions that give a TIMESTAMP WITH TIME ZONE without icu. */
const ZONED = new Set(["now", "transaction_timestamp", "get_current_timestamp", "to_timestamp"]);
const NOW = "now()::TIMESTAMP";
/** Words and functions without arguments that are icu's, and what they are in UTC. */
const OF_ICU: Record<string, string> = {
  current_date: `${NOW}::DATE`,
  today: `${NOW}::DATE`,
  current_time: `${NOW}::TIME`,
  get_current_time: `${NOW}::TIME`,
  localtime: `${NOW}::TIME`,
  current_localtime: `${NOW}::TIME`,
  localtimestamp: NOW,
  current_localtimestamp: NOW,
  current_timestamp: NOW,
};
const WORD = /^[a-z_]\w*/i;

/** The statement that says the same with TIMESTAMPs in UTC; null where the error is another, or nothing of it can be so said. */
export function inUtc(sql: string, message: string, tokenize: Tokenize): string | null {
  if (!WANTS_ICU.test(message)) return null;
  const bytes = new TextEncoder().encode(sql);
  const { offsets } = tokenize(sql);
  const text = (from: number, to?: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const found = offsets.map((offset, i) => text(offset, offsets[i + 1]));
  const words = found.map((token) => WORD.exec(token)?.[0].toLowerCase() ?? token[0]!);
  /** Where a token ends, without the blanks and comments behind it. */
  const end = (i: number) => offsets[i]! + new TextEncoder().encode(/^'(?:[^']|'')*'|^[\w$]+|^./su.exec(found[i]!)![0]).length;
  const edits: { from: number; to: number; text: string }[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (words[i - 1] === ".") continue;
    const isCall = words[i + 1] === "(";
    if (OF_ICU[word] !== undefined && (!isCall || words[i + 2] === ")")) {
      const last = isCall ? i + 2 : i;
      edits.push({ from: offsets[i]!, to: end(last), text: OF_ICU[word]! });
      i = last;
    } else if (ZONED.has(word) && isCall) {
      const at = end(closing(words, i + 1));
      edits.push({ from: at, to: at, text: "::TIMESTAMP" });
    } else if (word === "make_timestamptz" && isCall) edits.push({ from: offsets[i]!, to: end(i), text: "make_timestamp" });
    else if (word === "at" && words[i + 1] === "time" && words[i + 2] === "zone" && /^'(?:etc\/)?utc'/i.test(found[i + 3] ?? "")) {
      edits.push({ from: offsets[i]!, to: end(i + 3), text: "" });
      i += 3;
    } else {
      const type = word === "timestamptz" ? i : word === "timestamp" && words.slice(i + 1, i + 4).join(" ") === "with time zone" ? i + 3 : -1;
      if (type < 0) continue;
      if (words[type + 1] === "'") {
        edits.push({ from: offsets[i]!, to: offsets[i]!, text: "(" }, { from: end(type + 1), to: end(type + 1), text: ")::TIMESTAMP" });
      } else if (/^::?$/.test(found[i - 1]?.trim() ?? "")) edits.push({ from: end(type), to: end(type), text: "::TIMESTAMP" });
      i = type;
    }
  }
  if (edits.length === 0) return null;
  let result = "";
  let copied = 0;
  for (const edit of edits) {
    result += text(copied, edit.from) + edit.text;
    copied = edit.to;
  }
  return result + text(copied);
}

/** The index of the bracket that closes the one at `open`. */
function closing(words: readonly string[], open: number): number {
  let depth = 0;
  for (let i = open; i < words.length; i++) {
    depth += words[i] === "(" ? 1 : words[i] === ")" ? -1 : 0;
    if (depth === 0) return i;
  }
  return words.length - 1;
}
