/** Statements and parameters of a script, by DuckDB's own tokens. */

/** The kind of token that `tokenize` reports for punctuation (duckdb/parser/simplified_token.hpp). */
const OPERATOR = 3;

/** What DuckDB-WASM's `tokenize` gives: byte offsets into the UTF-8 text. Comments are no tokens. */
export interface Tokens {
  offsets: number[];
  types: number[];
}
export type Tokenize = (text: string) => Tokens;

/** The statements between top-level semicolons, without the empty ones. */
export function splitStatements(sql: string, tokenize: Tokenize): string[] {
  const bytes = new TextEncoder().encode(sql);
  const { offsets, types } = tokenize(sql);
  const statements: string[] = [];
  let start = 0;
  let hasTokens = false;
  const finish = (end: number) => {
    if (hasTokens) statements.push(new TextDecoder().decode(bytes.subarray(start, end)));
    start = end + 1;
    hasTokens = false;
  };
  offsets.forEach((offset, i) => {
    if (types[i] === OPERATOR && bytes[offset] === 0x3b) finish(offset);
    else hasTokens = true;
  });
  finish(bytes.length);
  return statements;
}

/**
 * The statement with `?`, `$1` and `$name` replaced.
 *
 * @param literalOf the SQL of a parameter, by its name or 1-based position; undefined leaves it as it is.
 */
export function substitute(sql: string, tokenize: Tokenize, literalOf: (name: string) => string | undefined): string {
  const bytes = new TextEncoder().encode(sql);
  const { offsets, types } = tokenize(sql);
  const text = (from: number, to?: number) => new TextDecoder().decode(bytes.subarray(from, to));
  let result = "";
  let copied = 0;
  let position = 0;
  offsets.forEach((offset, i) => {
    if (types[i] !== OPERATOR) return;
    // `$` and its name are two tokens, `$1` is one.
    const bare = bytes[offset] === 0x24 && offsets[i + 1] === offset + 1;
    const token = bare ? text(offset, offsets[i + 2]) : text(offset, offsets[i + 1]);
    const [match, name] = /^(?:\?|\$)(\d+|[\p{L}_][\p{L}\p{N}_]*)?/u.exec(token) ?? [];
    if (match === undefined || match === "$") return;
    const literal = literalOf(name ?? String(++position));
    if (literal === undefined) return;
    result += text(copied, offset) + literal;
    copied = offset + new TextEncoder().encode(match).length;
  });
  return result + text(copied);
}
