/** What the page's first script (build/start/src/page.ts) knows of what is kept. */
interface Page {
  explorerOffline?: {
    keepsAll(): boolean;
    isChosen(): boolean;
    isMetered(): boolean;
    form(): "plain" | "packed";
    keep(): void;
    choose(chosen: boolean): void;
  };
  explorerKernel?: Worker | MessagePort;
  explorerFiles?: "memory";
}

export function offline(): { keepsAll: boolean; isChosen: boolean; isMetered: boolean } {
  const page = (window as Page).explorerOffline;
  return { keepsAll: page?.keepsAll() ?? false, isChosen: page?.isChosen() ?? false, isMetered: page?.isMetered() ?? false };
}

/** In which of its forms this browser takes the site's WebAssembly. */
export const form = (): "plain" | "packed" => (window as Page).explorerOffline?.form() ?? "plain";

/** Has the service worker keep the site, without a choice to remember. */
export function keep(): void {
  (window as Page).explorerOffline?.keep();
}

/** Remembers the choice, and has the service worker follow it. */
export function choose(chosen: boolean): void {
  (window as Page).explorerOffline?.choose(chosen);
}

/** Whether files that a cell writes are gone when the page is left. */
export const filesAreInMemory = (): boolean => (window as Page).explorerFiles === "memory";

/** The kernel's worker, or what stands for it where a kernel has none; absent before there is one. */
export function kernel(): Worker | MessagePort | undefined {
  return (window as Page).explorerKernel;
}

export function tellServiceWorker(message: object): void {
  navigator.serviceWorker?.controller?.postMessage(message);
}
