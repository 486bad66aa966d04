"""The calls that change a file or its name, each thin; `file_ops` decides on their order.

https://learn.microsoft.com/windows/win32/fileio/file-management-functions
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from agent.windows import api, attributes, opening
from agent.windows.paths import openable
from agent.windows.replacing import Names
from agent.windows.volumes import file_system

REPLACING_FILE_SYSTEMS = frozenset({"NTFS", "REFS", ""})
"""Those that know `ReplaceFileW`; one that does not say its name is tried."""
COPY_BYTES = 1 << 20
EPOCH_STEPS = 116_444_736_000_000_000
"""100 ns steps from 1601 to 1970."""
_REPLACE_EXISTING, _WRITE_THROUGH = 0x1, 0x8


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

    def replace(self, names: Names) -> None:
        """See `ReplaceCalls`; keeps access rights, creation time and streams of the old file.

        https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-replacefilew
        """
        api.ReplaceFileW.succeed(
            openable(names.target), openable(names.staged), openable(names.backup),
            0, None, None, path=names.target,
        )  # fmt: skip

    def move(self, source: str, target: str, *, over: bool = False) -> None:
        """See `ReplaceCalls`; never a copy to another volume.

        https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw
        """
        flags = _REPLACE_EXISTING | _WRITE_THROUGH if over else 0
        api.MoveFileExW.succeed(openable(source), openable(target), flags, path=target)

    def copy_aside(self, source: str, target: str) -> None:
        """See `ReplaceCalls`; what was copied in part is removed."""
        before = Path(openable(source)).stat().st_mtime_ns
        reader = opening.open_to_read(source)
        try:
            writer = create_new(target)
            try:
                while chunk := os.read(reader, COPY_BYTES):
                    write_all(writer, memoryview(chunk))
                finish(writer, before)
            except BaseException:
                with suppress(OSError):
                    os.close(writer)
                with suppress(OSError):
                    self.remove(target)
                raise
        finally:
            os.close(reader)

    def exists(self, path: str) -> bool:
        """See `ReplaceCalls`."""
        return os.path.lexists(openable(path))

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
    done = os.write(descriptor, data)
    while done < len(data):
        done += os.write(descriptor, data[done:])


def finish(descriptor: int, mtime_ns: int | None) -> None:
    """Flush, set the modification time (nanoseconds since 1970), and close.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-flushfilebuffers
    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-setfiletime
    """
    import msvcrt  # noqa: PLC0415 - Windows only

    os.fsync(descriptor)
    if mtime_ns is not None:
        handle = api.of_windows(msvcrt, "get_osfhandle")(descriptor)
        time = file_time(mtime_ns)
        api.SetFileTime.succeed(handle, None, None, ctypes.byref(time))
    os.close(descriptor)


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
