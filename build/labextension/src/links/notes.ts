/** What the bar says. Pure functions. */
import type { Runtime } from "../site";
import type { Environment } from "./codec";

/** Where a notebook came from and which data it uses. */
export function originText(from: string, snapshot: string | undefined): string {
  const source = from === "link" ? "a link" : from.replace(/^https?:\/\//, "").slice(0, 80);
  const data = snapshot ? `pinned to the data of ${snapshot.slice(0, 10)}` : "with the newest data";
  return `Opened from ${source}, ${data}. Read it before you run it: nothing has run yet.`;
}

/** What is different in the kernel since the link was made; empty where nothing is. */
export function environmentNote(then: Environment | undefined, now: Runtime): string {
  if (!then || then.id === now.environment) {
    return "";
  }
  const changed = [
    ...(then.python === now.python ? [] : [`Python ${then.python}, now ${now.python}`]),
    ...(then.duckdb === now.duckdb ? [] : [`DuckDB ${then.duckdb}, now ${now.duckdb}`]),
  ];
  return changed.length
    ? `The link was made with ${changed.join("; ")}. Results may differ.`
    : `Some of the kernel's packages have changed since the link was made; Python ${now.python} and DuckDB ${now.duckdb} have not.`;
}
