"""Drives, folders and files of this PC, read only.

https://learn.microsoft.com/windows/win32/fileio/file-management
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path, PureWindowsPath

from agent.model import FileId
from agent.ports import Drive, Entry
from agent.windows import api, attributes, drives, opening
from agent.windows.paths import openable, plain
from agent.windows.streaming import NumberedFile

_FILE_ID_INFO = 18
"""https://learn.microsoft.com/windows/win32/api/minwinbase/ne-minwinbase-file_info_by_handle_class"""
_VOLUME_NAME_DOS, _VOLUME_NAME_GUID = 0, 1
_PATH_CHARACTERS = 32_768


class WindowsDisks:
    """Implements `agent.ports.Disks`; an empty drive never opens a window that asks for a disc."""

    flavour = PureWindowsPath

    def drives(self) -> Sequence[Drive]:
        """See `Disks`."""
        return drives.drives()

    def entry(self, path: str) -> Entry:
        """See `Disks`."""
        with opening.quiet_errors():
            seen = os.lstat(openable(path))
        pure = PureWindowsPath(path)
        return _entry(pure.name or pure.anchor, seen)

    def identity(self, path: str) -> FileId:
        """See `Disks`; 128 bits where the file system has them (ReFS).

        https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-file_id_info
        """
        with opening.quiet_errors(), _looked_at(path) as handle:
            found = api.FileIdInfo()
            size = ctypes.sizeof(found)
            if api.GetFileInformationByHandleEx(handle, _FILE_ID_INFO, ctypes.byref(found), size):
                return FileId(int(found.volume), int.from_bytes(bytes(found.number), "little"))
            seen = opening.information(handle, path)
            return FileId(int(seen.volume), (int(seen.index_high) << 32) | int(seen.index_low))

    def canonical(self, path: str) -> str:
        """See `Disks`; a mapped letter becomes its share."""
        with opening.quiet_errors(), _looked_at(path) as handle:
            for form in (_VOLUME_NAME_DOS, _VOLUME_NAME_GUID):
                buffer = ctypes.create_unicode_buffer(_PATH_CHARACTERS)
                if api.GetFinalPathNameByHandleW(handle, buffer, _PATH_CHARACTERS, form):
                    return plain(buffer.value)
            raise api.last_error(path)

    def entries(self, path: str) -> Iterator[Entry]:
        """See `Disks`; each entry's facts come with the list, no file is opened for them."""
        with opening.quiet_errors():
            listing = os.scandir(openable(path))
        with listing:
            for found in listing:
                yield _entry(found.name, found.stat(follow_symlinks=False))

    def names(self, path: str) -> tuple[list[str], list[str]]:
        """See `Disks`; only a folder's attributes are looked at, and they come with the list."""
        with opening.quiet_errors():
            listing = os.scandir(openable(path))
        folders: list[str] = []
        files: list[str] = []
        with listing:
            for found in listing:
                if not found.is_dir(follow_symlinks=False):
                    files.append(found.name)
                elif _is_real_folder(found.stat(follow_symlinks=False)):
                    folders.append(found.name)
        return folders, files

    def read(self, path: str, limit: int) -> bytes:
        """See `Disks`."""
        with _opened(path) as file:
            if os.fstat(file.fileno()).st_size > limit:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
            data = file.read(limit + 1)
        if len(data) > limit:  # it grew meanwhile
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return data

    def sha256(self, path: str) -> str:
        """See `Disks`."""
        with _opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def local(self, path: str) -> Path:
        """See `Disks`."""
        return Path(openable(path))


def _opened(path: str) -> io.BufferedReader:
    """What the path leads to; a placeholder is told from the list, before anything is opened."""
    with opening.quiet_errors():
        opening.refuse_placeholder(_bits(os.lstat(openable(path))), path)
        descriptor = opening.open_following(path)
    return io.BufferedReader(NumberedFile(descriptor))


def _looked_at(path: str) -> AbstractContextManager[int]:
    return opening.opened(path, opening.READ_ATTRIBUTES, flags=opening.BACKUP_SEMANTICS)


def _bits(seen: os.stat_result) -> int:
    """https://docs.python.org/3/library/os.html#os.stat_result.st_file_attributes."""
    return int(getattr(seen, "st_file_attributes", 0))


def _is_real_folder(seen: os.stat_result) -> bool:
    bits = _bits(seen)
    is_link = attributes.is_link(bits, getattr(seen, "st_reparse_tag", 0))
    return not is_link and not attributes.is_placeholder(bits)


def _entry(name: str, seen: os.stat_result) -> Entry:
    """What the system says of one file or folder, as our value."""
    bits = _bits(seen)
    is_link = attributes.is_link(bits, getattr(seen, "st_reparse_tag", 0))
    is_directory = bool(bits & attributes.DIRECTORY)
    return Entry(
        name,
        is_directory,
        is_link or stat.S_ISLNK(seen.st_mode),
        attributes.is_placeholder(bits),
        0 if is_directory else seen.st_size,
        seen.st_mtime_ns,
    )
