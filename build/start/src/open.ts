/** The engine, as far as it is used here, and how it is opened. */
import type { Form } from "../../engine/src/form.ts";
import type { Settings } from "./settings.ts";

declare const EXPLORER: Settings;

export interface Connection {
  query(
    sql: string,
    params: unknown,
    options: { signal?: AbortSignal; onProgress?: ((progress: Progress) => void) | undefined; describe?: string | null },
  ): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** How far a query is: 0 to 1 or null, milliseconds, bytes. */
export interface Progress {
  fraction: number | null;
  elapsed: number;
  bytes: number;
}

export interface Engine {
  connect(): Promise<Connection>;
  askHost(address: string): Promise<void>;
  prefetch(options: {
    list: string;
    maxBytes: number;
    isAsked: boolean;
    signal: AbortSignal;
    onProgress: (progress: { bytes: number; total: number }) => void;
  }): Promise<{ state: "done" | "cancelled" | "skipped"; bytes: number; total: number }>;
  cacheStatus(): Promise<{ persistent: boolean }>;
  clearCache(): Promise<void>;
}

/** The site's base: this is bundled into files of <site>/static/start-<version>/. */
export const site = new URL("../../", import.meta.url);
export const at = (path: string) => new URL(path, site).href;

/** In which form the page has this worker, or the one that made it, take WebAssembly. */
export const form: Form = new URLSearchParams(location.search).get("form") === "packed" ? "packed" : "plain";

/** Opened with the newest snapshot, which is what most notebooks ask for. */
export async function openEngine(): Promise<Engine> {
  const { open } = (await import(at(EXPLORER.engine))) as { open(options: object): Promise<Engine> };
  return open({ dataUrl: at(EXPLORER.data), snapshot: null, form });
}
