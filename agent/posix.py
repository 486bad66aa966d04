"""The one call that Python lacks on POSIX: flushing one file system (ctypes, `syncfs`).

Belongs to the adapters beside `agent.windows`. One flush of the volume replaces one per file
(PERFORMANCE: "put back").
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path


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
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return False
    if call(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True
