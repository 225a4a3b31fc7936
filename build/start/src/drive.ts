/** The notebook's files in Python: through the service worker where it is heard, else in memory until the page is left. */

/** What is used here of Emscripten's file system. */
export interface Mounting {
  mount(type: unknown, options: object, mountpoint: string): unknown;
  filesystems: { MEMFS: unknown };
}

/** Where JupyterLite's kernel puts the visitor's files. */
const DRIVE = "/drive";
/** The service worker answers this with WORD; a server with the picture. */
export const QUESTION = "favicon.svg?service-worker";
export const WORD = "heard";
/** It may just be starting: how often it is asked, and milliseconds in between. */
const TRIES = 10;
const WAIT = 200;

/** Whether the site's service worker hears this worker. */
export async function isHeard(site: URL): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries) await new Promise((resolve) => setTimeout(resolve, WAIT));
    const word = await fetch(new URL(QUESTION, site), { cache: "no-store" }).then((answer) => answer.text(), () => "");
    if (word === WORD) return true;
  }
  return false;
}

/** Has files that would go through the service worker stay in memory. */
export function keepInMemory(fs: Mounting): void {
  const mount = fs.mount.bind(fs);
  fs.mount = (type, options, mountpoint) =>
    mountpoint === DRIVE ? mount(fs.filesystems.MEMFS, {}, mountpoint) : mount(type, options, mountpoint);
}
