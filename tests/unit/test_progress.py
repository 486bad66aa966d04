"""Progress out, the wish to stop in; from several threads."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Stopped
from agent.outcomes import ExitCode
from agent.progress import MINUTES_ABOVE_S, Progress, Stage, TimeLeft, Watch


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


# The time left.

BEGUN = TimeLeft(0, 0)


def test_nothing_is_said_before_three_seconds_and_five_percent() -> None:
    assert BEGUN.after(2.9, 50, 100).seconds is None
    assert BEGUN.after(10, 4, 100).seconds is None
    assert BEGUN.after(3, 5, 100).seconds == 57
    assert BEGUN.after(60, 50, 0).seconds is None


def test_an_estimate_stands_for_two_seconds() -> None:
    first = BEGUN.after(10, 10, 100)
    assert first.seconds == 90
    assert first.after(11.9, 60, 100) == first
    assert first.after(12, 12, 100).seconds == 88


def test_a_change_of_speed_is_smoothed() -> None:
    first = BEGUN.after(10, 10, 100)  # 1 a second
    assert first.after(20, 30, 100).speed == pytest.approx(1.3)


@pytest.mark.parametrize(("total", "before", "after"), [(50, 40, 50), (200, 190, 250)])
def test_never_goes_up_by_more_than_one_step(total: int, before: int, after: int) -> None:
    first = BEGUN.after(10, 10, total)
    assert first.seconds == before
    assert first.after(1000, 11, total).seconds == after


@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(st.floats(0.1, 100), st.floats(0, 0.2)), max_size=60),
)
def test_whatever_the_speed_an_estimate_keeps_its_promises(
    total: int, steps: list[tuple[float, float]]
) -> None:
    left, now, done = BEGUN, 0.0, 0
    for passed, share in steps:
        now, done = now + passed, min(total, done + int(share * total))
        later = left.after(now, done, total)
        if later.seconds is None:
            assert left.seconds is None
        else:
            assert later.seconds >= 0
            assert now >= 3
            step = 60 if (left.seconds or 0) > MINUTES_ABOVE_S else 10
            assert left.seconds is None or later.seconds <= left.seconds + step
        left = later


def test_a_watch_tells_the_time_left_and_forgets_it_with_the_stage() -> None:
    readings = iter([0.0, 1.0, 10.0, 20.0])
    watch = Watch(clock=lambda: next(readings))
    watch.start(Stage.COPY, 2, 100)
    watch.advance(size=5)
    assert watch.now.seconds_left is None
    watch.advance(size=45)
    assert watch.now == Progress(Stage.COPY, 0, 2, 50, 100, 10)
    watch.start(Stage.PUT_BACK, 2, 100)
    assert watch.now.seconds_left is None
