"""Stepping back for others while much is read.

https://learn.microsoft.com/windows/win32/procthread/scheduling-priorities
"""

from __future__ import annotations

from collections.abc import Callable

BELOW_NORMAL = 0x4000
"""``BELOW_NORMAL_PRIORITY_CLASS``."""
NICER = 5
"""Added to the niceness on POSIX."""


def lower_priority() -> Callable[[], None]:
    """Let other programs go first; where the system refuses, nothing happens.

    Returns:
        What gives the old priority back; on POSIX only root may raise it again.
    """
    import psutil  # noqa: PLC0415 - 30 ms that only a sweep needs

    process = psutil.Process()
    try:
        before = process.nice()
        process.nice(BELOW_NORMAL if psutil.WINDOWS else min(before + NICER, 19))
    except (psutil.Error, OSError):
        return _nothing

    def restore() -> None:
        try:
            process.nice(before)
        except (psutil.Error, OSError):
            return

    return restore


def _nothing() -> None:
    """There is nothing to give back."""
