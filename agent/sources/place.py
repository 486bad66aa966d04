"""A folder that gives bytes and that may vanish at any moment: a stick, a share, a copy.

Owns the listing (one walk, once per run), the opening of one file below it, and the judgement
whether an error means *this file* or *the whole place*.
"""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Container
from pathlib import Path
from typing import BinaryIO

from agent.errors import NotInSourceError, SourceGoneError
from agent.hashing import open_regular
from agent.inventory import Tree, walk, with_separator
from agent.model import FileSeen
from agent.progress import Watch
from agent.windows.paths import openable

GONE_ERRNOS = frozenset(
    getattr(errno, name)
    for name in (
        "ENODEV", "ENXIO", "ENOMEDIUM", "ESTALE", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH",
        "ENETDOWN", "ENETUNREACH", "ECONNRESET", "ECONNABORTED", "ETIMEDOUT", "ESHUTDOWN",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""The medium or its host is away. EIO is not among them: one bad sector gives it too."""
GONE_WINERRORS = frozenset({21, 31, 55, 59, 64, 121, 433, 483, 1006, 1112, 1117, 1167})
"""Not ready, not functioning, resource gone, network error, name gone, semaphore timeout, no such
device, device failed, volume altered, no media, I/O device error, not connected
(https://learn.microsoft.com/windows/win32/debug/system-error-codes)."""


class Place:
    """One folder and what was seen below it; `open` may be called from several threads."""

    def __init__(self, root: str, source_id: str, *, skip: Container[str] = ()) -> None:
        """Remember where; nothing is read yet.

        Args:
            root: absolute.
            source_id: named in the errors.
            skip: relative folders that are not listed: the target itself.
        """
        self.root = root
        self._base = with_separator(root)
        self.source_id, self._skip = source_id, skip
        self._tree: Tree | None = None
        self._device: int | None = None
        self._lock = threading.Lock()

    def files(self, watch: Watch) -> list[FileSeen]:
        """Every regular file below it, sorted by path, from one walk per run.

        Raises:
            SourceGoneError: because the folder is not there or vanished while it was listed.
            Stopped: because somebody asked for it.
        """
        with self._lock:
            if self._tree is None:
                self._tree = self._list(watch)
            return self._tree.files

    def real(self, path: str) -> str:
        """The path on disk of one that `files` gave."""
        return path if self._tree is None else self._tree.real.get(path, path)

    @property
    def base(self) -> str:
        """What every path below it begins with."""
        return self._base

    def is_there(self) -> bool:
        """Whether the folder can still be listed and is on the volume it was on.

        A stick that was pulled out can leave an empty mount point behind.
        """
        place = openable(self.root)
        try:
            device = Path(place).stat().st_dev
            with os.scandir(place) as entries:
                next(entries, None)
        except OSError:
            return False
        return self._device is None or device == self._device

    def open(self, path: str, sha256: str) -> Stream:
        """A stream of one file; reading from it raises like this method does.

        Args:
            path: as `files` gave it.
            sha256: what it is asked for, named in the error.

        Raises:
            NotInSourceError: because this file is not there.
            SourceGoneError: because the whole place is not.
            OSError: because this file could not be read.
        """
        try:
            return Stream(open_regular(self._base + self.real(path)), self)
        except FileNotFoundError as error:
            self.raise_if_gone(error)
            raise NotInSourceError(self.source_id, sha256) from error
        except OSError as error:
            self.raise_if_gone(error)
            raise

    def raise_if_gone(self, error: OSError) -> None:
        """Tell a broken file from a place that is away.

        Raises:
            SourceGoneError: because the whole place is away.
        """
        if is_gone(error) or not self.is_there():
            raise SourceGoneError(self.source_id) from error

    def _list(self, watch: Watch) -> Tree:
        if not self.is_there():
            raise SourceGoneError(self.source_id)
        self._device = Path(openable(self.root)).stat().st_dev
        tree = walk(self.root, watch, skip=self._skip)
        if tree.unreadable and not self.is_there():
            raise SourceGoneError(self.source_id)
        return tree


class Stream(io.RawIOBase, BinaryIO):
    """A file of a place: an error while reading becomes `SourceGoneError` when it is one."""

    def __init__(self, file: io.FileIO, place: Place) -> None:
        super().__init__()
        self._file, self._place = file, place
        status = os.fstat(file.fileno())
        self.size = status.st_size
        self.mtime_ns = status.st_mtime_ns

    def readable(self) -> bool:
        """It can be read."""
        return True

    def fileno(self) -> int:
        """The descriptor, for those who ask the system about the file."""
        return self._file.fileno()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        try:
            return self._file.readinto(buffer)
        except OSError as error:
            self._place.raise_if_gone(error)
            raise

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
        super().close()


def is_gone(error: OSError) -> bool:
    """Whether the number alone says that the whole medium or host is away."""
    winerror = getattr(error, "winerror", None)
    return winerror in GONE_WINERRORS if winerror else error.errno in GONE_ERRNOS
