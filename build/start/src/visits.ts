/** Whether this browser is to keep the whole site for when there is no network: what the visitor chose, else from a second visit on. */

/** Milliseconds after the first visit from which on another page is another visit. */
const VISIT = 30 * 60 * 1000;

interface Memory {
  /** When the first page was opened, in milliseconds since the epoch. */
  first: number;
  /** What the visitor chose; absent: nothing yet. */
  chosen?: boolean;
}

interface Connection {
  saveData?: boolean;
  type?: string;
  effectiveType?: string;
}

const key = (site: URL) => `explorer-visits ${site.pathname}`;

function remembered(site: URL): Memory {
  const now: Memory = { first: Date.now() };
  try {
    const found = JSON.parse(localStorage.getItem(key(site)) ?? "null") as Memory | null;
    if (typeof found?.first === "number") return found;
    localStorage.setItem(key(site), JSON.stringify(now));
  } catch {
    // Where storage is refused every visit is the first.
  }
  return now;
}

/** Whether the connection, or the visitor, asks for restraint. Where a browser does not tell, it does not. */
export function isMetered(): boolean {
  const { saveData, type, effectiveType = "" } = (navigator as { connection?: Connection }).connection ?? {};
  return saveData === true || type === "cellular" || /2g|3g/.test(effectiveType);
}

/** Whether the visitor asked for the whole site: by choice, or by installing it. */
export function isChosen(site: URL): boolean {
  const { chosen } = remembered(site);
  return chosen ?? matchMedia("(display-mode: standalone)").matches;
}

/** Whether everything is to be kept, now that the page is quiet. */
export function keepsAll(site: URL): boolean {
  const { first, chosen } = remembered(site);
  return isChosen(site) || (chosen !== false && Date.now() - first >= VISIT && !isMetered());
}

/** Remembers what the visitor chose. */
export function choose(site: URL, chosen: boolean): void {
  try {
    localStorage.setItem(key(site), JSON.stringify({ ...remembered(site), chosen } satisfies Memory));
  } catch {
    // It holds for this page.
  }
}
