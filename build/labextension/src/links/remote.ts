/** Keeps a notebook from outside from loading pictures and frames of other hosts, which would tell those who reads it. */
import { element } from "../dom";

const POLICY = [
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self' data:",
  "frame-src 'self' data: blob:",
  "object-src 'none'",
  "form-action 'self'",
].join("; ");

/** From now on, for as long as this page is open: a browser enforces a policy as soon as it is in the page. */
export function keepToThisSite(): void {
  const policy = element("meta", { content: POLICY });
  policy.httpEquiv = "Content-Security-Policy";
  document.head.append(policy);
}

/** Whether the page's address leads to a copy that came from outside. */
export function leadsToCopy(search: string): boolean {
  return /-shared(-\d+)?\.ipynb$/.test(new URLSearchParams(search).get("path") ?? "");
}
