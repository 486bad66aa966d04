"""Progress and stopping, shared by everything that can take long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from agent.errors import Stopped


class Stage(StrEnum):
    """What is happening now."""

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


class Watch:
    """Carries progress out and the wish to stop in; safe to use from several threads."""

    def __init__(self, tell: Callable[[Progress], None] | None = None) -> None:
        self._tell = tell
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
        self._publish(Progress(stage, 0, files, 0, size))

    def advance(self, files: int = 0, size: int = 0) -> None:
        """Some files or bytes are done; call it per batch, not per kilobyte."""
        with self._lock:
            now = self._now
            later = Progress(
                now.stage,
                now.files_done + files,
                now.files_total,
                now.bytes_done + size,
                now.bytes_total,
            )
            self._now = later
        if self._tell is not None:
            self._tell(later)

    @property
    def now(self) -> Progress:
        """The latest snapshot."""
        return self._now

    def _publish(self, progress: Progress) -> None:
        with self._lock:
            self._now = progress
        if self._tell is not None:
            self._tell(progress)
