/** What this site keeps in a notebook's metadata, under one key. */
import type { INotebookModel } from "@jupyterlab/notebook";

/** The key in the notebook's metadata. */
export const KEY = "binance_futures";

export interface SiteMetadata {
  /** The pinned snapshot's id; absent: the newest. */
  snapshot?: string;
}

/** What the notebook says; an empty object where it says nothing that can be read. */
export function siteMetadata(model: INotebookModel | null): SiteMetadata {
  const found: unknown = model?.getMetadata(KEY);
  return found !== null && typeof found === "object" ? (found as SiteMetadata) : {};
}
