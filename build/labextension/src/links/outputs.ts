/** Outputs that travel with a link, as docs/links.md, "Outputs", specifies them: texts and pictures only. Pure functions. */
import { isLabel, LABEL, LABEL_TYPE } from "./carried";
import { type Cell, isObject, isPicture, type Json, type Output, wellFormed } from "./parts";

/** Of one cell; UTF-16 code units of a text; characters of a picture's base64. */
export const MOST_OUTPUTS = 20;
export const LONGEST_OUTPUT = 20_000;
export const LARGEST_PICTURE = 500_000;

/** What an output may have beside its text without being more than its text. */
const SAID_BY_TEXT = ["text/plain", "text/html", "text/latex"];

/** What a notebook's outputs come to. */
export interface Carried {
  cells: Cell[];
  /** Outputs that a link can carry, as text and as a picture, and that it cannot. */
  texts: number;
  pictures: number;
  left: number;
}

/** `cells` with the outputs of the notebook file that they are of; pictures only where they are wanted. */
export function withOutputs(cells: readonly Cell[], notebook: unknown, pictures: boolean): Carried {
  const sum = { texts: 0, pictures: 0, left: 0 };
  const files: unknown[] = isObject(notebook) && Array.isArray(notebook.cells) ? notebook.cells : [];
  const carrying = cells.map((cell, index): Cell => {
    const file = files[index];
    const found = cell.type === "code" && isObject(file) && Array.isArray(file.outputs) ? file.outputs : [];
    const outputs: Output[] = [];
    for (const output of (found as unknown[]).filter((output) => !isLabel(output))) {
      const carried = carry(output);
      const isText = carried && !isPicture(carried[0]);
      sum[!carried || outputs.length === MOST_OUTPUTS ? "left" : isText ? "texts" : "pictures"] += 1;
      if (carried && (isText || pictures) && outputs.length < MOST_OUTPUTS) {
        outputs.push(carried);
      }
    }
    return { ...cell, ...(outputs.length && { outputs }) };
  });
  return { cells: carrying, ...sum };
}

/** What a link carries of an output of a notebook file; null where it is neither text nor picture, or too large. */
function carry(output: unknown): Output | null {
  if (!isObject(output)) {
    return null;
  }
  if (output.output_type === "stream") {
    return text("text", output.text, "");
  }
  if (output.output_type === "error") {
    return text("text", output.traceback, "\n");
  }
  const data = isObject(output.data) ? output.data : {};
  if ("text/markdown" in data) {
    return text("markdown", data["text/markdown"], "");
  }
  const picture = Object.keys(data).sort().find((type) => isPicture(type));
  if (picture !== undefined) {
    const content = joined(data[picture], "");
    return content !== null && isPicture(picture, content) && content.length <= LARGEST_PICTURE ? [picture, content] : null;
  }
  // A script's, a widget's or a drawing's text only says that there is one.
  return Object.keys(data).every((type) => SAID_BY_TEXT.includes(type)) ? text("text", data["text/plain"], "") : null;
}

function text(kind: string, found: unknown, by: string): Output | null {
  const whole = joined(found, by);
  return whole === null ? null : [kind, whole.length <= LONGEST_OUTPUT ? wellFormed(whole) : wellFormed(`${whole.slice(0, LONGEST_OUTPUT - 1)}…`)];
}

/** A text, or nbformat's list of parts of one. */
function joined(found: unknown, by: string): string | null {
  const parts: unknown[] = Array.isArray(found) ? found : [found];
  return parts.every((part) => typeof part === "string") ? parts.join(by) : null;
}

/** Whether a link's `outputs` are what they may be. */
export function areOutputs(found: unknown): found is Output[] {
  return Array.isArray(found) && found.length > 0 && found.length <= MOST_OUTPUTS && found.every(isOutput);
}

function isOutput(found: unknown): found is Output {
  const [kind, content] = Array.isArray(found) && found.length === 2 ? (found as unknown[]) : [];
  if (typeof kind !== "string" || typeof content !== "string") {
    return false;
  }
  return kind === "text" || kind === "markdown"
    ? content.length <= LONGEST_OUTPUT && content === wellFormed(content)
    : isPicture(kind, content) && content.length <= LARGEST_PICTURE;
}

/** The outputs of a notebook file, the label first: whatever they say, the visitor sees that they were not computed here. */
export function shown(outputs: readonly Output[] = []): Json[] {
  const made = outputs.map(([kind, content]) => display({ [TYPES[kind] ?? kind]: content }));
  return made.length ? [display({ [LABEL_TYPE]: {}, "text/plain": LABEL }), ...made] : [];
}

const TYPES: Record<string, string | undefined> = { text: "text/plain", markdown: "text/markdown" };

function display(data: Json): Json {
  return { output_type: "display_data", data, metadata: {} };
}
