"""The notebook's data pin, which the interface tells the kernel before its first cell and whenever it changes.

It comes in a comm, not in hidden code: nothing appears in the history, and no execution is counted.
"""

import os

#: The comm's target; build/labextension/src/data-pin/kernel.ts opens it.
TARGET = "binance_futures.pin"
#: What `binance_futures.connect()` reads.
PIN = "BINANCE_FUTURES_SNAPSHOT"


def take_pin(_comm, message: dict) -> None:
    """Sets or removes the pin; the message's data is {"snapshot": an id or None}."""
    snapshot = message["content"]["data"].get("snapshot")
    if isinstance(snapshot, str) and snapshot:
        os.environ[PIN] = snapshot
    else:
        os.environ.pop(PIN, None)
