/**
 * Parameters, as SQL.
 *
 * DuckDB-WASM's prepared statements know neither 64-bit integers nor named parameters, and cannot be polled while
 * they run. DuckDB's own PREPARE and EXECUTE can do all three, so a statement with parameters becomes those two.
 */
import { DuckDBError } from "../errors.ts";
import type { Param, Params, Scalar } from "../protocol.ts";

const TYPE_NAME = /^[A-Za-z][\w ]*(\(\s*\d+(\s*,\s*\d+)?\s*\))?(\[\d*\])*$/;
const PARAM_NAME = /^[A-Za-z0-9_]+$/;

export function quoteString(text: string): string {
  // DuckDB's literals know no escapes; a NUL would end the text, so it goes in by its code.
  const quoted = text.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
  return quoted.length === 1 ? quoted[0]! : `(${quoted.join(" || chr(0) || ")})`;
}

/** A minus behind another would begin a comment. */
function bracketed(value: number | bigint): string {
  return value < 0 ? `(${value})` : value.toString();
}

function scalar(value: Scalar): string {
  switch (typeof value) {
    case "string":
      return quoteString(value);
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "bigint":
      return bracketed(value);
    case "number":
      // An integer keeps DuckDB's INTEGER or BIGINT; anything else is a DOUBLE, minus zero, NaN and infinities too.
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return bracketed(value);
      return `CAST('${Object.is(value, -0) ? "-0.0" : value}' AS DOUBLE)`;
    default:
      if (value === null || value === undefined) return "NULL";
      throw new DuckDBError(
        `Invalid Input Error: a parameter is a ${Object.prototype.toString.call(value)}; expected null, a boolean, ` +
          `a number, a string or {type, value}`,
      );
  }
}

export function literal(param: Param): string {
  if (typeof param !== "object" || param === null || !("type" in param)) return scalar(param as Scalar);
  if (!TYPE_NAME.test(param.type)) {
    throw new DuckDBError(`Invalid Input Error: ${JSON.stringify(param.type)} is not a type name for a parameter`);
  }
  return `CAST(${scalar(param.value)} AS ${param.type})`;
}

/**
 * Parameters by name, or by 1-based position, as SQL.
 *
 * @throws DuckDBError when a value or a name cannot be one.
 */
export function literals(params: Params | null): Map<string, string> {
  const entries: [string, Param][] = Array.isArray(params)
    ? params.map((value, i) => [String(i + 1), value])
    : Object.entries((params ?? {}) as Record<string, Param>);
  return new Map(
    entries.map(([name, value]) => {
      if (!PARAM_NAME.test(name)) throw new DuckDBError(`Invalid Input Error: ${JSON.stringify(name)} is not a parameter name`);
      return [name, literal(value)];
    }),
  );
}

/** The argument list of EXECUTE, without its parentheses. */
export function executeArguments(values: ReadonlyMap<string, string>): string {
  // Positions have no name in EXECUTE, and come in order.
  return [...values].map(([name, value]) => (/^\d+$/.test(name) ? value : `"${name}" := ${value}`)).join(", ");
}
