"""Every write of a repair on Windows: implements `agent.repair.file_ops.FileOps`.

What is often over in a moment is tried again (`retrying`); nothing is ever copied over a target.
https://learn.microsoft.com/windows/win32/fileio/file-management-functions
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from agent.windows import api, attributes, opening, writing
from agent.windows.paths import openable
from agent.windows.replacing import Names, ReplaceCalls, replace_keeping
from agent.windows.retrying import retrying

T = TypeVar("T")

_OPEN_ALWAYS = 4


class WindowsFileOps:
    """The port on Windows; paths may be longer than 260 characters."""

    def __init__(
        self, sleep: Callable[[float], None] = time.sleep, calls: ReplaceCalls | None = None
    ) -> None:
        """Take the pause between attempts (seconds) and, for tests, another disk."""
        self._sleep = sleep
        self._calls = calls or writing.DiskCalls()

    def make_directory(self, path: Path) -> None:
        """See `FileOps`; it inherits its rights, as a folder made by hand does."""
        self._retrying(lambda: _long(path).mkdir())

    def create_staging(self, path: Path) -> int:
        """See `FileOps`; hidden by its attribute."""
        return self._retrying(lambda: writing.create_new(str(path), attributes.HIDDEN))

    def write(self, descriptor: int, data: memoryview) -> None:
        """See `FileOps`."""
        writing.write_all(descriptor, data)

    def finish(self, descriptor: int, path: Path, mtime_ns: int | None) -> None:
        """See `FileOps`; each file is flushed by itself, because a volume can't be."""
        del path
        writing.finish(descriptor, mtime_ns)

    def discard(self, descriptor: int) -> None:
        """See `FileOps`."""
        with suppress(OSError):  # closed already where `finish` failed
            os.close(descriptor)

    def match_attributes(self, model: Path, path: Path) -> None:
        """See `FileOps`; access rights need no care: `ReplaceFileW` keeps those of the old file."""
        bits = writing.get_attributes(str(model))
        self._retrying(lambda: writing.set_attributes(str(path), bits))

    def sync_volume(self, path: Path) -> None:
        """See `FileOps`; only administrators may flush a volume, so every file is by itself.

        https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-flushfilebuffers
        """

    def rename_no_clobber(self, source: Path, target: Path) -> None:
        """See `FileOps`; what was hidden while it was staged is shown first."""
        self._retrying(lambda: _show(str(source)))
        self._retrying(lambda: self._calls.move(str(source), str(target)))

    def replace_keeping(self, staged: Path, target: Path, backup: Path) -> None:
        """See `FileOps`; being read-only goes with the bytes, being hidden with the place."""
        names = Names(str(staged), str(target), str(backup))
        new, old = writing.get_attributes(names.staged), writing.get_attributes(names.target)
        try:
            self._retrying(lambda: _make_writable(names.staged, new))
            self._retrying(lambda: _make_writable(names.target, old))
            replace_keeping(names, self._calls, self._retrying)
        except BaseException:
            _set_back(names.staged, new)
            _set_back(names.target, old)
            raise
        hidden = attributes.HIDDEN
        _set_back(names.target, (new & ~hidden) | (old & hidden))
        _set_back(names.backup, old)

    def remove_file(self, path: Path) -> None:
        """See `FileOps`."""
        self._retrying(lambda: self._calls.remove(str(path)))

    def remove_directory(self, path: Path) -> None:
        """See `FileOps`."""
        self._retrying(lambda: _long(path).rmdir())

    def append(self, path: Path, data: bytes, at: int) -> None:
        """See `FileOps`; NTFS keeps its own record of the folder's change."""
        descriptor = self._retrying(lambda: _open_record(str(path)))
        try:
            os.ftruncate(descriptor, at)
            os.lseek(descriptor, at, os.SEEK_SET)
            writing.write_all(descriptor, memoryview(data))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def hide(self, path: Path) -> None:
        """See `FileOps`; by its attribute."""
        bits = writing.get_attributes(str(path))
        if not bits & attributes.HIDDEN:
            writing.set_attributes(str(path), bits | attributes.HIDDEN)

    def free_bytes(self, path: Path) -> int:
        """See `FileOps`; what this account's quota leaves.

        https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdiskfreespaceexw
        """
        free = ctypes.c_uint64()
        api.GetDiskFreeSpaceExW.succeed(
            openable(str(path)), ctypes.byref(free), None, None, path=str(path)
        )
        return int(free.value)

    def volume_id(self, path: Path) -> int:
        """See `FileOps`."""
        return _long(path).stat().st_dev

    def _retrying(self, call: Callable[[], T]) -> T:
        return retrying(call, self._sleep)


def _long(path: Path) -> Path:
    return Path(openable(str(path)))


def _show(path: str) -> None:
    bits = writing.get_attributes(path)
    if bits & attributes.HIDDEN:
        writing.set_attributes(path, bits & ~attributes.HIDDEN)


def _make_writable(path: str, bits: int) -> None:
    """`ReplaceFileW` refuses a read-only file on either side."""
    if bits & attributes.READ_ONLY:
        writing.set_attributes(path, bits & ~attributes.READ_ONLY)


def _set_back(path: str, bits: int) -> None:
    """Attributes are a courtesy: the bytes are in place, or are back, without them too."""
    with suppress(OSError):
        if (writing.get_attributes(path) ^ bits) & attributes.KEPT:
            writing.set_attributes(path, bits)


def _open_record(path: str) -> int:
    """Made when it is not there; never through a link.

    Raises:
        OSError: because it was refused; `ELOOP` for a link.
    """
    access = opening.GENERIC_READ | opening.GENERIC_WRITE
    handle = opening.create(
        path, access, disposition=_OPEN_ALWAYS, flags=opening.OPEN_REPARSE_POINT
    )
    try:
        opening.refuse_link(handle, path)
    except BaseException:
        api.CloseHandle(handle)
        raise
    return opening.descriptor_of(handle, os.O_RDWR)
