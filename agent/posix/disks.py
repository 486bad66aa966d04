"""Folders and files on POSIX, read only.

There are no drives: nobody wants a sweep over a whole server. What is asked for by path is
answered as on Windows, so that the search runs on a development machine too.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from agent.model import FileId
from agent.ports import Drive, Entry


class PosixDisks:
    """Implements `agent.ports.Disks`."""

    flavour = PurePosixPath

    def drives(self) -> Sequence[Drive]:
        """None: see the module."""
        return ()

    def entry(self, path: str) -> Entry:
        """See `Disks`."""
        return _entry(PurePosixPath(path).name or path, os.lstat(path))

    def identity(self, path: str) -> FileId:
        """See `Disks`."""
        seen = Path(path).stat()
        return FileId(seen.st_dev, seen.st_ino)

    def canonical(self, path: str) -> str:
        """See `Disks`."""
        return os.path.realpath(path, strict=True)

    def entries(self, path: str) -> Iterator[Entry]:
        """See `Disks`; an entry that goes meanwhile is left out."""
        with os.scandir(path) as listing:
            for found in listing:
                try:
                    seen = found.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                yield _entry(found.name, seen)

    def names(self, path: str) -> tuple[list[str], list[str]]:
        """See `Disks`; the list itself says which entries are folders."""
        folders: list[str] = []
        files: list[str] = []
        with os.scandir(path) as listing:
            for found in listing:
                names = folders if found.is_dir(follow_symlinks=False) else files
                names.append(found.name)
        return folders, files

    def read(self, path: str, limit: int) -> bytes:
        """See `Disks`."""
        with _opened(path) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return data

    def sha256(self, path: str) -> str:
        """See `Disks`."""
        with _opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def local(self, path: str) -> Path:
        """See `Disks`."""
        return Path(path)


def _opened(path: str) -> io.BufferedReader:
    """A regular file; a pipe that nobody writes to is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            _refuse(path)
        return io.BufferedReader(io.FileIO(descriptor, closefd=True))
    except BaseException:
        os.close(descriptor)
        raise


def _refuse(path: str) -> None:
    """What opening a folder, a pipe or a device comes down to.

    Raises:
        OSError: `EISDIR` for a folder, else `EINVAL`.
    """
    number = errno.EISDIR if Path(path).is_dir() else errno.EINVAL
    raise OSError(number, os.strerror(number), path)


def _entry(name: str, seen: os.stat_result) -> Entry:
    is_directory = stat.S_ISDIR(seen.st_mode)
    return Entry(
        name,
        is_directory,
        is_link=stat.S_ISLNK(seen.st_mode),
        size=0 if is_directory else seen.st_size,
        mtime_ns=seen.st_mtime_ns,
    )
