/** What the page does at once when its address leads to a notebook from outside. */
import { element } from "../dom";
import { isLink, mendedAddress } from "./mend";

const POLICY = [
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "frame-src 'self' data: blob:",
  "object-src 'none'",
  "form-action 'self'",
].join("; ");

let kept = false;

/**
 * Keeps the page from loading pictures and frames of other hosts, which would tell those who reads the notebook, and when.
 * For as long as it is open: a browser enforces a policy as soon as it is in the page.
 */
export function keepToThisSite(): void {
  if (kept) {
    return;
  }
  kept = true;
  const policy = element("meta", { content: POLICY });
  policy.httpEquiv = "Content-Security-Policy";
  document.head.append(policy);
}

/** Whether a file is, by its name, a copy that came from outside. */
export function isCopy(path: string): boolean {
  return /-shared(-\d+)?\.ipynb$/.test(path);
}

/** Whether the page was asked, by its address, to open something. */
export function isAsked({ hash, search }: Location): boolean {
  const query = new URLSearchParams(search);
  // With a path, a fragment sets that notebook's parameters.
  return (isLink(hash.slice(1)) && !query.has("path")) || query.has("fromURL");
}

/** Puts the page's address right where mail or chat changed it, before anything reads it. */
export function mendAddress(base: string): void {
  const { pathname, search, hash } = location;
  if (!pathname.startsWith(base)) return;
  const mended = mendedAddress(pathname.slice(base.length) + search, hash.slice(1));
  if (mended !== null) history.replaceState(history.state, "", base + mended);
}
