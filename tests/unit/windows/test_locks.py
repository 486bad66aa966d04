"""agent.windows.locks: the list of the Restart Manager, however long it is."""

from __future__ import annotations

import pytest

from agent.windows import api
from agent.windows.locks import MOST_HOLDERS, MOST_ROOM, Process, WindowsLocks, listed, shown


class RestartManager:
    """`RmGetList` over so many holders; where the room is too small it says how many there are."""

    def __init__(self, holders: int, growing: int = 0) -> None:
        self.holders, self.growing = holders, growing
        self.rooms: list[int] = []

    def __call__(self, room: int) -> tuple[int, int, list[Process]]:
        self.rooms.append(room)
        self.holders += self.growing
        if self.holders > room:
            return api.ERROR_MORE_DATA, self.holders, []
        found = [Process(pid=pid, name=f"p{pid}") for pid in range(self.holders)]
        return api.NO_ERROR, self.holders, found


@pytest.mark.parametrize("holders", [0, 1, 8, 9, MOST_HOLDERS, MOST_HOLDERS + 1, MOST_ROOM])
def test_every_holder_is_told_up_to_the_most_that_are_shown(holders: int):
    manager = RestartManager(holders)
    assert [one.pid for one in listed(manager)] == list(range(min(holders, MOST_HOLDERS)))
    assert len(manager.rooms) <= 2


def test_a_list_that_grows_meanwhile_is_asked_for_again():
    assert [one.pid for one in listed(RestartManager(9, growing=1))][:2] == [0, 1]


def test_a_list_that_never_fits_is_given_up():
    manager = RestartManager(MOST_ROOM + 1)
    assert list(listed(manager)) == []
    assert max(manager.rooms) == MOST_ROOM


def test_an_error_is_raised_with_its_number():
    with pytest.raises(OSError) as caught:
        listed(lambda _room: (5, 0, []))
    assert caught.value.winerror == 5


def test_paths_are_told_without_what_windows_puts_before_them():
    assert shown("\\\\?\\C:\\" + "a" * 300) == "C:\\" + "a" * 300
    assert shown("\\\\?\\UNC\\host\\share\\a") == "\\\\host\\share\\a"


def test_a_path_that_can_not_be_told_has_no_holder():
    assert WindowsLocks().holders([]) == ()
