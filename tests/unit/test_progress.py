"""Progress out, the wish to stop in; from several threads."""

from __future__ import annotations

import threading

import pytest

from agent.errors import Stopped
from agent.outcomes import ExitCode
from agent.progress import Progress, Stage, Watch


def test_tells_every_step_with_its_totals() -> None:
    told: list[Progress] = []
    watch = Watch(told.append)
    watch.start(Stage.COPY, 3, 300)
    watch.advance(1, 100)
    watch.advance(size=50)
    assert told == [
        Progress(Stage.COPY, 0, 3, 0, 300),
        Progress(Stage.COPY, 1, 3, 100, 300),
        Progress(Stage.COPY, 1, 3, 150, 300),
    ]
    assert watch.now == told[-1]


def test_a_new_stage_starts_from_nothing() -> None:
    watch = Watch()
    watch.start(Stage.LOOK, 9, 9)
    watch.advance(9, 9)
    watch.start(Stage.CHECK)
    assert watch.now == Progress(Stage.CHECK, 0, 0, 0, 0)


def test_goes_on_until_somebody_asks_to_stop() -> None:
    watch = Watch()
    watch.check()
    assert not watch.stopping
    watch.stop()
    assert watch.stopping
    with pytest.raises(Stopped) as caught:
        watch.check()
    assert (caught.value.problem, caught.value.exit_code) == ("stopped", ExitCode.STOPPED)


def test_no_stage_begins_after_a_stop() -> None:
    told: list[Progress] = []
    watch = Watch(told.append)
    watch.stop()
    with pytest.raises(Stopped):
        watch.start(Stage.PUT_BACK, 1)
    assert told == []
    watch.advance(1)  # what was in hand is still counted
    assert watch.now.files_done == 1


def test_counts_right_from_many_threads() -> None:
    watch = Watch(lambda progress: None)
    watch.start(Stage.LOOK, 4000)

    def work() -> None:
        for _ in range(1000):
            watch.advance(1, 3)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (watch.now.files_done, watch.now.bytes_done) == (4000, 12000)
