"""Every write of a repair, one method each: the port between our order of steps and the disk.

Owns how a single step is done safely on this system. Does not know about plans, journals or which
path may be written: `containment` decides that, right before each call. Because nothing else in
`repair` writes, a test that wraps this port can stop a run before and after every step.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from agent.posix import calls
from agent.windows.file_ops import WindowsFileOps

FILE_MODE = 0o666
"""Narrowed by the umask, so that a staged file gets what its folder gives any new file."""
FOLDER_MODE = 0o777
COPY_BYTES = 1 << 20
"""Bytes per read where a link is not possible and an original has to be copied."""
NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
"""What a file system without hard links answers (FAT, exFAT), or one that forbids this link."""
NO_ATTRIBUTES = frozenset({errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})
"""What a file system without owners and modes answers (FAT through FUSE): nothing is lost then."""
_OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class FileOps(Protocol):
    """What a repair may do to a disk. Every method raises `OSError` when it could not."""

    def make_directory(self, path: Path) -> None:
        """Make one folder; raises `FileExistsError` when anything is there."""
        ...

    def create_staging(self, path: Path) -> int:
        """Make a hidden file that did not exist, never through a link; gives its descriptor."""
        ...

    def write(self, descriptor: int, data: memoryview) -> None:
        """Append all of `data` to a staged file."""
        ...

    def finish(self, descriptor: int, path: Path, mtime_ns: int | None) -> None:
        """Set the modification time (nanoseconds), close, and flush where a volume can't be."""
        ...

    def discard(self, descriptor: int) -> None:
        """Close a staged file that failed; its name is removed by `remove_file`."""
        ...

    def match_attributes(self, model: Path, path: Path) -> None:
        """Give a staged file the mode of the file whose place it will take."""
        ...

    def sync_volume(self, path: Path) -> None:
        """Everything written so far on the volume of `path` survives a power cut afterwards."""
        ...

    def rename_no_clobber(self, source: Path, target: Path) -> None:
        """Give a file another name on its volume; raises `FileExistsError`, never overwrites."""
        ...

    def replace_keeping(self, staged: Path, target: Path, backup: Path) -> None:
        """Put `staged` in the place of `target` and keep the old bytes as `backup`.

        At every instant the complete old and the complete new bytes stand under two of the three
        names. On POSIX `target` is one of them always; `ReplaceFileW`, and a move over a file on
        FAT, have a moment at which nothing is called `target`: a kill or power cut there leaves
        that, and so may an error where somebody holds both files. So who calls this has noted the
        three names before, and looks by content after an error (`site.bring_back`). Any other error
        leaves `target` the old one and `backup` free; a `backup` that is taken is never
        overwritten, `FileExistsError` says so.
        """
        ...

    def remove_file(self, path: Path) -> None:
        """Remove one file; callers give names of ours only."""
        ...

    def remove_directory(self, path: Path) -> None:
        """Remove one folder, only when it is empty."""
        ...

    def append(self, path: Path, data: bytes, at: int) -> None:
        """Write `data` at offset `at` of a record file, end it there, and flush it."""
        ...

    def hide(self, path: Path) -> None:
        """Keep a file or folder of ours out of people's sight; the leading dot does it here."""
        ...

    def free_bytes(self, path: Path) -> int:
        """Room for this account on the volume of `path`, in bytes."""
        ...

    def volume_id(self, path: Path) -> int:
        """Which volume `path` is on."""
        ...


class PosixFileOps:
    """The port on POSIX, with whatever of links and renames the file system has."""

    def __init__(
        self,
        link: Callable[[Path, Path], None] | None = None,
        move: Callable[[Path, Path], bool] = calls.rename_no_replace,
    ) -> None:
        """Take, for tests, a disk that can do less."""
        self._link = link or _link
        self._move = move

    def make_directory(self, path: Path) -> None:
        """See `FileOps`."""
        path.mkdir(mode=FOLDER_MODE)

    def create_staging(self, path: Path) -> int:
        """See `FileOps`; hidden by the dot that its name begins with."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN_FLAGS, FILE_MODE)

    def write(self, descriptor: int, data: memoryview) -> None:
        """See `FileOps`."""
        done = os.write(descriptor, data)
        while done < len(data):
            done += os.write(descriptor, data[done:])

    def finish(self, descriptor: int, path: Path, mtime_ns: int | None) -> None:
        """See `FileOps`."""
        del path
        try:
            if mtime_ns is not None:
                os.utime(descriptor, ns=(mtime_ns, mtime_ns))
        finally:
            os.close(descriptor)

    def discard(self, descriptor: int) -> None:
        """See `FileOps`."""
        os.close(descriptor)

    def match_attributes(self, model: Path, path: Path) -> None:
        """See `FileOps`; the owner too where this account may give files away."""
        seen = model.lstat()
        with _where_it_has_attributes():
            if os.geteuid() == 0:
                os.chown(path, seen.st_uid, seen.st_gid, follow_symlinks=False)
            path.chmod(stat.S_IMODE(seen.st_mode))

    def sync_volume(self, path: Path) -> None:
        """See `FileOps`."""
        calls.sync_volume(path)

    def rename_no_clobber(self, source: Path, target: Path) -> None:
        """See `FileOps`; in one step, else by a link, else it looks and then renames.

        Only the last, on FAT and exFAT through FUSE, has a race.
        """
        if self._move(source, target):
            return
        try:
            self._link(source, target)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            _rename_after_looking(source, target)
        else:
            source.unlink()

    def replace_keeping(self, staged: Path, target: Path, backup: Path) -> None:
        """See `FileOps`."""
        self._keep(target, backup)
        try:
            staged.replace(target)
        except OSError:
            backup.unlink()
            raise

    def remove_file(self, path: Path) -> None:
        """See `FileOps`."""
        path.unlink()

    def remove_directory(self, path: Path) -> None:
        """See `FileOps`."""
        path.rmdir()

    def append(self, path: Path, data: bytes, at: int) -> None:
        """See `FileOps`; a new file's folder, and the folder that holds that, are flushed too."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _OPEN_FLAGS, FILE_MODE)
        try:
            os.ftruncate(descriptor, at)
            os.lseek(descriptor, at, os.SEEK_SET)
            self.write(descriptor, memoryview(data))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if at == 0:
            _flush_folder(path.parent)
            _flush_folder(path.parent.parent)

    def hide(self, path: Path) -> None:
        """See `FileOps`."""

    def free_bytes(self, path: Path) -> int:
        """See `FileOps`; one that does not tell its own size has room until it is full."""
        room = shutil.disk_usage(path)
        return room.free if room.total else sys.maxsize

    def volume_id(self, path: Path) -> int:
        """See `FileOps`."""
        return path.stat().st_dev

    def _keep(self, target: Path, backup: Path) -> None:
        """A second name for the old bytes, or where that can't be a flushed copy."""
        try:
            self._link(target, backup)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            _copy(target, backup)


def system_ops() -> FileOps:
    """The port of the system that this runs on."""
    return WindowsFileOps() if os.name == "nt" else PosixFileOps()


def _rename_after_looking(source: Path, target: Path) -> None:
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def _link(source: Path, target: Path) -> None:
    os.link(source, target, follow_symlinks=False)


def _copy(source: Path, target: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN_FLAGS
    descriptor = os.open(target, flags, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as written, source.open("rb") as read:
            shutil.copyfileobj(read, written, COPY_BYTES)
            written.flush()
            os.fsync(descriptor)
        seen = source.lstat()
        os.utime(target, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        with _where_it_has_attributes():
            target.chmod(stat.S_IMODE(seen.st_mode))
    except BaseException:
        target.unlink()
        raise


@contextmanager
def _where_it_has_attributes() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ATTRIBUTES:
            raise


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
