/**
 * Keeps what V8 compiled of JupyterLab's code, so that the next visit does not compile it again: half a second of its start.
 *
 * Chromium keeps a script's bytecode beside the copy in the Cache API when it runs from there: of a script that the
 * page has run before, of every function that was called. On a first visit it ran before there was a service worker. So it
 * runs once more, in a frame, where it does nothing (site/chunks.py).
 */

declare global {
  interface PerformanceResourceTiming {
    /** Chromium's: "cache-storage" where the service worker gave a copy of the Cache API. */
    readonly deliveryType?: string;
  }
  interface Window {
    /** JupyterLab's code is to be compiled here, not run. */
    explorerCompiles?: true;
  }
}

/** Milliseconds without any of EVENTS. What follows stops the page for some 130 ms. */
const STILL = 3000;
const EVENTS = ["keydown", "pointerdown", "pointermove", "wheel"];
const BUNDLE = "build/notebooks/bundle.js";
/** A file of the build that is next to nothing: the frame gets its files from the service worker as this page does. */
const EMPTY = "notebooks/jupyter-lite.json";

/** Once the visitor's hands are still. Where it fails, the next visit compiles. */
export function keepBytecode(site: URL): void {
  const script = document.querySelector<HTMLLinkElement>("#jupyter-lite-main")?.href ?? "";
  const [loaded] = performance.getEntriesByName(script) as PerformanceResourceTiming[];
  // Other browsers keep no bytecode there.
  if (!("userAgentData" in navigator) || !script.startsWith(new URL(BUNDLE, site).href) || loaded?.deliveryType === "cache-storage") return;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(begin, STILL);
  };
  const begin = () => {
    for (const event of EVENTS) removeEventListener(event, wait, true);
    requestIdleCallback(() => void runInFrame(script, new URL(EMPTY, site)).catch(() => undefined));
  };
  for (const event of EVENTS) addEventListener(event, wait, { capture: true, passive: true });
  wait();
}

async function runInFrame(script: string, empty: URL): Promise<void> {
  await navigator.serviceWorker?.ready;
  if (!navigator.serviceWorker?.controller) return;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = empty.href;
  document.body.append(frame);
  try {
    await new Promise((resolve) => (frame.onload = resolve));
    const inside = frame.contentWindow!;
    inside.explorerCompiles = true;
    await inside.fetch(script); // now the service worker has it
    await new Promise((resolve, reject) => {
      const element = inside.document.createElement("script");
      Object.assign(element, { src: script, onload: resolve, onerror: reject });
      inside.document.head.append(element);
    });
  } finally {
    frame.remove();
  }
}
