"""Waiting for a source no longer than is sensible: one that hangs is one that is gone.

A dead share can block a call for minutes and no call can be broken off from outside. So the call
runs in a thread of its own, which is left behind when it does not come back; whatever it still
does reaches nobody.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Sequence
from typing import BinaryIO, Generic, TypeVar

from agent.errors import SourceGoneError, Stopped
from agent.model import Coverage, Wanted
from agent.progress import Progress, Stage, Watch
from agent.sources.base import Source

PATIENCE_SECONDS = 60.0
"""Without any progress. Windows itself gives a dead server up after about as long."""
LISTEN_SECONDS = 0.1
"""How often a wish to stop is heard while a source is busy."""

T = TypeVar("T")


def ask(
    source: Source, wanted: Sequence[Wanted], watch: Watch, *, patience: float = PATIENCE_SECONDS
) -> Coverage:
    """The coverage of one source; unreachable when it makes no progress for too long.

    Args:
        source: who is asked.
        wanted: what for.
        watch: progress and stopping; stopping is heard even while the source hangs.
        patience: seconds without progress.

    Raises:
        Stopped: because somebody asked for it.
    """
    pulse = _Pulse(watch)
    call = _Call(lambda: source.coverage(wanted, pulse))
    while not call.done.wait(min(LISTEN_SECONDS, patience)):
        if watch.stopping or pulse.still_seconds() > patience:
            pulse.abandon()
            watch.check()
            return Coverage(source.source_id, source.kind, frozenset(), reachable=False)
    return call.result()


def within(patience: float, source_id: str, work: Callable[[], T]) -> T:
    """What a call gives, or `SourceGoneError` when it does not come back in time.

    Args:
        patience: seconds.
        source_id: named in the error.
        work: must not touch what the caller goes on using.

    Raises:
        SourceGoneError: because it took too long; besides that whatever the call raises.
    """
    call = _Call(work)
    if not call.done.wait(patience):
        raise SourceGoneError(source_id)
    return call.result()


class PatientStream(io.RawIOBase, BinaryIO):
    """A stream whose reads are waited for no longer than `patience` seconds each."""

    def __init__(self, stream: BinaryIO, source_id: str, patience: float) -> None:
        super().__init__()
        self._stream, self._source_id, self._patience = stream, source_id, patience
        self._hangs = False

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; the read has one of its own, which may come back too late.

        Raises:
            SourceGoneError: because it took too long.
        """
        size = len(buffer)
        try:
            data = within(self._patience, self._source_id, lambda: self._stream.read(size))
        except SourceGoneError:
            self._hangs = True
            raise
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Give the file back, unless closing it would hang as well."""
        if not self._hangs:
            self._stream.close()
        super().close()


class _Call(Generic[T]):
    """A call in a thread of its own."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.done = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def result(self) -> T:
        """What it gave; what it raised is raised here. Only after `done`."""
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # set by `_run` when there is no error

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self._value = work()
        except BaseException as error:  # noqa: BLE001  raised again in the caller's thread
            self._error = error
        self.done.set()


class _Pulse(Watch):
    """Passes progress on to the caller's watch and knows when it last did."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._to, self._last, self._abandoned = watch, time.monotonic(), False

    def still_seconds(self) -> float:
        """How long nothing has been heard."""
        return time.monotonic() - self._last

    def abandon(self) -> None:
        """Nobody waits any more: the work ends at its next check."""
        self._abandoned = True

    @property
    def stopping(self) -> bool:
        """Whether the work should end."""
        return self._abandoned or self._to.stopping

    @property
    def now(self) -> Progress:
        """The latest snapshot of the caller's watch."""
        return self._to.now

    def check(self) -> None:
        """Called by the work; a sign of life.

        Raises:
            Stopped: because somebody asked for it, or nobody waits any more.
        """
        if self.stopping:
            raise Stopped
        self._last = time.monotonic()

    def start(self, stage: Stage, files: int = 0, size: int = 0) -> None:
        """A new stage begins."""
        self.check()
        self._to.start(stage, files, size)

    def advance(self, files: int = 0, size: int = 0) -> None:
        """Some files or bytes are done."""
        self.check()
        self._to.advance(files, size)
