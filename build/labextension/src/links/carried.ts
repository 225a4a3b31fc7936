/** The label of outputs that came with a link: an output of its own, before them. */

/** Its type, which label.ts draws. */
export const LABEL_TYPE = "application/vnd.binance-futures.carried+json";
export const LABEL = "Came with the link, not run here:";

/** Whether an output of a notebook file is the label. */
export function isLabel(output: unknown): boolean {
  const data = (output as { data?: unknown } | null)?.data;
  return typeof data === "object" && data !== null && LABEL_TYPE in data;
}
