/** What a starter notebook answered when the site was built, and which cells may show it. Pure functions. */
import { VEGA_LITE, WHEN_SEEN } from "../charts/seen";
import { LABEL_TYPE } from "../links/carried";

/** An output as a notebook file has it. */
export type Output = Record<string, unknown>;

/** `data/answers/NAME.json` (build/pipeline/futures_explorer/site/starters.py): the code cells that ran, in order. */
export interface Answers {
  snapshot: string;
  synthetic: boolean | null;
  cells: { source: string; outputs: Output[] }[];
}

/** A code cell as it stands in the visitor's notebook. */
export interface CodeCell {
  source: string;
  outputs: Output[];
  hasRun: boolean;
}

/** Stands in the outputs for the site's address. */
const ADDRESS = "https://this-site.invalid/";

/** The starter that a file is or was made of, by its name: `quickstart`, also for `quickstart-shared-2.ipynb`. */
export function starterOf(path: string): string | null {
  return /^([\w-]+?)(-(shared|new)(-\d+)?)?\.ipynb$/.exec(path)?.[1] ?? null;
}

/** Reads the file; null where it is none. */
export function parse(text: string, site: string): Answers | null {
  const found = JSON.parse(text.replaceAll(ADDRESS, site)) as Partial<Answers> | null;
  return typeof found?.snapshot === "string" && Array.isArray(found.cells) ? (found as Answers) : null;
}

/** What is said in front of a cell's outputs that were not computed here. */
export function labelOf({ snapshot, synthetic }: { snapshot: string; synthetic: boolean | null }): string {
  const data = synthetic === true ? "synthetic data, " : synthetic === null ? "data of unknown origin, " : "";
  return `Computed when this site was built (${data}snapshot ${snapshot}), not run here:`;
}

function label(answers: Answers): Output {
  const { snapshot, synthetic } = answers;
  const data = { [LABEL_TYPE]: { snapshot, synthetic }, "text/plain": labelOf(answers) };
  return { output_type: "display_data", metadata: {}, data };
}

/** A chart is drawn when it is about to be seen (src/charts). */
function drawnWhenSeen(output: Output): Output {
  if (!Object.keys((output.data as object | undefined) ?? {}).some((type) => VEGA_LITE.test(type))) return output;
  return { ...output, metadata: { ...(output.metadata as object | undefined), [WHEN_SEEN]: true } };
}

/** Whether a cell shows what the site's build computed. */
export function isShown([first]: readonly Output[]): boolean {
  const data = (first as { data?: Record<string, unknown> } | undefined)?.data?.[LABEL_TYPE];
  return typeof data === "object" && data !== null && "snapshot" in data;
}

/**
 * For each code cell what it is to show, or null: leave it as it is. A cell shows an answer while it and all before it are
 * what the build ran, and nothing of the visitor's own.
 *
 * @param answers null where none answers for these cells' data.
 */
export function toShow(cells: readonly CodeCell[], answers: Answers | null): (Output[] | null)[] {
  let same = answers !== null;
  return cells.map(({ source, outputs, hasRun }, index) => {
    const answer = answers?.cells[index];
    same &&= answer !== undefined && answer.source.trimEnd() === source.trimEnd();
    if (hasRun || (outputs.length > 0 && !isShown(outputs))) return null;
    const shown = same && answers && answer?.outputs.length ? [label(answers), ...answer.outputs.map(drawnWhenSeen)] : [];
    return shown.length || outputs.length ? shown : null;
  });
}
