/**
 * Takes back what mail, chat and editors do to an address: docs/links.md, "As mail and chat leave them". Pure functions, the same as in
 * binance_futures/_mend.py. Nothing here decides whether a repair is right: the link's own check does, or what a notebook declares.
 */

/** Breaks, soft hyphens and marks without width or of direction, as characters and percent-encoded. */
const INVISIBLE = new RegExp(
  "[\\s\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff]|" +
    "%(?:0[9ad]|c2%a[0d]|e2%80%(?:8[b-f]|a[89a-e])|e2%81%a[0-4]|ef%bb%bf)",
  "giu",
);
/** What stands behind an address in a sentence, a list or a tag. */
const MARKS = "(?:[.,;:!?)\\]}>\"'*|»”’…]|%(?:22|27|2c|3b|3e|5d|7c|7d|c2%bb|e2%80%(?:99|9d|a6)))+$";
const BEHIND = new RegExp(MARKS, "iu");
/** Encoded so many times, an address is still one; so many characters may stand behind it, whatever a hostile one has. */
const MOST_TIMES = 3;
const MOST_BEHIND = 100;

/** A fragment or query without what was added to it on its way, its marks of its own as they were. */
export function plain(text: string): string {
  let found = text.replace(INVISIBLE, "");
  // All of it was percent-encoded, `=` and `&` included: as whoever wrote it would not have done.
  for (let times = 0; times < MOST_TIMES && /^[\w-]+%(?:25)*3d/i.test(found); times++) {
    try {
      found = decodeURIComponent(found);
    } catch {
      break;
    }
  }
  // Quoted-printable, as mail has it.
  if (/^v=3D/.test(found)) found = found.replace(/=3D/g, "=");
  return found.replace(/&(?:amp;|#38;|#x26;)+/gi, "&").replace(/%26(?=(?:name|snapshot|env|nb|same)=)/g, "&");
}

/** `text` without what stands behind an address. */
export const withoutBehind = (text: string): string => text.slice(0, -MOST_BEHIND) + text.slice(-MOST_BEHIND).replace(BEHIND, "");

/** Fragments that `text` may have been as a link that carries a notebook, the likeliest first: at most six. */
export function candidates(text: string): string[] {
  const first = withoutBehind(plain(text));
  const [head, payload, tail] = /^(|[\s\S]*&)nb=([^&]*)([\s\S]*)$/.exec(first)?.slice(1) ?? [];
  if (payload === undefined) return [first];
  // Spaces, quote marks, soft breaks: no letter of base64url. An editor makes one dash of two.
  const made = ["--", "-"].flatMap((dash) => {
    const bare = payload.replace(/%20|%3e/gi, "").replace(/—|%e2%80%94/gi, "--").replace(/–|%e2%80%93/gi, dash).replace(/[^\w-]/g, "");
    return [bare, bare.replace(/[_-]$/, ""), bare.replace(/[_-]{1,9}$/, "")];
  });
  return [...new Set(made)].map((letters) => `${head}nb=${letters}${tail}`);
}

/** Whether a fragment (without `#`) is, or was, a link that carries a notebook. */
export const isLink = (fragment: string): boolean => /^v=/.test(plain(fragment));

/**
 * The part of an address after the site's base, repaired: `%23` for the `#` that it was, and nothing behind it; null where it is as it
 * should be.
 *
 * @param path path and query, e.g. `open/symbol-timeline/%23symbol=SOLUSDT`; `fragment` without `#`
 */
export function mendedAddress(path: string, fragment: string): string | null {
  const [, before, encoded] =
    /^([^?]*?(?:\/|\.html)|.*?\.ipynb)%(?:25)*23(?=[A-Za-z_]\w*(?:=|%(?:25)*3d))(.*)$/i.exec(path) ?? [];
  const query = (before ?? path).replace(/&(?:amp;|#38;)+/gi, "&");
  // What follows `.ipynb` or a folder's slash is no part of a notebook's name, or of a page's.
  const bare = query.replace(new RegExp(`(?<=\\.ipynb|/|\\.html)${MARKS}`, "iu"), "");
  const hash = encoded ?? fragment;
  const mended = bare + (hash ? `#${hash}` : "");
  return mended === path + (fragment ? `#${fragment}` : "") ? null : mended;
}
