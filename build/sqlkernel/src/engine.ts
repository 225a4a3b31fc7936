/** What the kernel needs of the engine (build/engine/README.md), and the one that all notebooks of a page share. */

export interface Progress {
  fraction: number | null;
  elapsed: number;
  bytes: number;
}

export interface Connection {
  query(
    sql: string,
    params?: null,
    options?: { signal?: AbortSignal | null; onProgress?: ((progress: Progress) => void) | null },
  ): Promise<Uint8Array>;
  insertArrow(table: string, stream: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface Resource {
  table?: string;
  layout?: string;
  file?: string;
}

export interface Descriptor {
  id?: string;
  resources: Resource[];
  [key: string]: unknown;
}

export interface Engine {
  attach(snapshot?: string | null): Promise<Descriptor>;
  connect(): Promise<Connection>;
  registerFile(name: string, bytes: Uint8Array): Promise<void>;
  readFile(name: string): Promise<Uint8Array>;
  dropFile(name: string): Promise<void>;
}

/** Where the engine and its data are: absolute addresses; `data` null where the site has no snapshots. */
export interface Places {
  engine: string;
  data: string | null;
}

let opened: Promise<Engine> | null = null;

declare global {
  interface Window {
    /** The engine, as soon as the page or this kernel has begun to open it. */
    explorerOpening?: Promise<unknown> | undefined;
  }
}

/** Opens the engine, or gives the one that is open or on its way. A failure is not kept: the next call tries again. */
export function openEngine({ engine, data }: Places): Promise<Engine> {
  if (!opened) {
    const own = () => (import(engine) as Promise<{ open(options: object): Promise<Engine> }>).then(({ open }) => open(data === null ? {} : { dataUrl: data, snapshot: null }));
    const begun = window.explorerOpening as Promise<Engine> | undefined;
    opened = begun ? begun.catch(own) : own();
    window.explorerOpening = opened; // the page need not begin any more
    opened.catch(() => (opened = null));
  }
  return opened;
}
