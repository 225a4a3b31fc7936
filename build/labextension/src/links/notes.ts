/** What is said of a notebook that came from outside. Pure functions. */
import type { Runtime } from "../site";
import type { Environment } from "./codec";

export const CHANGED = "The site has changed this notebook of its own since the link was made; this is today's.";

/** Where a notebook came from and which data it uses. */
export function originText(from: string, snapshot: string | undefined, ran: boolean): string {
  const source = from === "link" ? "a link" : from.replace(/^https?:\/\//, "").slice(0, 80);
  const data = snapshot ? `pinned to the data of ${snapshot.slice(0, 10)}` : "with the newest data";
  return `Opened from ${source}, ${data}. ${ran ? "" : "Nothing has run yet: read it before you run it."}`.trim();
}

export const CARRIED = "Outputs that say so came with the link: whoever made it chose what they show. Run the notebook to get your own.";

export function missingNote(snapshot: string): string {
  return `This site no longer publishes that data (${snapshot}), so its numbers cannot be had again. Other data gives other numbers.`;
}

/** What is different in the kernel since the link was made; empty where nothing is. */
export function environmentNote(then: Environment | undefined, now: Runtime): string {
  if (!then || then.id === now.environment) {
    return "";
  }
  const changed = [
    ...(then.python === now.python ? [] : [`Python ${then.python} (now ${now.python})`]),
    ...(then.duckdb === now.duckdb ? [] : [`DuckDB ${then.duckdb} (now ${now.duckdb})`]),
  ];
  return changed.length
    ? `It was made with ${changed.join(" and ")}; results may differ.`
    : `Packages of the kernel have changed since it was made, but not Python ${now.python} and DuckDB ${now.duckdb}.`;
}
