/** On the page, where Python cannot wait for a promise: a kernel's worker that the service worker hears. */
import type { Told } from "../settings.ts";

/** Milliseconds that a first visit's service worker may take to be there. */
const PATIENCE = 20_000;

/** Makes JupyterLite take this site's service worker for its own, which it unregisters on a second visit otherwise. */
export function keepJupyterLitesWord(serviceWorker: URL, appVersion: string): void {
  try {
    localStorage.setItem(`${serviceWorker.href}-version`, appVersion);
  } catch {
    // Storage is refused: so be it.
  }
}

/** Resolves when a service worker answers this page's requests, or none can be had. */
async function controlled(serviceWorker: URL): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container || container.controller) return;
  const changed = new Promise<unknown>((resolve) => container.addEventListener("controllerchange", resolve, { once: true }));
  try {
    const registration = await container.register(serviceWorker);
    // A page that was reloaded past its cache has none, though one is there.
    registration.active?.postMessage({ explorerClaim: true });
  } catch {
    return;
  }
  await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/**
 * Stands for the kernel's worker until there is one, and hands on what it is told meanwhile. WebKit never shows the
 * service worker a worker that was loading when that took over, so a worker that is not heard is started anew, once.
 */
export class LateWorker extends EventTarget {
  private worker: Worker | null = null;
  private ended = false;
  private told: [message: unknown, transfer: Transferable[]][] = [];

  constructor(serviceWorker: URL, start: () => Worker, onCannotWait: () => void) {
    super();
    void this.begin(serviceWorker, start, onCannotWait);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (this.worker) this.worker.postMessage(message, transfer);
    else this.told.push([message, transfer]);
  }

  terminate(): void {
    this.ended = true;
    this.worker?.terminate();
  }

  private async begin(serviceWorker: URL, start: () => Worker, onCannotWait: () => void): Promise<void> {
    await controlled(serviceWorker);
    for (const again of [true, false]) {
      if (this.ended) return;
      const worker = start();
      const waits = await this.hear(worker);
      if (!waits && again && navigator.serviceWorker?.controller) {
        worker.terminate();
        continue;
      }
      if (!waits) onCannotWait();
      this.worker = worker;
      if (this.ended) worker.terminate();
      for (const [message, transfer] of this.told) worker.postMessage(message, transfer);
      this.told = [];
      return;
    }
  }

  /** Hands on what the worker says; whether it says that it can wait. */
  private hear(worker: Worker): Promise<boolean> {
    return new Promise((resolve) => {
      worker.addEventListener("error", ({ message }) => this.dispatchEvent(new ErrorEvent("error", { message })));
      worker.addEventListener("message", ({ data, ports }: MessageEvent<Partial<Told> | null>) => {
        if (data?.explorerStart && "waits" in data.explorerStart) resolve(data.explorerStart.waits);
        this.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
      });
    });
  }
}
