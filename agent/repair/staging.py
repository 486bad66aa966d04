"""Bring every wanted file, verified, under a hidden name into its target folder.

Hashes while copying; bytes that are not the wanted ones never get further than that, and the next
source is asked. Several threads, each with one buffer that it reuses. Nothing here touches a
listed file: what is staged becomes visible only by `site.Site.put`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Protocol, cast

import msgspec

from agent.errors import NotInSourceError, SourceGoneError
from agent.model import ManifestFile, OsProblem, Result, Step, StepResult, Wanted
from agent.progress import Watch
from agent.repair import troubles
from agent.repair.containment import PathRefusedError, resolve_ours
from agent.repair.site import Site
from agent.sources.ledger import Ledger

BUFFER_BYTES = 256 * 1024
"""One per thread."""
MAX_THREADS = 4
TELL_FILES = 32
"""Progress is told per this many files ..."""
TELL_BYTES = 4 << 20
"""... or bytes, whichever comes first."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Reader(Protocol):
    """What sources hand out: binary streams can all do this."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One step on its way."""

    step: Step
    path: str
    """Below the root, as on disk where it is there already."""
    staged: str
    expected: ManifestFile


@dataclass(slots=True)
class Staged:
    """What came of staging."""

    sources: dict[str, str] = field(default_factory=dict)
    """Hidden name to the source that gave the bytes: staged and verified."""
    problems: list[StepResult] = field(default_factory=list)


class _ReadError(Exception):
    """A source could not be read; kept apart from trouble with writing."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def stage(site: Site, items: Sequence[Item], ledger: Ledger, watch: Watch, threads: int) -> Staged:
    """Stage all items; trouble with a single file is part of the result.

    Raises:
        Stopped: because somebody asked for it; what was staged is left for the caller to remove.
        ItError: because the volume is full or gives errors; the same.
    """
    work = _Work(site, ledger, watch, sorted(items, key=lambda item: -item.expected.size))
    count = max(1, min(threads, MAX_THREADS, len(items)))
    if count == 1:
        work.run()
    else:
        with ThreadPoolExecutor(count) as pool:
            for future in [pool.submit(work.run) for _ in range(count)]:
                future.exception()
    if work.failure is not None:
        raise work.failure
    work.staged.problems.sort(key=lambda problem: problem.path)
    return work.staged


class _Work:
    """The queue that the threads share, and their results."""

    def __init__(self, site: Site, ledger: Ledger, watch: Watch, items: Sequence[Item]) -> None:
        self.staged = Staged()
        self.failure: BaseException | None = None
        self._site = site
        self._ledger = ledger
        self._watch = watch
        self._lock = threading.Lock()
        self._queue: Iterator[Item] = iter(items)

    def run(self) -> None:
        """Take items until there are none, or until another thread failed."""
        copier = _Copier(self._site, self._ledger, self._watch)
        try:
            while (item := self._next()) is not None:
                self._note(item, copier.bring(item))
            copier.tell()
        except BaseException as error:  # noqa: BLE001 - carried to the caller's thread
            with self._lock:
                self.failure = self.failure or error

    def _next(self) -> Item | None:
        with self._lock:
            return None if self.failure is not None else next(self._queue, None)

    def _note(self, item: Item, came: str | StepResult) -> None:
        with self._lock:
            if isinstance(came, str):
                self.staged.sources[item.staged] = came
            else:
                self.staged.problems.append(came)


class _Copier:
    """One thread's buffer and its way through the sources."""

    def __init__(self, site: Site, ledger: Ledger, watch: Watch) -> None:
        self._site = site
        self._ledger = ledger
        self._watch = watch
        self._view = memoryview(bytearray(BUFFER_BYTES))
        self._files = 0
        self._bytes = 0

    def bring(self, item: Item) -> str | StepResult:
        """Stage one item: the id of the source that had it, or what stood in the way."""
        self._watch.check()
        try:
            came = self._from_sources(item)
        except PathRefusedError as error:
            return StepResult(item.step.path, Result.FAILED, reason=error.refusal.value)
        except OSError as error:
            ended = troubles.fatal(error, self._site.root.path)
            if ended is not None:
                raise ended from error
            problem = OsProblem.from_exception(error)
            reason = troubles.reason_of(error)
            return StepResult(item.step.path, Result.FAILED, reason=reason, error=problem)
        self._count(item)
        return came

    def tell(self) -> None:
        """Pass on the progress that was saved up."""
        self._watch.advance(self._files, self._bytes)
        self._files = self._bytes = 0

    def _count(self, item: Item) -> None:
        self._files += 1
        self._bytes += item.expected.size
        if self._files >= TELL_FILES or self._bytes >= TELL_BYTES:
            self.tell()

    def _from_sources(self, item: Item) -> str | StepResult:
        expected = item.expected
        wanted = Wanted(expected.sha256, expected.size, expected.path)
        reason, problem, source_id = "no-source", None, None
        for source_id, stream in self._ledger.streams(wanted, item.step.source_ids or None):
            try:
                with stream:
                    if self._copy(item, stream):
                        self._ledger.used(source_id)
                        return source_id
                reason, problem = "wrong-bytes", None
                self._ledger.false_answer(source_id)
            except SourceGoneError:
                reason, problem = "source-gone", None
                self._ledger.gone(source_id)
            except NotInSourceError:
                continue
            except _ReadError as error:
                reason, problem = "source-unreadable", OsProblem.from_exception(error.error)
        return StepResult(item.step.path, Result.FAILED, source_id, reason, problem)

    def _copy(self, item: Item, stream: BinaryIO) -> bool:
        """Copy into a fresh hidden file; false, and nothing left, when the bytes are others."""
        ops = self._site.ops
        path = resolve_ours(self._site.root, item.staged)
        descriptor = ops.create_staging(path)
        try:
            right = self._pour(item.expected, cast("_Reader", stream), descriptor)
        except BaseException:
            ops.discard(descriptor)
            self._site.remove_hidden(item.staged)
            raise
        if right:
            ops.finish(descriptor, path, mtime_of(item.expected))
        else:
            ops.discard(descriptor)
            self._site.remove_hidden(item.staged)
        return right

    def _pour(self, expected: ManifestFile, stream: _Reader, descriptor: int) -> bool:
        digest = hashlib.sha256()
        left = expected.size
        while left:
            got = _read(stream, self._view[:left])
            if not got:
                return False
            chunk = self._view[:got]
            self._site.ops.write(descriptor, chunk)
            digest.update(chunk)
            left -= got
            self._watch.check()
        return digest.hexdigest() == expected.sha256


def mtime_of(file: ManifestFile) -> int | None:
    """The vendor's modification time in nanoseconds, None where the manifest has none."""
    if isinstance(file.mtime, msgspec.UnsetType):
        return None
    passed = datetime.fromisoformat(file.mtime) - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000_000


def _read(stream: _Reader, view: memoryview) -> int:
    try:
        return stream.readinto(view) or 0
    except OSError as error:
        raise _ReadError(error) from error
