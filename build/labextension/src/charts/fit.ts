/** Makes a Vega-Lite specification no wider than the room that there is for it. */

type Spec = Record<string, unknown>;

/** What axes, labels and padding take beside the plot, in pixels. */
const BESIDE = 72;
/** A plot's height where its specification does not say, in pixels: Vega-Lite's own. */
const USUAL = 300;
/** Narrower, a plot says nothing; the page then shows the chart smaller. */
const NARROWEST = 180;
/** Where a specification keeps the ones that it is made of. */
const PARTS = ["layer", "vconcat", "hconcat", "concat", "spec"];

/** `spec` with every plot's width, in pixels, at most what fits into `room`; itself where all of it fits. */
export function fit(spec: Spec, room: number): Spec {
  const widest = Math.max(NARROWEST, room - BESIDE);
  let fitted = spec;
  const change = (name: string, value: unknown): void => {
    fitted = { ...fitted, [name]: value };
  };
  if (typeof spec.width === "number" && spec.width > widest) change("width", widest);
  for (const name of PARTS) {
    const part = spec[name];
    if (Array.isArray(part)) {
      const parts = part.map((each: Spec) => fit(each, room));
      if (parts.some((each, index) => each !== part[index])) change(name, parts);
    } else if (part && typeof part === "object") {
      const whole = fit(part as Spec, room);
      if (whole !== part) change(name, whole);
    }
  }
  return fitted;
}

/** About how tall the drawn chart is, in pixels. */
export function heightOf(spec: Spec): number {
  if (Array.isArray(spec.vconcat)) return (spec.vconcat as Spec[]).reduce((sum, plot) => sum + heightOf(plot), 0);
  return (typeof spec.height === "number" ? spec.height : USUAL) + BESIDE;
}
