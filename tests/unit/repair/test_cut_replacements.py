"""Replacements that end between the two renames of `ReplaceFileW`, where nothing has the name."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import ItError, UsageError
from agent.model import Ending, RepairResult, Result, WayName
from agent.repair import history, unfinished
from agent.repair.containment import PinnedRoot
from agent.repair.journal import Closed
from tests.faults.practice import NEW, OLD, Practice, leftovers, write
from tests.simulators.file_ops import (
    Plug,
    PowerLoss,
    RefuseAt,
    SteppedOps,
    TwoRenames,
    windows_error,
)

CORE, PROGRAM = "bin/lib/core.dll", "bin/medicom.exe"
Hook = Callable[[str, str, object], None]


def nothing(*_ignored: object) -> None:
    pass


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path, ops=SteppedOps(inner=TwoRenames())).install(OLD)


def all_of(*hooks: Hook) -> Hook:
    def hook(name: str, moment: str, subject: object) -> None:
        for one in hooks:
            one(name, moment, subject)

    return hook


def inside(**files: int) -> RefuseAt:
    """Neither file can have the name: core.dll, medicom.exe so many times."""
    times = {f"{name}.{'exe' if name == 'medicom' else 'dll'}": n for name, n in files.items()}
    return RefuseAt("replace_keeping", "inside", times)


def after(**files: int) -> RefuseAt:
    """The names have changed, and still an error comes."""
    refusing = inside(**files)
    refusing.moment = "after"
    return refusing


def held(name: str, times: int = 99) -> RefuseAt:
    """What would get this name back is in use."""
    return RefuseAt("rename_no_clobber", "before", {name: times})


def cut_at(name: str) -> Hook:
    """The power fails inside the replacement of a file, and stays off."""
    plug = Plug()

    def hook(step: str, moment: str, subject: object) -> None:
        here = (step, moment, Path(str(subject)).name) == ("replace_keeping", "inside", name)
        plug.out = plug.out or here
        plug(step, moment, subject)

    return hook


def forward(practice: Practice, hook: Hook = nothing, *, partial: bool = False) -> RepairResult:
    practice.ops.hook = hook
    try:
        return practice.repair(practice.plan(NEW, WayName.FORWARD), partial=partial)
    finally:
        practice.ops.hook = nothing


def undo(practice: Practice, hook: Hook = nothing) -> RepairResult:
    practice.ops.hook = hook
    try:
        return practice.undo()
    finally:
        practice.ops.hook = nothing


def closed(practice: Practice) -> list[Closed | None]:
    runs = history.load(practice.runs, PinnedRoot.pin(practice.root)).runs
    return [run.read.done.ending if run.read.done else None for run in runs]


def originals(practice: Practice) -> list[Path]:
    return list(practice.runs.glob("*/originals/*"))


def test_a_repair_that_is_cut_there_gets_the_original_back(practice: Practice):
    before = practice.tree()
    with pytest.raises(PowerLoss):
        forward(practice, cut_at("core.dll"))
    assert CORE not in practice.tree()
    practice.clean()
    assert practice.tree()[CORE] == before[CORE]
    if closed(practice) == [Closed.INTERRUPTED]:
        undo(practice)
    assert practice.tree() == before
    assert originals(practice) == []


def test_an_undo_that_is_cut_there_is_finished(practice: Practice):
    before = practice.tree()
    forward(practice)
    with pytest.raises(PowerLoss):
        undo(practice, cut_at("core.dll"))
    assert CORE not in practice.tree()
    assert undo(practice).ending is Ending.UNDONE
    assert practice.tree() == before
    assert originals(practice) == []


def test_a_roll_back_that_is_cut_there_is_finished_by_the_next_run(practice: Practice):
    before = practice.tree()
    refused = RefuseAt("rename_no_clobber", "before", {"new.dll": 1})
    again = cut_at("core.dll")
    seen = []

    def second(name: str, moment: str, subject: object) -> None:
        if (name, moment) == ("replace_keeping", "inside") and str(subject).endswith("core.dll"):
            seen.append(subject)
        if len(seen) > 1:
            again(name, moment, subject)

    with pytest.raises(PowerLoss):
        forward(practice, all_of(refused, second))
    assert CORE not in practice.tree()
    practice.clean()
    assert practice.tree()[CORE] == before[CORE]


@pytest.mark.parametrize("partial", [False, True])
def test_a_file_that_lost_its_name_gets_it_back_at_once(practice: Practice, partial: bool):
    before = practice.tree()
    result = forward(practice, inside(core=1), partial=partial)
    assert result.ending is Ending.ROLLED_BACK
    assert practice.tree() == before
    assert closed(practice) == [Closed.ROLLED_BACK]
    assert originals(practice) == []


def test_while_the_original_is_held_nobody_says_that_all_was_put_back(practice: Practice):
    before = practice.tree()
    result = forward(practice, all_of(inside(core=1), held("core.dll")))
    assert result.ending is Ending.NOT_ROLLED_BACK
    ended = {step.path: step.result for step in result.results}
    assert ended[CORE] is Result.FAILED
    assert unfinished(practice.runs, practice.root) != ()
    practice.clean()
    assert practice.tree() == before
    assert unfinished(practice.runs, practice.root) == ()


def test_a_partial_way_back_ends_where_a_file_has_no_name(practice: Practice):
    write(practice.root / CORE, b"damaged")
    before = practice.tree()
    practice.remove("data/icons/logo.ico")
    hook = all_of(inside(core=1), held("core.dll"))
    practice.ops.hook = hook
    result = practice.repair(practice.plan(OLD), partial=True)
    practice.ops.hook = nothing
    assert result.ending is Ending.NOT_ROLLED_BACK
    practice.clean()
    assert practice.tree()[CORE] == before[CORE]


def test_the_next_run_does_nothing_while_the_original_is_held(practice: Practice):
    before = practice.tree()
    with pytest.raises(PowerLoss):
        forward(practice, cut_at("core.dll"))
    practice.ops.hook = held("core.dll")
    with pytest.raises(ItError) as caught:
        practice.clean()
    assert (caught.value.problem, caught.value.facts["place"]) == (
        "cannot-write",
        str(practice.root.resolve()),
    )
    practice.ops.hook = nothing
    assert unfinished(practice.runs, practice.root) != ()
    practice.clean()
    assert practice.tree()[CORE] == before[CORE]


@pytest.mark.parametrize("name", ["core", "medicom"])
def test_an_error_after_the_names_changed_is_taken_back(practice: Practice, name: str):
    before = practice.tree()
    result = forward(practice, after(**{name: 1}))
    assert result.ending is Ending.ROLLED_BACK
    assert practice.tree() == before


def test_what_can_not_be_taken_back_is_said_and_can_be_undone(practice: Practice):
    before = practice.tree()
    refused = RefuseAt("replace_keeping", "before", {"core.dll": 99}, number=5)

    def taking_back(name: str, moment: str, subject: object) -> None:
        if len(originals(practice)) > 0:
            refused(name, moment, subject)

    result = forward(practice, all_of(after(core=1), taking_back))
    assert result.ending is Ending.NOT_ROLLED_BACK
    assert practice.tree()[CORE][0] == NEW[CORE]
    assert undo(practice).ending is Ending.UNDONE
    assert practice.tree() == before


def test_a_file_that_somebody_deletes_meanwhile_is_not_called_rolled_back(practice: Practice):
    def vanish(name: str, moment: str, subject: object) -> None:
        if (name, moment) == ("replace_keeping", "before") and str(subject).endswith("core.dll"):
            (practice.root / CORE).unlink(missing_ok=True)
            raise windows_error(2)

    result = forward(practice, vanish)
    assert result.ending is Ending.NOT_ROLLED_BACK
    practice.clean()
    assert unfinished(practice.runs, practice.root) == ()
    assert CORE not in practice.tree()


def test_a_name_that_somebody_took_keeps_their_file_and_the_original(practice: Practice):
    def take(name: str, moment: str, subject: object) -> None:
        if (name, moment) == ("replace_keeping", "inside") and str(subject).endswith("core.dll"):
            write(practice.root / CORE, b"theirs")
            raise windows_error(1177)

    result = forward(practice, take)
    assert result.ending is Ending.NOT_ROLLED_BACK
    assert practice.tree()[CORE][0] == b"theirs"
    assert [path.read_bytes() for path in originals(practice)] == [OLD[CORE]]


def test_a_backup_name_that_is_taken_is_a_failure_and_not_a_file_that_appeared(practice: Practice):
    def taken(name: str, moment: str, subject: object) -> None:
        if (name, moment) == ("replace_keeping", "before") and str(subject).endswith("core.dll"):
            raise FileExistsError(errno.EEXIST, "File exists")

    before = practice.tree()
    result = forward(practice, taken)
    assert result.ending is Ending.ROLLED_BACK
    assert practice.tree() == before
    step = next(step for step in result.results if step.path == CORE)
    assert (step.result, step.reason) == (Result.FAILED, "write-failed")


def test_an_undo_that_leaves_a_file_without_a_name_is_rolled_back(practice: Practice):
    before = practice.tree()
    forward(practice)
    forwarded = practice.tree()
    assert undo(practice, inside(core=1)).ending is Ending.ROLLED_BACK
    assert practice.tree() == forwarded
    assert undo(practice).ending is Ending.UNDONE
    assert practice.tree() == before


def test_an_undo_that_can_not_be_rolled_back_is_finished_by_the_next_run(practice: Practice):
    before = practice.tree()
    forward(practice)
    result = undo(practice, all_of(inside(core=1), held("core.dll")))
    assert result.ending is Ending.NOT_ROLLED_BACK
    assert undo(practice).ending is Ending.UNDONE
    assert practice.tree() == before
    with pytest.raises(UsageError):
        undo(practice)


def test_a_redo_that_loses_a_name_gives_it_to_the_new_file(practice: Practice):
    """The roll-back of an undo is a replacement too."""
    forward(practice)
    forwarded = practice.tree()
    refused = RefuseAt("replace_keeping", "before", {"medicom.exe": 1})
    losing = RefuseAt("replace_keeping", "inside", {"core.dll": 1})
    count = 0

    def second(name: str, moment: str, subject: object) -> None:
        nonlocal count
        if (name, moment) == ("replace_keeping", "inside") and str(subject).endswith("core.dll"):
            count += 1
        if count > 1:
            losing(name, moment, subject)

    assert undo(practice, all_of(refused, second)).ending is Ending.ROLLED_BACK
    assert count == 2
    assert practice.tree() == forwarded


def test_an_undo_without_the_original_puts_the_new_file_back(practice: Practice):
    forward(practice)
    forwarded = practice.tree()
    with pytest.raises(PowerLoss):
        undo(practice, cut_at("core.dll"))
    for path in originals(practice):
        if path.read_bytes() == OLD[CORE]:
            path.unlink()
    assert undo(practice).ending is Ending.ROLLED_BACK
    assert practice.tree() == forwarded


def test_a_program_that_runs_is_removed_by_a_later_run(practice: Practice):
    before = practice.tree()
    forward(practice)
    assert undo(practice, running).ending is Ending.UNDONE
    assert leftovers(practice.root) != []
    assert unfinished(practice.runs, practice.root) == ()
    with pytest.raises(UsageError):
        undo(practice, running)
    practice.clean()
    assert practice.tree() == before
    assert closed(practice) == [Closed.COMMITTED, Closed.UNDONE]


def test_a_program_that_still_runs_does_not_stand_in_the_way_of_a_repair(practice: Practice):
    forward(practice)
    undo(practice, running)
    practice.remove("data/icons/logo.ico")
    practice.ops.hook = running
    result = practice.repair(practice.plan(OLD))
    assert result.ending is Ending.COMMITTED


def running(name: str, moment: str, subject: object) -> None:
    """The programs of `bin` run: they may be renamed, not deleted."""
    if name == "remove_file" and Path(str(subject)).parent.name == "bin":
        raise windows_error(5)
