"""Takes back what mail, chat and editors do to an address: docs/links.md, "As mail and chat leave them". Pure functions,
the same as in build/labextension/src/links/mend.ts. Nothing here decides whether a repair is right: the
link's own check does."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

#: Breaks, soft hyphens and marks without width or of direction, as characters and percent-encoded.
INVISIBLE = re.compile(
    "[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|"
    "%(?:0[9ad]|c2%a[0d]|e2%80%(?:8[b-f]|a[89a-e])|e2%81%a[0-4]|ef%bb%bf)",
    re.IGNORECASE,
)
#: What stands behind an address in a sentence, a list or a tag.
BEHIND = re.compile(
    r"""(?:[.,;:!?)\]}>"'*|»”’…]|%(?:22|27|2c|3b|3e|5d|7c|7d|c2%bb|e2%80%(?:99|9d|a6)))+$""", re.IGNORECASE
)
ENCODED = re.compile(r"[\w-]+%(?:25)*3d", re.IGNORECASE | re.ASCII)
#: Encoded so many times, an address is still one; so many characters may stand behind it, whatever a hostile one has.
MOST_TIMES, MOST_BEHIND = 3, 100


def plain(text: str) -> str:
    """A fragment without what was added to it on its way, its marks of its own as they were."""
    found = INVISIBLE.sub("", text)
    # All of it was percent-encoded, `=` and `&` included: as whoever wrote it would not have done.
    for _ in range(MOST_TIMES):
        if not ENCODED.match(found):
            break
        try:
            found = unquote_to_bytes(found).decode()
        except UnicodeError:
            break
    # Quoted-printable, as mail has it.
    if found.startswith("v=3D"):
        found = found.replace("=3D", "=")
    found = re.sub(r"&(?:amp;|#38;|#x26;)+", "&", found, flags=re.IGNORECASE)
    return re.sub(r"%26(?=(?:name|snapshot|env|nb|same)=)", "&", found)


def candidates(text: str) -> list[str]:
    """Fragments that `text` may have been as a link that carries a notebook, the likeliest first: at most six."""
    first = plain(text)
    first = first[:-MOST_BEHIND] + BEHIND.sub("", first[-MOST_BEHIND:])
    parts = re.match(r"(.*&|)nb=([^&]*)(.*)$", first, re.DOTALL)
    if not parts:
        return [first]
    head, payload, tail = parts.groups()
    made = []
    # Spaces, quote marks, soft breaks: no letter of base64url. An editor makes one dash of two.
    payload = re.sub(r"—|%e2%80%94", "--", re.sub(r"%20|%3e", "", payload, flags=re.I), flags=re.I)
    for dash in ("--", "-"):
        bare = re.sub(r"[^\w-]", "", re.sub(r"–|%e2%80%93", dash, payload, flags=re.I), flags=re.ASCII)
        made += [bare, re.sub(r"[_-]\Z", "", bare), re.sub(r"[_-]{1,9}\Z", "", bare)]
    return [f"{head}nb={letters}{tail}" for letters in dict.fromkeys(made)]


def split(url: str) -> tuple[str, str]:
    """The address and the fragment (without `#`) of a link, also where its `#` was percent-encoded."""
    address, _, fragment = re.sub(r"""^[\s<("'\[]+""", "", url).partition("#")
    if not fragment and (encoded := re.search(r"%(?:25)*23(?=v(?:=|%(?:25)*3d))", address, re.IGNORECASE)):
        address, fragment = address[: encoded.start()], address[encoded.end() :]
    return address.strip(), fragment
