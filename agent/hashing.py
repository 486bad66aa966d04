"""SHA-256 of files, fast and without ever hanging: the only code that reads program files to hash.

Owns how a file is opened for reading (never through a link, never a pipe or a device), how it is
read (one buffer per thread, batches of files, large ones first) and what an error becomes (a value,
never an exception). It does not know which files are worth reading.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from agent.model import OsProblem
from agent.progress import Watch
from agent.windows.opening import open_to_read
from agent.windows.paths import openable
from agent.windows.streaming import NumberedFile, read_into

BUFFER_BYTES = 256 * 1024
"""One per thread, reused for every file; larger ones leave the processor's cache."""
BATCH_BYTES = 8 * 1024 * 1024
"""Work that a thread takes at once; also how often progress is told while many files are read."""
FILE_COST_BYTES = 16 * 1024
"""What opening a file costs, in bytes hashed in that time: keeps batches of tiny files short."""
TELL_BYTES = 16 * 1024 * 1024
"""Inside one large file: how often progress is told and a wish to stop is heard."""
MIN_THREADS = 2
MAX_THREADS = 4
"""Measured: 2 threads fill 2 warm cores, 4 lose 15 % there; cold, more than 4 gain nothing."""
_WINDOWS = os.name == "nt"
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)  # a link planted after the walk is an error, not a way out
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe without a writer would wait for ever
)
_QUIET_READ = getattr(os, "O_NOATIME", 0)
"""Looking leaves no trace in the access time, where the owner is the one who looks."""


class NotRegularError(OSError):
    """What stood there is a link, pipe or device by now."""


class Hashed(msgspec.Struct, frozen=True, gc=False):
    """One file after reading; the facts belong to the same moment."""

    sha256: str | None
    """None when it could not be read."""
    size: int
    mtime_ns: int
    error: OsProblem | None = None


def default_threads() -> int:
    """How many threads read when nobody says otherwise."""
    return max(MIN_THREADS, min(MAX_THREADS, os.cpu_count() or MIN_THREADS))


def open_regular(path: str) -> io.FileIO:
    """Open a regular file unbuffered, never through a link and never waiting for a pipe.

    Args:
        path: absolute.

    Raises:
        NotRegularError: because something else stands there.
        OSError: because it could not be opened.
    """
    descriptor = _open(openable(path))
    try:
        _regular(descriptor)
        return NumberedFile(descriptor) if _WINDOWS else io.FileIO(descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def hash_file(path: Path | str, buffer: bytearray | None = None) -> tuple[str, int]:
    """SHA-256 and size of one file.

    Args:
        path: absolute.
        buffer: where to read into; a new one of `BUFFER_BYTES` when not given.

    Raises:
        OSError: because it could not be read.
    """
    view = memoryview(buffer if buffer is not None else bytearray(BUFFER_BYTES))
    hashed = _hash(str(path), view, _heard_by_nobody)
    return hashed.sha256 or "", hashed.size


def hash_many(
    paths: Sequence[str],
    sizes: Sequence[int],
    *,
    base: str = "",
    threads: int | None = None,
    watch: Watch,
    on_error: Callable[[OSError], None] | None = None,
) -> list[Hashed]:
    """Hash files with several threads; an error becomes part of the result.

    Args:
        paths: absolute, or what follows `base`.
        sizes: bytes, as the walk saw them: to share the work well.
        base: put before every path only when it is read: long lists of long paths cost memory.
        threads: `default_threads` when not given.
        watch: told about files and bytes; its stage and totals are the caller's.
        on_error: hears of every file that cannot be read; what it raises ends the work.

    Returns:
        One result per path, in their order.

    Raises:
        Stopped: because somebody asked for it; noticed within `TELL_BYTES` of reading.
    """
    count = min(threads or default_threads(), max(1, len(paths)))
    pool = _Pool(paths, base, watch, on_error)
    pool.batches = _batches(sizes)
    helpers = [threading.Thread(target=pool.work, daemon=True) for _ in range(count - 1)]
    for helper in helpers:
        helper.start()
    pool.work()
    for helper in helpers:
        helper.join()
    return pool.finish()


class _Pool:
    """Batches that threads take, and what came of them."""

    def __init__(
        self,
        paths: Sequence[str],
        base: str,
        watch: Watch,
        on_error: Callable[[OSError], None] | None,
    ) -> None:
        self.batches: deque[list[int]] = deque()
        self._paths, self._base, self._watch, self._on_error = paths, base, watch, on_error
        self._results: list[Hashed | None] = [None] * len(paths)
        self._failure: BaseException | None = None

    def work(self) -> None:
        """Take batches until there are none; run by every thread."""
        view = memoryview(bytearray(BUFFER_BYTES))
        try:
            while self._failure is None and (batch := self._take()):
                self._do(batch, view)
        except BaseException as error:  # noqa: BLE001  raised in the caller's thread by `finish`
            self._failure = error

    def _take(self) -> list[int]:
        try:
            return self.batches.popleft()
        except IndexError:
            return []

    def finish(self) -> list[Hashed]:
        """The results; what ended a thread is raised here, in the caller's."""
        if self._failure is not None:
            raise self._failure
        return [result for result in self._results if result is not None]

    def _do(self, batch: list[int], view: memoryview) -> None:
        self._watch.check()
        told = 0

        def tell(size: int) -> None:
            nonlocal told
            self._watch.check()
            self._watch.advance(size=size)
            told += size

        total = 0
        for index in batch:
            result = self._hash(self._base + self._paths[index], view, tell)
            self._results[index] = result
            total += result.size if result.error is None else 0
        self._watch.advance(files=len(batch), size=max(0, total - told))

    def _hash(self, path: str, view: memoryview, tell: Callable[[int], None]) -> Hashed:
        try:
            return _hash(path, view, tell)
        except OSError as error:
            if self._on_error is not None:
                self._on_error(error)
            return Hashed(None, 0, 0, OsProblem.from_exception(error))


def _batches(sizes: Sequence[int]) -> deque[list[int]]:
    """Positions in groups of about `BATCH_BYTES` of work, the largest files first."""
    batches: deque[list[int]] = deque()
    batch: list[int] = []
    work = 0
    for index in sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True):
        batch.append(index)
        work += sizes[index] + FILE_COST_BYTES
        if work >= BATCH_BYTES:
            batches.append(batch)
            batch, work = [], 0
    if batch:
        batches.append(batch)
    return batches


def _hash(path: str, view: memoryview, tell: Callable[[int], None]) -> Hashed:
    """Read once; a file that changed meanwhile gets the size that was hashed and its new time."""
    descriptor = _open(openable(path))
    try:
        status = _regular(descriptor)
        read_next = _reader(descriptor, view)
        read = read_next()
        digest = hashlib.sha256(view[:read])
        if read != status.st_size or read == len(view):
            read += _hash_rest(digest, read_next, view, tell)
            status = os.fstat(descriptor)
        return Hashed(digest.hexdigest(), read, status.st_mtime_ns)
    finally:
        os.close(descriptor)


def _hash_rest(
    digest: hashlib._Hash,
    read_next: Callable[[], int],
    view: memoryview,
    tell: Callable[[int], None],
) -> int:
    """What follows the first buffer of a larger file; returns its bytes."""
    done = untold = 0
    while read := read_next():
        digest.update(view[:read])
        done += read
        untold += read
        if untold >= TELL_BYTES:
            tell(untold)
            untold = 0
    return done


def _reader(descriptor: int, view: memoryview) -> Callable[[], int]:
    """Fills the buffer; `readv` needs fewer system calls per file than a file object.

    On Windows the numbers decide: a locked region (33), a bad sector (23), a lost share (59, 64).
    """
    if sys.platform == "win32":
        return partial(read_into, descriptor, view)
    return partial(os.readv, descriptor, (view,))


def _regular(descriptor: int) -> os.stat_result:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "Not a regular file")
    return status


def _open(path: str) -> int:
    if _WINDOWS:
        return open_to_read(path)
    if not _QUIET_READ:
        return os.open(path, _OPEN_FLAGS)
    try:
        return os.open(path, _OPEN_FLAGS | _QUIET_READ)
    except PermissionError:  # only the owner may leave the access time alone
        return os.open(path, _OPEN_FLAGS)


def _heard_by_nobody(_size: int) -> None:
    """Progress of a single file."""
