"""agent.windows.replacing: whatever a replacement leaves behind, the name has complete bytes."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from agent.windows.replacing import Names, replace_keeping

NAMES = Names("staged", "target", "backup")
WHOLE = {"target": b"new", "backup": b"old"}
UNTOUCHED = {"staged": b"new", "target": b"old"}


def refused(number: int) -> OSError:
    error = OSError(errno.EACCES, f"Windows error {number}")
    error.winerror = number
    return error


@dataclass
class SimulatedDisk:
    """Files by name; a replacement ends as `failures` says, one after the other."""

    files: dict[str, bytes] = field(default_factory=lambda: dict(UNTOUCHED))
    failures: list[int] = field(default_factory=list)
    stuck: dict[tuple[str, str], int] = field(default_factory=dict)
    """Moves (from, to) that are refused, and how often."""
    reasons: dict[str, int] = field(default_factory=dict)
    knows_replace: bool = True
    number: int = 32

    def can_replace(self, path: str) -> bool:
        return self.knows_replace

    def replace(self, names: Names) -> None:
        number = self.failures.pop(0) if self.failures else 0
        if number == 1177:
            self.files[names.backup] = self.files.pop(names.target)
        if number:
            raise refused(number)
        self.files[names.backup] = self.files.pop(names.target)
        self.files[names.target] = self.files.pop(names.staged)

    def move(self, source: str, target: str, *, over: bool = False) -> None:
        if self.stuck.get((source, target), 0):
            self.stuck[source, target] -= 1
            raise refused(self.number)
        if target in self.files and not over:
            raise refused(183)
        self.files[target] = self.files.pop(source)

    def copy_aside(self, source: str, target: str) -> None:
        self.files[target] = self.files[source]

    def exists(self, path: str) -> bool:
        return path in self.files

    def remove(self, path: str) -> None:
        del self.files[path]

    def refusal(self, path: str) -> OSError | None:
        return refused(self.reasons[path]) if path in self.reasons else None


def twice(call: Callable[[], None]) -> None:
    """Tries once more what somebody else stands in the way of."""
    try:
        call()
    except OSError as error:
        if getattr(error, "winerror", None) != 32:
            raise
        call()


def test_a_replacement_keeps_the_old_bytes():
    disk = SimulatedDisk()
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE


@pytest.mark.parametrize("number", [5, 1175, 1176, 1177])
def test_a_failure_leaves_the_old_file_under_its_name(number: int):
    disk = SimulatedDisk(failures=[number])
    with pytest.raises(OSError) as caught:
        replace_keeping(NAMES, disk, twice)
    assert caught.value.winerror == number
    assert disk.files == UNTOUCHED


@pytest.mark.parametrize(("number", "busy"), [(1175, "target"), (1176, "staged"), (1177, "staged")])
def test_a_partial_failure_says_why_the_file_could_not_be_moved(number: int, busy: str):
    disk = SimulatedDisk(failures=[number, number], reasons={busy: 32})
    with pytest.raises(OSError) as caught:
        replace_keeping(NAMES, disk, twice)
    assert caught.value.winerror == 32
    assert disk.files == UNTOUCHED


def test_a_partial_failure_that_is_over_in_a_moment_is_tried_again():
    disk = SimulatedDisk(failures=[1177], reasons={"staged": 32})
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE


def test_an_original_that_is_held_for_a_moment_gets_its_name_back():
    disk = SimulatedDisk(failures=[1177], stuck={("backup", "target"): 1})
    with pytest.raises(OSError) as caught:
        replace_keeping(NAMES, disk, twice)
    assert caught.value.winerror == 1177
    assert disk.files == UNTOUCHED


def test_the_new_file_takes_the_name_when_the_original_can_not_get_it_back():
    disk = SimulatedDisk(failures=[1177], stuck={("backup", "target"): 9})
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE


def test_says_so_when_neither_can_have_the_name():
    stuck = {("backup", "target"): 9, ("staged", "target"): 9}
    disk = SimulatedDisk(failures=[1177], stuck=stuck)
    with pytest.raises(OSError) as caught:
        replace_keeping(NAMES, disk, twice)
    assert caught.value.winerror == 32
    assert disk.files == {"staged": b"new", "backup": b"old"}


@pytest.mark.parametrize("number", [1, 50, 87, 120])
def test_a_disk_that_turns_out_not_to_know_replacements_gets_a_copy(number: int):
    disk = SimulatedDisk(failures=[number])
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE


def test_a_file_system_without_replacements_is_not_asked_for_one():
    disk = SimulatedDisk(knows_replace=False, failures=[1177])
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE
    assert disk.failures == [1177]


def test_a_copy_is_removed_when_the_new_file_can_not_be_moved():
    disk = SimulatedDisk(knows_replace=False, stuck={("staged", "target"): 9})
    with pytest.raises(OSError) as caught:
        replace_keeping(NAMES, disk, twice)
    assert caught.value.winerror == 32
    assert disk.files == UNTOUCHED
