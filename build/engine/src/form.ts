/**
 * In which form a browser takes the site's WebAssembly: `plain`, of which it keeps the machine code for the next visit, or
 * `packed` (site/packed.py), a quarter smaller on the line.
 */
export type Form = "plain" | "packed";

declare const localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };

/**
 * The form to take: the one that came first, which lies in the browser's cache.
 *
 * @param engine the address of engine.js: with another version of it all comes anew.
 * @param isSlow whether bytes are what a visitor waits for; asked where none has come.
 */
export function form(engine: URL, isSlow = false): Form {
  // By version: of the one that is kept for offline use it is still known when the next has come.
  const key = `explorer-form ${engine.pathname}`;
  const chosen = isSlow ? "packed" : "plain";
  try {
    const came = localStorage.getItem(key);
    if (came === "packed" || came === "plain") return came;
    localStorage.setItem(key, chosen);
  } catch {
    // Storage is refused; a worker has none.
  }
  return chosen;
}
