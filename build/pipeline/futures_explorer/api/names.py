"""Names of symbols as addresses and as backtesters spell them."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

# ccxt's and freqtrade's spelling: BASE/QUOTE:SETTLE, and -YYMMDD where the contract is delivered.
_CONTRACT = re.compile(r"([^/:_\s]+)(USDT|USDC|BUSD)(?:_(\d{6}))?")
#: Bytes of a file name; disks allow 255, and an ending must fit.
_LONGEST = 200


def file_stem(symbol: str) -> str:
    """The name of a symbol's file, without its ending: letters of any script, digits, `_` and `-` stay as they are.

    Everything else becomes `~` and two hexadecimal digits for each byte of its UTF-8, which no URL encodes again and no
    disk takes for a folder. A name that no disk would hold is cut, and ends in 16 digits of its SHA-256.
    """
    stem = "".join(
        c if c.isalnum() or c in "_-" else "".join(f"~{byte:02X}" for byte in c.encode()) for c in symbol
    )
    if len(stem.encode()) <= _LONGEST:
        return stem
    short = stem.encode()[: _LONGEST - 17].decode(errors="ignore")
    return f"{short}~{hashlib.sha256(symbol.encode()).hexdigest()[:16]}"


def address(symbol: str) -> str:
    """The address of a symbol's file, from `latest/` on, ready for a URL."""
    return f"symbols/{quote(file_stem(symbol), safe='~')}.json"


def pair(symbol: str) -> str | None:
    """BTCUSDT → BTC/USDT:USDT, BTCUSDT_240329 → BTC/USDT:USDT-240329; None where the name is built otherwise."""
    found = _CONTRACT.fullmatch(symbol)
    if not found:
        return None
    base, quoted, delivery = found.groups()
    return f"{base}/{quoted}:{quoted}" + (f"-{delivery}" if delivery else "")
