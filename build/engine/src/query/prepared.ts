/** Statements that a visitor has prepared: running one is planned with its values, as if they were written in it. */
import { withoutComments } from "../plan/scans.ts";
import { substitute, type Tokenize } from "./statements.ts";

const PREPARE = /^prepare\s+("(?:[^"]|"")+"|\w+)(?:\s*\([^)]*\))?\s+as\s+([\s\S]*)$/i;
const EXECUTE = /^execute\s+("(?:[^"]|"")+"|\w+)\s*(\([\s\S]*\))?\s*;?\s*$/i;
const DEALLOCATE = /^deallocate\s+(?:prepare\s+)?("(?:[^"]|"")+"|\w+)/i;

export class Prepared {
  private readonly byConnection = new Map<number, Map<string, { prepare: string; statement: string }>>();

  /** Takes notice of a statement that prepares one, or drops one. */
  notice(connection: number, sql: string): void {
    const text = withoutComments(sql);
    const known = this.byConnection.get(connection) ?? new Map<string, { prepare: string; statement: string }>();
    const [, name, statement] = PREPARE.exec(text) ?? [];
    if (name !== undefined && statement !== undefined) known.set(plain(name), { prepare: text, statement });
    const [, dropped] = DEALLOCATE.exec(text) ?? [];
    if (dropped !== undefined) known.delete(plain(dropped));
    this.byConnection.set(connection, known);
  }

  /** Of an EXECUTE, the statement with its values, and what prepares it again; null where it is none that is known. */
  executed(connection: number, sql: string, tokenize: Tokenize): { statement: string; prepare: string } | null {
    const [, name, values] = EXECUTE.exec(withoutComments(sql)) ?? [];
    const known = name === undefined ? undefined : this.byConnection.get(connection)?.get(plain(name));
    if (!known) return null;
    const given = new Map<string, string>();
    listed(values ?? "()", tokenize).forEach((text, i) => {
      const [, key, value] = /^\s*"?(\w+)"?\s*:=([\s\S]*)$/.exec(text) ?? [];
      given.set(key ?? String(i + 1), `(${value ?? text})`);
    });
    return { statement: substitute(known.statement, tokenize, (parameter) => given.get(parameter)), prepare: known.prepare };
  }

  forget(connection: number): void {
    this.byConnection.delete(connection);
  }
}

function plain(name: string): string {
  return (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name).toLowerCase();
}

/** The texts between the commas of a list in parentheses. */
function listed(list: string, tokenize: Tokenize): string[] {
  const bytes = new TextEncoder().encode(list);
  const text = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (const offset of tokenize(list).offsets) {
    const sign = String.fromCharCode(bytes[offset]!);
    if ("([{".includes(sign)) depth++;
    if (")]}".includes(sign)) depth--;
    if ((sign === "," && depth === 1) || depth === 0) {
      parts.push(text(start, offset));
      start = offset + 1;
    }
  }
  return parts.filter((part) => part.trim() !== "");
}
