"""Progress and stopping, shared by everything that can take long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from agent.errors import Stopped

FIRST_AFTER_S = 3.0
"""Seconds before anything is said about the time left."""
FIRST_SHARE = 0.05
"""Part of the bytes that is done before anything is said about it."""
EVERY_S = 2.0
"""Seconds between two estimates."""
WEIGHT = 0.3
"""Of the newest speed against those before it."""
MINUTES_ABOVE_S = 90
"""Above this many seconds people are told whole minutes."""
STEPS_S = (10, 60)
"""How much an estimate may go up at once: below and above `MINUTES_ABOVE_S`."""


class Stage(StrEnum):
    """What is happening now."""

    FIND = "find"
    LOOK = "look"
    SOURCES = "sources"
    COPY = "copy"
    PUT_BACK = "put-back"
    CHECK = "check"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of the work; `done` and `total` are bytes, or 0 where nothing is known yet."""

    stage: Stage
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    seconds_left: int | None = None
    """An estimate; None where none can be made yet."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """An estimate from the speed in bytes, smoothed; a value, so that it can be tested."""

    began_s: float
    """Reading of the clock when the stage began."""
    at_s: float
    """Reading of the clock at the latest measurement."""
    done: int = 0
    """Bytes that were done then."""
    speed: float = 0.0
    """Bytes a second; 0 before the first measurement."""
    seconds: int | None = None
    """What is said now; None before anything can be said."""

    def after(self, now_s: float, done: int, total: int) -> TimeLeft:
        """The estimate once more is done.

        Args:
            now_s: reading of a clock that never goes back.
            done: bytes that are done.
            total: bytes of the whole stage, 0 where that is not known.
        """
        elapsed = now_s - self.at_s
        early = now_s - self.began_s < FIRST_AFTER_S or done < FIRST_SHARE * total
        if not total or early or elapsed < EVERY_S or done <= self.done:
            return self
        newest = (done - self.done) / elapsed
        speed = WEIGHT * newest + (1 - WEIGHT) * self.speed if self.speed else newest
        seconds = ceil(max(0, total - done) / speed)
        if self.seconds is not None:
            step = STEPS_S[self.seconds > MINUTES_ABOVE_S]
            seconds = min(seconds, self.seconds + step)
        return TimeLeft(self.began_s, now_s, done, speed, seconds)


class Watch:
    """Carries progress out and the wish to stop in; safe to use from several threads."""

    def __init__(
        self,
        tell: Callable[[Progress], None] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._left = TimeLeft(0, 0)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._now = Progress(Stage.LOOK, 0, 0, 0, 0)

    def stop(self) -> None:
        """Ask the work to stop at the next safe point."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Called often by the work.

        Raises:
            Stopped: because somebody asked for it.
        """
        if self._stop.is_set():
            raise Stopped

    def start(self, stage: Stage, files: int = 0, size: int = 0) -> None:
        """A new stage begins, with its totals where known."""
        self.check()
        now_s = self._clock()
        with self._lock:
            self._left = TimeLeft(now_s, now_s)
            now = self._now = Progress(stage, 0, files, 0, size)
        if self._tell is not None:
            self._tell(now)

    def advance(self, files: int = 0, size: int = 0) -> None:
        """Some files or bytes are done; call it per batch, not per kilobyte."""
        with self._lock:
            now = self._now
            done = now.bytes_done + size
            self._left = self._left.after(self._clock(), done, now.bytes_total)
            later = self._now = replace(
                now,
                files_done=now.files_done + files,
                bytes_done=done,
                seconds_left=self._left.seconds,
            )
        if self._tell is not None:
            self._tell(later)

    @property
    def now(self) -> Progress:
        """The latest snapshot."""
        return self._now
