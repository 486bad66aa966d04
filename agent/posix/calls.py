"""The two calls that Python lacks on POSIX (ctypes): `syncfs` and `renameat2`.

Belongs to the adapters beside `agent.windows`. One flush of the volume replaces one per file, and
one rename that never overwrites replaces a link and an unlink (PERFORMANCE: "put back").
"""

from __future__ import annotations

import ctypes
import errno
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

RENAME_NOREPLACE = 1
"""https://man7.org/linux/man-pages/man2/rename.2.html"""
_AT_FDCWD = -100
_NOT_SUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
"""What a kernel without the call, or a file system without the flag, answers."""


def rename_no_replace(source: Path, target: Path) -> bool:
    """Give a file another name in one step that never overwrites.

    Returns:
        False where the system or the file system can't; nothing has changed then.

    Raises:
        FileExistsError: because something stands at the target.
        OSError: because the system refused.
    """
    call = _function("renameat2")
    if call is None:
        return False
    here, there = os.fsencode(source), os.fsencode(target)
    if call(_AT_FDCWD, here, _AT_FDCWD, there, RENAME_NOREPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(source), None, str(target))


def sync_volume(path: Path) -> None:
    """Write everything of the file system that holds a folder to its disk.

    Where the system has no `syncfs` (https://man7.org/linux/man-pages/man2/syncfs.2.html) all
    file systems are flushed; on Windows nothing is: there each file is flushed by itself.

    Args:
        path: a folder on that file system.

    Raises:
        OSError: because the folder could not be opened or its file system could not be written.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | os.O_CLOEXEC)
    try:
        if not _syncfs(descriptor):
            os.sync()
    finally:
        os.close(descriptor)


def _syncfs(descriptor: int) -> bool:
    """False where the C library does not have it.

    Raises:
        OSError: because the file system could not be written.
    """
    call = _function("syncfs")
    if call is None:
        return False
    if call(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True


@lru_cache
def _function(name: str) -> Any:
    """A function of the C library, None where it does not have it."""
    if os.name == "nt":
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), name, None)
