/** What the site says of itself: its address, its snapshots, its kernel, its notebooks. */
import { PageConfig } from "@jupyterlab/coreutils";

/** The site's base, absolute; ends in a slash. */
export function siteUrl(): string {
  return new URL(PageConfig.getBaseUrl(), location.href).href.replace(/\/*$/, "/");
}

/** Whether this page is the app that shows one notebook. */
export function isNotebookApp(): boolean {
  return PageConfig.getOption("notebookPage") !== "";
}

export interface Runtime {
  /** The hash of the kernel's lock. */
  environment: string;
  python: string;
  duckdb: string;
}

const asked = new Map<string, Promise<unknown>>();

/** A JSON file of the site, asked for once a page. Raises `Error` where it does not come. */
function file<T>(path: string): Promise<T> {
  let answer = asked.get(path);
  if (!answer) {
    answer = fetch(siteUrl() + path).then((response) => {
      if (!response.ok) {
        throw new Error(`${path} answered HTTP ${response.status}. Check your connection and try again.`);
      }
      return response.json() as unknown;
    });
    // A failure is not kept: the next who asks tries again.
    answer.catch(() => asked.delete(path));
    asked.set(path, answer);
  }
  return answer as Promise<T>;
}

export function runtime(): Promise<Runtime> {
  return file("static/runtime.json");
}

/** The ids of the published snapshots, newest first. */
export async function snapshotIds(): Promise<string[]> {
  const { snapshots } = await file<{ snapshots: { id: string }[] }>("data/snapshots.json");
  return snapshots.map(({ id }) => id);
}

/** The site's own notebook of this name (without `.ipynb`), or null where it has none. */
export async function starter(name: string): Promise<unknown> {
  const { content } = await file<{ content: { path: string }[] }>("api/contents/all.json");
  const path = `${name}.ipynb`;
  return content.some((entry) => entry.path === path) ? file(`files/${encodeURIComponent(path)}`) : null;
}

/** The text of a notebook that the site had under this hash, or null where it does not keep it. */
export async function formerStarter(hash: string): Promise<string | null> {
  const response = await fetch(`${siteUrl()}data/notebooks/${hash}.json`);
  return response.ok ? response.text() : null;
}

/** Of each package that the kernel with this environment could import, its version. Raises `Error` where it is not kept. */
export async function packages(environment: string): Promise<Record<string, string>> {
  return (await file<{ packages: Record<string, string> }>(`data/environments/${environment}.json`)).packages;
}

/** The published snapshots whose dates are nearest to that of `wanted`, nearest first. */
export function nearest(wanted: string, ids: readonly string[], count = 2): string[] {
  const day = (id: string): number => Date.parse(id.slice(0, 10));
  return [...ids].sort((a, b) => Math.abs(day(a) - day(wanted)) - Math.abs(day(b) - day(wanted))).slice(0, count);
}
