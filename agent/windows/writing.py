"""The calls that change a file or its name, each thin; `file_ops` decides on their order.

https://learn.microsoft.com/windows/win32/fileio/file-management-functions
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from agent.windows import api, attributes, opening, streaming
from agent.windows.paths import openable
from agent.windows.replacing import Names
from agent.windows.volumes import file_system

REPLACING_FILE_SYSTEMS = frozenset({"NTFS", "REFS", ""})
"""Those that know `ReplaceFileW`; one that does not say its name is tried."""
COPY_BYTES = 1 << 20
EPOCH_STEPS = 116_444_736_000_000_000
"""100 ns steps from 1601 to 1970."""
ABSENT_WINERRORS = frozenset({2, 3})
"""No such file, no such folder; every other number says nothing about what is there."""
_REPLACE_EXISTING, _WRITE_THROUGH = 0x1, 0x8
_IGNORE_MERGE_ERRORS, _IGNORE_ACL_ERRORS = 0x2, 0x4


class DiskCalls:
    """Implements `replacing.ReplaceCalls` on the disk."""

    def __init__(self) -> None:
        self._replacing: dict[int, bool] = {}
        """What each volume can, by its number: asking takes longer than replacing a file."""

    def can_replace(self, path: str) -> bool:
        """See `ReplaceCalls`."""
        volume = Path(openable(path)).stat().st_dev
        if volume not in self._replacing:
            self._replacing[volume] = file_system(path) in REPLACING_FILE_SYSTEMS
        return self._replacing[volume]

    def replace(self, names: Names, *, merging: bool = True) -> None:
        """See `ReplaceCalls`; keeps access rights, creation time and streams of the old file.

        The system opens the staged file with `WRITE_DAC`, unless errors of merging are ignored.
        https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
        """
        flags = 0 if merging else _IGNORE_MERGE_ERRORS | _IGNORE_ACL_ERRORS
        api.ReplaceFileW.succeed(
            openable(names.target), openable(names.staged), openable(names.backup),
            flags, None, None, path=names.target,
        )  # fmt: skip

    def move(self, source: str, target: str, *, over: bool = False) -> None:
        """See `ReplaceCalls`; never a copy to another volume.

        https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw
        """
        flags = _WRITE_THROUGH | (_REPLACE_EXISTING if over else 0)
        api.MoveFileExW.succeed(openable(source), openable(target), flags, path=target)

    def copy_aside(self, source: str, target: str) -> None:
        """See `ReplaceCalls`; what was copied in part is removed when the system lets us."""
        before = Path(openable(source)).stat().st_mtime_ns
        reader = opening.open_to_read(source)
        try:
            writer = create_new(target)
            try:
                _copy(reader, writer, before)
            except BaseException:
                with suppress(OSError):
                    self.remove(target)
                raise
        finally:
            os.close(reader)

    def exists(self, path: str) -> bool:
        """See `ReplaceCalls`."""
        try:
            os.lstat(openable(path))
        except OSError as error:
            if not says_absent(error):
                raise
            return False
        return True

    def remove(self, path: str) -> None:
        """See `ReplaceCalls`; a read-only file too."""
        long = Path(openable(path))
        try:
            long.unlink()
        except PermissionError:
            if not get_attributes(path) & attributes.READ_ONLY:
                raise
            set_attributes(path, attributes.NORMAL)
            long.unlink()

    def refusal(self, path: str) -> OSError | None:
        """See `ReplaceCalls`; the file is opened with the right to rename it, nothing is done."""
        try:
            with opening.opened(path, opening.DELETE, flags=opening.OPEN_REPARSE_POINT):
                return None
        except OSError as error:
            return error


def says_absent(error: OSError) -> bool:
    """Whether a refused look means that nothing is there, not that it could not be looked at.

    Python's class of it does not tell: a share that is off is "not found" to it as well.
    """
    return getattr(error, "winerror", None) in ABSENT_WINERRORS


def create_new(path: str, bits: int = 0) -> int:
    """A descriptor of a file that did not exist; others may read it meanwhile.

    Args:
        path: absolute; its folder gives it its access rights.
        bits: attributes that it gets.

    Raises:
        FileExistsError: because something is there, be it a link that leads nowhere.
        OSError: because the system refused.
    """
    handle = opening.create(
        path,
        opening.GENERIC_READ | opening.GENERIC_WRITE,
        share=opening.SHARE_READ,
        disposition=opening.CREATE_NEW,
        flags=bits | opening.OPEN_REPARSE_POINT,
    )
    return opening.descriptor_of(handle, os.O_RDWR)


def write_all(descriptor: int, data: memoryview) -> None:
    """Append all of the data."""
    done = streaming.write(descriptor, data)
    while done < len(data):
        done += streaming.write(descriptor, data[done:])


def finish(descriptor: int, mtime_ns: int | None) -> None:
    """Flush, set the modification time (nanoseconds since 1970), and close, whatever happens.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-flushfilebuffers
    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-setfiletime
    """
    import msvcrt  # noqa: PLC0415 - Windows only

    try:
        streaming.flush(descriptor)
        if mtime_ns is not None:
            handle = api.of_windows(msvcrt, "get_osfhandle")(descriptor)
            time = file_time(mtime_ns)
            api.SetFileTime.succeed(handle, None, None, ctypes.byref(time))
    finally:
        os.close(descriptor)


def _copy(reader: int, writer: int, mtime_ns: int) -> None:
    """All bytes, then `finish`; the writer is closed, whatever happens."""
    try:
        while chunk := os.read(reader, COPY_BYTES):
            write_all(writer, memoryview(chunk))
    except BaseException:
        os.close(writer)
        raise
    finish(writer, mtime_ns)


def file_time(time_ns: int) -> api.FileTime:
    """Nanoseconds since 1970 as Windows counts."""
    steps = time_ns // 100 + EPOCH_STEPS
    return api.FileTime(steps & 0xFFFFFFFF, steps >> 32)


def get_attributes(path: str) -> int:
    """The attribute bits of a file or folder, of a link itself.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfileattributesw

    Raises:
        OSError: because it is not there or may not be seen.
    """
    found = api.GetFileAttributesW(openable(path))
    if found == attributes.INVALID:
        raise api.last_error(path)
    return int(found)


def set_attributes(path: str, bits: int) -> None:
    """Give a file or folder the attributes that people set (`attributes.KEPT`).

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-setfileattributesw

    Raises:
        OSError: because the system refused.
    """
    kept = bits & attributes.KEPT
    api.SetFileAttributesW.succeed(openable(path), kept or attributes.NORMAL, path=path)
