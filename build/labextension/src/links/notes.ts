/** What is said of a notebook that came from outside. Pure functions. */
import type { Runtime } from "../site";
import type { Environment } from "./codec";

export const CHANGED = {
  former: "The site has changed this notebook since the link was made; this is what it was then.",
  present: "The site has changed this notebook since the link was made and does not keep what it was; this is today's.",
};
/** Packages that are named, of those that have changed. */
const NAMED = 5;

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

/** Of each package, its version: when a link was made, and now. */
export type Packages = [then: Record<string, string>, now: Record<string, string>];

/** What is different in the kernel since the link was made; empty where nothing is. Without `packages` it names none. */
export function environmentNote(then: Environment | undefined, now: Runtime, packages: Packages | null): string {
  if (!then || then.id === now.environment) {
    return "";
  }
  const changed = packages ? changedPackages(packages) : [];
  const all = [
    ...(then.python === now.python ? [] : [`Python ${then.python} (now ${now.python})`]),
    ...(then.duckdb === now.duckdb ? [] : [`DuckDB ${then.duckdb} (now ${now.duckdb})`]),
    ...changed.slice(0, NAMED),
    ...(changed.length > NAMED ? [`${changed.length - NAMED} more packages of other versions`] : []),
  ];
  if (all.length) {
    const last = all.pop();
    return `It was made with ${all.length ? `${all.join(", ")} and ${last}` : last}; results may differ.`;
  }
  return packages
    ? "The site's own code in the kernel has changed since it was made, but no package's version."
    : `Packages of the kernel have changed since it was made, but not Python ${now.python} and DuckDB ${now.duckdb}.`;
}

function changedPackages([then, now]: Packages): string[] {
  return Object.entries(then)
    .filter(([name, version]) => name !== "duckdb" && now[name] !== version)
    .map(([name, version]) => `${name} ${version} (now ${now[name] ?? "gone"})`);
}
