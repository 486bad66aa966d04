"""Trying again what is often over in a moment: a scanner or an indexer that has the file open.

https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

RETRY_WINERRORS = frozenset({5, 32, 33, 1224})
"""Access denied, sharing violation, lock violation, mapped section open."""
RETRY_PAUSES_MS = (50, 100, 200, 400, 800, 1000)
"""Milliseconds before each further attempt."""


def retrying(call: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """Call until it works, it fails for another reason, or the pauses are used up.

    Args:
        call: what to try; must change nothing when it fails.
        sleep: pauses, in seconds.

    Raises:
        OSError: what the last attempt raised.
    """
    for pause in RETRY_PAUSES_MS:
        try:
            return call()
        except OSError as error:
            if getattr(error, "winerror", None) not in RETRY_WINERRORS:
                raise
        sleep(pause / 1000)
    return call()
