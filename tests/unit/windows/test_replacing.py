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


def taken(number: int) -> OSError:
    error = FileExistsError(errno.EEXIST, f"Windows error {number}")
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
    may_change_lists: bool = True
    """`WRITE_DAC` on the staged file."""
    meanwhile: Callable[[dict[str, bytes]], None] | None = None
    """What somebody else does once, right after the first replacement that failed."""
    silent: set[str] = field(default_factory=set)
    """Names of which nothing can be told."""
    half_copies: int = 0
    """How many copies break off and leave what they have."""
    half_moves: int = 0
    """How many moves over a file break off when the old one is gone."""

    def can_replace(self, path: str) -> bool:
        return self.knows_replace

    def replace(self, names: Names, *, merging: bool = True) -> None:
        number = self.failures.pop(0) if self.failures else 0
        if merging and not self.may_change_lists:
            number = 5
        if not number and names.target not in self.files:
            number = 2
        if number == 1177:
            self.files[names.backup] = self.files.pop(names.target)
        if number and self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act(self.files)
        if number:
            raise refused(number)
        self.files[names.backup] = self.files.pop(names.target)
        self.files[names.target] = self.files.pop(names.staged)

    def move(self, source: str, target: str, *, over: bool = False) -> None:
        if self.stuck.get((source, target), 0):
            self.stuck[source, target] -= 1
            raise refused(self.number)
        if source not in self.files:
            raise refused(2)
        if target in self.files and not over:
            raise refused(183)
        if over and self.half_moves:
            self.half_moves -= 1
            del self.files[target]
            raise refused(self.number)
        self.files[target] = self.files.pop(source)

    def copy_aside(self, source: str, target: str) -> None:
        if target in self.files:
            raise taken(80)
        if self.half_copies:
            self.half_copies -= 1
            self.files[target] = b"ol"
            raise refused(self.number)
        self.files[target] = self.files[source]

    def exists(self, path: str) -> bool:
        if path in self.silent:
            raise refused(59)
        return path in self.files

    def remove(self, path: str) -> None:
        if self.stuck.get((path, ""), 0):
            self.stuck[path, ""] -= 1
            raise refused(self.number)
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


@pytest.mark.parametrize("number", [19, 1175, 1176, 1177])
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


def winerror_of(disk: SimulatedDisk) -> int:
    with pytest.raises(OSError) as caught:
        replace_keeping(NAMES, disk, twice)
    return caught.value.winerror


@pytest.mark.parametrize("knows_replace", [True, False])
def test_a_backup_that_is_there_is_never_overwritten(knows_replace: bool):
    disk = SimulatedDisk({**UNTOUCHED, "backup": b"kept"}, knows_replace=knows_replace)
    assert winerror_of(disk) == 183
    assert disk.files == {**UNTOUCHED, "backup": b"kept"}


def test_a_target_that_somebody_deletes_meanwhile_is_not_replaced():
    """Without a backup nothing would tell that a file of the new version stands there."""
    disk = SimulatedDisk(failures=[32], meanwhile=lambda files: files.pop("target"))
    assert winerror_of(disk) == 2
    assert disk.files == {"staged": b"new"}


@pytest.mark.parametrize("reasons", [{"staged": 32}, {}], ids=["busy", "not busy"])
def test_a_kept_original_survives_somebody_who_takes_the_name_meanwhile(reasons: dict[str, int]):
    def take(files: dict[str, bytes]) -> None:
        files["target"] = b"theirs"

    disk = SimulatedDisk(failures=[1177], reasons=reasons, meanwhile=take)
    assert winerror_of(disk) == 1177
    assert disk.files == {"staged": b"new", "target": b"theirs", "backup": b"old"}


def test_without_the_right_to_change_lists_the_new_file_keeps_its_own():
    disk = SimulatedDisk(may_change_lists=False)
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE


def test_a_file_that_may_not_be_touched_at_all_is_refused():
    disk = SimulatedDisk(failures=[5] * 4)
    assert winerror_of(disk) == 5
    assert disk.files == UNTOUCHED


@pytest.mark.parametrize(
    ("name", "failure"), [("backup", 5), ("backup", 32), ("backup", 1177), ("target", 1177)]
)
def test_nothing_is_moved_on_the_word_of_a_disk_that_does_not_answer(name: str, failure: int):
    disk = SimulatedDisk(failures=[failure])
    disk.meanwhile = lambda files: disk.silent.add(name)
    assert winerror_of(disk) == failure
    moved = {"staged": b"new", "backup": b"old"}
    assert disk.files == (moved if failure == 1177 else UNTOUCHED)


def test_a_disk_that_can_not_tell_whether_the_backup_is_free_is_not_written():
    disk = SimulatedDisk(silent={"backup"})
    assert winerror_of(disk) == 59
    assert disk.files == UNTOUCHED


def test_half_a_copy_is_removed_before_the_next_attempt():
    disk = SimulatedDisk(knows_replace=False, half_copies=1, stuck={("backup", ""): 1})
    replace_keeping(NAMES, disk, twice)
    assert disk.files == WHOLE


def test_half_a_copy_that_can_not_be_removed_ends_it_with_the_first_reason():
    disk = SimulatedDisk(knows_replace=False, half_copies=1, stuck={("backup", ""): 9})
    assert winerror_of(disk) == 32
    assert disk.files == {**UNTOUCHED, "backup": b"ol"}


def test_a_move_over_a_file_that_breaks_off_gives_the_old_bytes_their_name_back():
    disk = SimulatedDisk(knows_replace=False, half_moves=1, number=1117)
    assert winerror_of(disk) == 1117
    assert disk.files == UNTOUCHED
