"""Questions that may never be answered, put to one thread that is left behind when it hangs.

A dead disk keeps whoever asks it waiting for minutes. A thread for every question would cost more
than most answers; one that answers them in turn costs a tenth of that.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class SilentError(Exception):
    """No answer came in time; never leaves the search."""


class _Question(Generic[Answer]):
    """One question and what came of it."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._question = question
        self._answers: list[Answer] = []
        self._error: Exception | None = None
        self.done = threading.Event()

    def put(self) -> None:
        """Ask it, here and now."""
        try:
            self._answers.append(self._question())
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            self._error = error
        self.done.set()

    def answer(self) -> Answer:
        """What was answered, or the error."""
        if self._error is not None:
            raise self._error
        return self._answers[0]


class Asker:
    """Asks from a thread of its own, which ends with this object; not for nested questions."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Question[object] | None] | None = None

    def ask(self, question: Callable[[], Answer], seconds: float) -> Answer:
        """Ask, and wait at most so long.

        Raises:
            SilentError: because no answer came in time; the thread is left behind.
            OSError: as the question, or whatever else it raises.
        """
        put: _Question[Answer] = _Question(question)
        if self._queue is None:
            self._queue = self._started()
        self._queue.put(put)  # type: ignore[arg-type] # the thread passes answers on unseen
        if not put.done.wait(seconds):
            self._queue = None
            raise SilentError
        return put.answer()

    def _started(self) -> SimpleQueue[_Question[object] | None]:
        queue: SimpleQueue[_Question[object] | None] = SimpleQueue()
        threading.Thread(target=_serve, args=(queue,), name="look", daemon=True).start()
        weakref.finalize(self, queue.put, None)
        return queue


def _serve(queue: SimpleQueue[_Question[object] | None]) -> None:
    while (question := queue.get()) is not None:
        question.put()
