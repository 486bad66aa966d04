"""agent.windows.retrying: what is over in a moment is waited for, nothing else."""

from __future__ import annotations

import errno

import pytest

from agent.windows.retrying import RETRY_PAUSES_MS, RETRY_WINERRORS, retrying


class _WindowsError(OSError):
    def __init__(self, number: int) -> None:
        super().__init__(errno.EACCES, "Access is denied")
        self.winerror = number


class _Refusing:
    """Refuses a number of times, then gives ``done``."""

    def __init__(self, number: int, times: int) -> None:
        self.number, self.times = number, times

    def __call__(self) -> str:
        if self.times:
            self.times -= 1
            raise _WindowsError(self.number)
        return "done"


@pytest.mark.parametrize("number", sorted(RETRY_WINERRORS))
def test_waits_for_what_is_over_in_a_moment(number: int):
    slept: list[float] = []
    assert retrying(_Refusing(number, 2), slept.append) == "done"
    assert slept == [0.05, 0.1]


@pytest.mark.parametrize(("number", "pauses"), [(32, len(RETRY_PAUSES_MS)), (2, 0), (112, 0)])
def test_gives_up_after_the_last_pause_and_at_once_for_other_errors(number: int, pauses: int):
    slept: list[float] = []
    with pytest.raises(_WindowsError):
        retrying(_Refusing(number, 99), slept.append)
    assert slept == [pause / 1000 for pause in RETRY_PAUSES_MS[:pauses]]
