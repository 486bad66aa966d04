"""What the operating system said while writing, as the reason ids that results carry.

Branches on the number, never on the class of the exception: CPython folds many Windows errors
into few classes (https://github.com/python/cpython/blob/main/PC/errmap.h).
"""

from __future__ import annotations

import errno

from agent.errors import ItError
from agent.outcomes import ExitCode

FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_WINERRORS = frozenset({39, 112, 1295})
"""Handle disk full, disk full, disk quota exceeded."""
_DISK_ERRNOS = frozenset({errno.EIO})
_DISK_WINERRORS = frozenset({23, 1117})
"""CRC error, I/O device error."""
_LOCKED_WINERRORS = frozenset({32, 33, 1224})
"""Sharing violation, lock violation, mapped section open."""
_TOO_LARGE_WINERRORS = frozenset({223})
"""File too large: FAT32 holds files up to 4 GiB less one byte
(https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-)."""
_BY_ERRNO = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "no-rights"),
    errno.ENAMETOOLONG: "name-too-long",
    errno.EFBIG: "file-too-large",
}


def reason_of(error: OSError) -> str:
    """The reason id of a failed write."""
    number = getattr(error, "winerror", None)
    if is_full(error):
        return "disk-full"
    if number in _DISK_WINERRORS or error.errno in _DISK_ERRNOS:
        return "disk-problem"
    if number in _LOCKED_WINERRORS or error.errno in {errno.EBUSY, errno.ETXTBSY}:
        return "locked"
    if number in _TOO_LARGE_WINERRORS:
        return "file-too-large"
    return _BY_ERRNO.get(error.errno or 0, "write-failed")


def is_full(error: OSError) -> bool:
    """The volume, or this account's share of it, has no room left."""
    return error.errno in FULL_ERRNOS or getattr(error, "winerror", None) in FULL_WINERRORS


def fatal(error: OSError, place: str) -> ItError | None:
    """The error that ends a whole run, None when it concerns one file only.

    Args:
        error: what the system said.
        place: the folder that was written to, for people.
    """
    if is_full(error):
        return ItError("disk-full", ExitCode.DISK_FULL, place=place, needed=0, free=0)
    if reason_of(error) == "disk-problem":
        return ItError("disk-problem", ExitCode.DISK_ERROR, place=place)
    return None


def as_error(error: OSError, place: str) -> ItError:
    """The error for a write without which the run can't go on (journal, lock)."""
    ended = fatal(error, place)
    if ended is not None:
        return ended
    if reason_of(error) == "no-rights":
        return ItError("no-rights", ExitCode.NO_RIGHTS, place=place)
    return ItError("cannot-write", ExitCode.NO_RIGHTS, place=place, why=error.strerror or "")
