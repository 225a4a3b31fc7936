/** What is said of a snapshot before its first answer: sentences of the site's, and when each applies. */
import type { Descriptor } from "./engine.ts";

export interface Note {
  /** `{path.to.value}` stands for a value of the descriptor, `{age}` for the days since the day of `olderThan`. */
  text: string;
  /** Only where the value at this path is that. */
  where?: { path: string; is: unknown };
  /** Not where the value at this path is that. */
  unless?: { path: string; is: unknown };
  /** Only where the values at these two paths differ. */
  differ?: [string, string];
  /** Only where the day at this path is more than so many days ago. */
  olderThan?: { path: string; days: number };
}

const DAY = 86_400_000;

export const valueAt = (from: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], from);

/** The sentences that apply to a snapshot. `now`: milliseconds since 1970. */
export function notesOf(notes: readonly Note[], descriptor: Descriptor, now: number): string[] {
  const is = ({ path, is: wanted }: { path: string; is: unknown }) => valueAt(descriptor, path) === wanted;
  return notes.flatMap(({ text, where, unless, differ, olderThan }) => {
    const age = olderThan ? Math.floor(now / DAY) - Date.parse(String(valueAt(descriptor, olderThan.path))) / DAY : NaN;
    const applies =
      (!where || is(where)) &&
      !(unless && is(unless)) &&
      (!differ || valueAt(descriptor, differ[0]) !== valueAt(descriptor, differ[1])) &&
      (!olderThan || age > olderThan.days);
    const filled = text.replace(/\{([\w.]+)\}/g, (_, path: string) => (path === "age" ? age.toLocaleString("en") : String(valueAt(descriptor, path))));
    return applies ? [filled] : [];
  });
}
