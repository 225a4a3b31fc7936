/** What this site keeps in a notebook's metadata, under one key. */
import type { INotebookModel } from "@jupyterlab/notebook";

/** The key in the notebook's metadata; `binance_futures` reads it too. */
export const KEY = "binance_futures";

/** Where a notebook that came from outside is from. */
export interface Origin {
  /** "link", or the address that it was fetched from. */
  from: string;
  /** The hash of its cells and pin as they came. */
  id: string;
  /** The kernel's packages with which the link was made: hash of the lock, Python, DuckDB. */
  environment?: { id: string; python: string; duckdb: string };
  /** The site has changed this notebook of its own since the link was made: which of the two this is. */
  changed?: "former" | "present";
}

export interface SiteMetadata {
  /** The pinned snapshot's id; absent: the newest. */
  snapshot?: string;
  origin?: Origin;
}

/** What the notebook says; an empty object where it says nothing that can be read. */
export function siteMetadata(model: INotebookModel | null): SiteMetadata {
  const found: unknown = model?.getMetadata(KEY);
  return found !== null && typeof found === "object" ? (found as SiteMetadata) : {};
}

/** Pins the notebook; undefined: to the newest from now on. */
export function pin(model: INotebookModel, snapshot: string | undefined): void {
  const { snapshot: _, ...rest } = siteMetadata(model);
  const next = snapshot ? { ...rest, snapshot } : rest;
  if (Object.keys(next).length) {
    model.setMetadata(KEY, next);
  } else {
    model.deleteMetadata(KEY);
  }
}
