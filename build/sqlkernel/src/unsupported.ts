/** What cannot be had in the browser, with the way around it, and what needs no doing here: as the `duckdb` wheel has it. */
import texts from "../../kernel/duckdb/duckdb_wasm/errors/unsupported.json" with { type: "json" };
import { tokens, type Statement } from "./statements.ts";

const SETTING = /^\s*(?:set|pragma)\s+(?:global\s+|session\s+|local\s+)?(\w+)\s*(?:=|\bto\b|\()?\s*'?(\w*)/i;
const UTC =
  /^\s*(?:reset\s+(?:timezone|calendar)|(?:set|pragma)\s+(?:global\s+|session\s+|local\s+)?(?:timezone\s*(?:=|to)\s*'?(?:(?:etc\/)?(?:utc|uct|zulu)|(?:etc\/)?gmt)'?|calendar\s*(?:=|to)\s*'?gregorian'?))\s*$/i;
const THREADS = new Set(["threads", "worker_threads", "external_threads"]);
/** Another system's database: by its address, its parameters, or the type that is asked for. */
const ATTACH =
  /^\s*attach\s+[^']*'(?:(?:postgres(?:ql)?|mysql|sqlite|md|motherduck|ducklake|iceberg|s3|gcs|r2):|[^']*\b(?:dbname|host|user|database)=|[^']*'.*\btype\s*=?\s*'?(?!duckdb\b)\w)/is;
const INSTALL = /^\s*(?:force\s+)?(?:install|load)\s+'?(\w+)/i;
/** Addresses that guides write where the reader's own belong: RFC 2606's, and an organization called that. */
const EXAMPLE = /^https?:\/\/(?:(?:[\w-]+\.)*example\.(?:com|org|net)\/|[^/]+\/gh\/(?:your-)?org\/)/i;
const NOT_HERE = /extension "?(\w+)"? is not part of this site|Extension "[^"]*?(\w+)\.duckdb_extension/;
/** What the browser says when a host does not allow a page to read from it, or cannot be reached. */
const BLOCKED = /Failed to (?:load|open|fetch)[^']*'(https?:\/\/[^']+)'/;

export interface Check {
  /** Whether there is anything to run: what httpfs reads is read without it, and threads are one. */
  runs: boolean;
  /** What is to be said once; null for nothing. */
  note: string | null;
  /** Why it cannot be had; null where it can. */
  error: string | null;
}

export function check({ text, verb }: Statement): Check {
  const plain = withoutComments(text);
  const runs: Check = { runs: true, note: null, error: null };
  if (verb === "set" || verb === "pragma") {
    const [, name = "", value] = SETTING.exec(plain) ?? [];
    if (THREADS.has(name.toLowerCase())) return { ...runs, runs: false, note: value === "1" ? null : texts.notes.threads };
    return /^s3_/i.test(name) ? { ...runs, note: texts.notes.s3 } : runs;
  }
  if (verb === "attach" && ATTACH.test(plain)) {
    return { ...runs, error: filled(texts.texts.feature, { what: "ATTACH", way: texts.features.ATTACH }) };
  }
  const name = /^(?:install|load|force)$/.test(verb) ? INSTALL.exec(plain)?.[1]!.toLowerCase() : undefined;
  if (name === undefined) return runs;
  return texts.there.includes(name) ? { ...runs, runs: false } : { ...runs, error: extension(name) };
}

/** Whether the statement failed only because it sets what is so already: what is httpfs's, and UTC where icu is asked. */
export function isIdle({ text, verb }: Statement, message: string): boolean {
  const [, ...names] = NOT_HERE.exec(message) ?? [];
  if (!/^(?:set|reset|pragma)$/.test(verb)) return false;
  return names.includes("httpfs") || (names.includes("icu") && UTC.test(withoutComments(text)));
}

/** The message, or, where it is about a missing extension or a host, one that names the way around. */
export function explained(message: string): string {
  const url = BLOCKED.exec(message)?.[1];
  if (url !== undefined) {
    return filled(EXAMPLE.test(url) ? texts.texts.example : texts.texts.blocked, { url, host: new URL(url).host });
  }
  const [, one, other] = NOT_HERE.exec(message) ?? [];
  return one ?? other ? extension((one ?? other)!.toLowerCase()) : message;
}

function extension(name: string): string {
  const what = (texts.synonyms as Record<string, string>)[name] ?? name;
  return filled(texts.texts.extension, { what, way: (texts.extensions as Record<string, string>)[what] ?? texts.texts.other });
}

const filled = (text: string, values: Record<string, string>): string => text.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);

const withoutComments = (sql: string): string =>
  [...tokens(sql)].map(({ kind, text }) => (kind === "comment" ? " " : text)).join("").trim();
