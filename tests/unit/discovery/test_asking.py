"""asking: answers and errors come back, silence does not block what is asked next, threads end."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from agent.discovery.asking import Asker, SilentError

SECONDS = 5.0


def lookers():
    return [thread for thread in threading.enumerate() if thread.name == "look"]


def test_gives_answers_and_errors_from_one_thread():
    asker = Asker()
    threads = {asker.ask(threading.current_thread, SECONDS) for _ in range(3)}
    assert len(threads) == 1
    assert threads != {threading.current_thread()}

    def fail():
        raise FileNotFoundError(2, "gone")

    with pytest.raises(FileNotFoundError):
        asker.ask(fail, SECONDS)
    assert asker.ask(lambda: "still here", SECONDS) == "still here"


def test_a_question_that_hangs_is_left_behind_and_the_next_is_answered():
    asker, end = Asker(), threading.Event()
    with pytest.raises(SilentError):
        asker.ask(end.wait, 0.02)
    assert asker.ask(lambda: 7, SECONDS) == 7
    end.set()


def test_its_thread_ends_with_it():
    before = set(lookers())
    asker = Asker()
    asker.ask(lambda: None, SECONDS)
    assert len(set(lookers()) - before) == 1
    del asker
    gc.collect()
    until = time.monotonic() + SECONDS
    while set(lookers()) - before and time.monotonic() < until:
        time.sleep(0.001)
    assert set(lookers()) <= before
