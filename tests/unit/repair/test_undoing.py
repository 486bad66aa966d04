from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import ItError, StaffError, Stopped, UsageError
from agent.manifest.names import UNDO_DIRECTORY
from agent.model import Ending, Result, WayName
from agent.outcomes import ExitCode
from agent.progress import Watch
from agent.repair import history, unfinished
from agent.repair.containment import PinnedRoot
from tests.faults.practice import NEW, OLD, Practice, leftovers, write
from tests.simulators.file_ops import PowerLoss, Refuse, SteppedOps, When
from tests.simulators.sources import MemorySource

CORE = "bin/lib/core.dll"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path, ops=SteppedOps()).install(OLD)


def forward(practice: Practice):
    return practice.repair(practice.plan(NEW, WayName.FORWARD))


def nothing(*_ignored: object) -> None:
    pass


@pytest.mark.parametrize("other_volume", [False, True])
def test_puts_back_bytes_modes_times_and_folders(practice: Practice, other_volume: bool):
    if other_volume:
        practice.ops.volumes[practice.runs] = 0
    before = practice.tree()
    repaired = forward(practice)
    assert (practice.root / UNDO_DIRECTORY).is_dir() is other_volume

    result = practice.undo()

    assert (result.ending, result.continues) == (Ending.UNDONE, repaired.run_id)
    assert [(r.path, r.result) for r in result.results] == [
        (path, Result.RESTORED)
        for path in ("bin/lib/core.dll", "bin/medicom.exe", "help/nl/start.txt", "new.dll")
    ]
    assert practice.tree() == before
    assert list((practice.runs / repaired.run_id).iterdir()) == [
        practice.runs / repaired.run_id / "journal.jsonl"
    ]


def test_a_repair_after_an_undo_is_a_redo(practice: Practice):
    forward(practice)
    there = practice.tree()
    practice.undo()
    forward(practice)
    assert practice.tree() == there


def test_there_may_be_nothing_to_undo(practice: Practice):
    with pytest.raises(UsageError) as caught:
        practice.undo()
    assert caught.value.problem == "nothing-to-undo"


def test_a_run_is_undone_once(practice: Practice):
    run = forward(practice).run_id
    practice.undo(run)
    before = practice.tree()
    for asked, problem in ((run, "already-undone"), (None, "nothing-to-undo")):
        with pytest.raises(UsageError) as caught:
            practice.undo(asked)
        assert caught.value.problem == problem
    assert practice.tree() == before


def test_an_undo_is_not_a_run_to_undo(practice: Practice):
    forward(practice)
    undone = practice.undo()
    for asked in (undone.run_id, "never-was", "../x"):
        with pytest.raises(UsageError) as caught:
            practice.undo(asked)
        assert caught.value.problem == "unknown-run"


def test_the_newest_run_is_undone_whatever_the_clock_and_the_names_say(practice: Practice):
    names = iter(["zz", "mm", "aa", "undo-1", "undo-2", "undo-3"])
    practice.next_run = lambda: next(names)
    trees = []
    for version in ({"one.dll": b"1"}, {"two.dll": b"2"}, {"three.dll": b"3"}):
        trees.append(practice.tree())
        plan = practice.plan(version, directories=())
        practice.repair(plan, MemorySource.of(*version.values()))
    for run in ("aa", "mm", "zz"):
        assert practice.undo().continues == run
        assert practice.tree() == trees.pop()


@pytest.mark.parametrize(
    "path", ["new.dll", "bin/medicom.exe"], ids=["an added file", "a replaced file"]
)
@pytest.mark.parametrize(
    "how", ["bytes", "folder", pytest.param("link", marks=pytest.mark.posix("links"))]
)
def test_refuses_when_a_file_was_changed_since(practice: Practice, path: str, how: str):
    run = forward(practice).run_id
    place = practice.root / path
    place.unlink()
    if how == "bytes":
        write(place, b"theirs")
    elif how == "folder":
        place.mkdir()
    else:
        place.symlink_to("nowhere")
    before = practice.tree()

    with pytest.raises(StaffError) as caught:
        practice.undo()

    assert (caught.value.problem, caught.value.exit_code) == (
        "changed-since",
        ExitCode.NEEDS_PERSON,
    )
    assert caught.value.facts == {"run": run, "count": 1, "paths": (path,)}
    assert practice.tree() == before
    assert unfinished(practice.runs, practice.root) == ()


def test_a_replaced_file_that_is_gone_was_changed(practice: Practice):
    forward(practice)
    (practice.root / CORE).unlink()
    with pytest.raises(StaffError) as caught:
        practice.undo()
    assert caught.value.facts["paths"] == (CORE,)


def test_an_added_file_that_is_gone_is_as_it_was_before(practice: Practice):
    before = practice.tree()
    forward(practice)
    (practice.root / "new.dll").unlink()
    assert practice.undo().ending is Ending.UNDONE
    assert practice.tree() == before


def test_an_original_that_is_back_already_is_fine(practice: Practice):
    before = practice.tree()
    run = forward(practice).run_id
    (practice.root / CORE).unlink()
    path, facts = practice.root / CORE, before[CORE]
    write(path, *facts)
    assert practice.undo().ending is Ending.UNDONE
    assert practice.tree() == before
    assert not (practice.runs / run / "originals").exists()


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_refuses_when_an_original_is_damaged(practice: Practice, how: str):
    run = forward(practice).run_id
    original = next(p for p in (practice.runs / run / "originals").iterdir())
    original.unlink()
    if how == "changed":
        original.write_bytes(b"x")
    before = practice.tree()
    with pytest.raises(ItError) as caught:
        practice.undo()
    assert caught.value.problem == "originals-damaged"
    assert practice.tree() == before


@pytest.mark.parametrize("step", ["rename_no_clobber", "replace_keeping"])
@pytest.mark.parametrize("skip", [0, 1])
def test_all_or_nothing(practice: Practice, step: str, skip: int):
    forward(practice)
    before = practice.tree()
    practice.ops.hook = Refuse(step, OSError(errno.EACCES, "no"), skip=skip, times=1)
    result = practice.undo()
    assert result.ending is Ending.ROLLED_BACK
    assert [r.reason for r in result.results if r.result is Result.FAILED] == ["no-rights"]
    assert practice.tree() == before
    practice.ops.hook = nothing
    assert practice.undo().ending is Ending.UNDONE


def test_a_stop_puts_everything_as_it_was_before_the_undo(practice: Practice):
    forward(practice)
    before = practice.tree()
    practice.ops.hook = When("rename_no_clobber", practice.watch.stop, "after")
    with pytest.raises(Stopped):
        practice.undo()
    assert practice.tree() == before
    practice.watch = Watch()
    practice.ops.hook = nothing
    assert practice.undo().ending is Ending.UNDONE


def test_folders_that_somebody_uses_now_stay(practice: Practice):
    before = practice.tree()
    forward(practice)
    write(practice.root / "spool/out/job.1", b"theirs")
    assert practice.undo().ending is Ending.UNDONE
    after = practice.tree()
    assert set(after) - set(before) == {"spool/", "spool/out/", "spool/out/job.1"}


def cut_after(practice: Practice, moves: int) -> None:
    done = 0

    def hook(name: str, moment: str, subject: object) -> None:
        nonlocal done
        done += name in {"rename_no_clobber", "replace_keeping"} and moment == "after"
        if done >= moves:
            raise PowerLoss

    practice.ops.hook = hook


def test_undo_walks_the_chain_of_broken_off_runs(practice: Practice):
    before = practice.tree()
    runs = []
    for moves in (1, 2):
        cut_after(practice, moves)
        with pytest.raises(PowerLoss):
            forward(practice)
        practice.ops.hook = nothing
        practice.clean()
    result = forward(practice)
    assert result.continues is not None
    assert all((practice.root / p).read_bytes() == d for p, d in NEW.items())
    practice.undo()
    assert practice.tree() == before
    assert leftovers(practice.root) == []
    with pytest.raises(UsageError):
        practice.undo()
    assert runs == []


def test_a_file_that_two_runs_of_a_chain_wrote_goes_back_to_what_the_first_found(practice):
    before = practice.tree()
    cut_after(practice, 3)
    with pytest.raises(PowerLoss):
        forward(practice)
    practice.ops.hook = nothing
    practice.clean()
    (practice.root / "help/nl/start.txt").unlink()
    forward(practice)
    practice.undo()
    assert practice.tree() == before


def test_a_file_changed_between_two_runs_of_a_chain_is_said(practice: Practice):
    cut_after(practice, 1)
    with pytest.raises(PowerLoss):
        forward(practice)
    practice.ops.hook = nothing
    practice.clean()
    write(practice.root / CORE, b"theirs")
    forward(practice)
    before = practice.tree()
    with pytest.raises(StaffError) as caught:
        practice.undo()
    assert caught.value.facts["paths"] == (CORE,)
    assert practice.tree() == before


def test_a_broken_off_undo_is_finished(practice: Practice):
    before = practice.tree()
    forward(practice)
    cut_after(practice, 2)
    with pytest.raises(PowerLoss):
        practice.undo()
    practice.ops.hook = nothing
    assert practice.undo().ending is Ending.UNDONE
    assert practice.tree() == before
    with pytest.raises(UsageError):
        practice.undo()


def test_a_repair_finishes_a_broken_off_undo_and_asks_for_a_new_look(practice: Practice):
    before = practice.tree()
    forward(practice)
    plan = practice.plan(OLD)
    cut_after(practice, 2)
    with pytest.raises(PowerLoss):
        practice.undo()
    practice.ops.hook = nothing
    with pytest.raises(StaffError) as caught:
        practice.repair(plan)
    assert caught.value.problem == "look-again"
    assert practice.tree() == before


def test_a_broken_off_undo_that_can_not_be_finished_is_rolled_back(practice: Practice):
    forward(practice)
    there = practice.tree()
    cut_after(practice, 2)
    with pytest.raises(PowerLoss):
        practice.undo()
    practice.ops.hook = Refuse("rename_no_clobber", OSError(errno.EACCES, "no"), times=1)
    assert practice.undo().ending is Ending.ROLLED_BACK
    assert practice.tree() == there
    practice.ops.hook = nothing
    assert practice.undo().ending is Ending.UNDONE


def test_runs_of_another_folder_under_the_same_name_are_not_undone(practice: Practice):
    forward(practice)
    practice.root.rename(practice.base / "aside")
    practice.install(NEW)
    before = practice.tree()
    with pytest.raises(UsageError):
        practice.undo()
    assert practice.tree() == before


def broken_off_and_gone_on_with(practice: Practice) -> tuple[str, str]:
    """A run that was broken off after one file, and the one that went on with it."""
    cut_after(practice, 1)
    with pytest.raises(PowerLoss):
        forward(practice)
    practice.ops.hook = nothing
    practice.clean()
    result = forward(practice)
    assert result.continues is not None
    return result.continues, result.run_id


def test_refuses_half_a_chain(practice: Practice):
    first, second = broken_off_and_gone_on_with(practice)
    shutil.rmtree(practice.runs / first)
    before = practice.tree()
    with pytest.raises(ItError) as caught:
        practice.undo()
    assert (caught.value.problem, caught.value.exit_code) == (
        "chain-broken",
        ExitCode.NEEDS_PERSON,
    )
    assert caught.value.facts == {"run": second}
    assert practice.tree() == before
    assert unfinished(practice.runs, practice.root) == ()


def test_refuses_an_older_run_that_a_newer_one_goes_on_with(practice: Practice):
    untouched = practice.tree()
    first, second = broken_off_and_gone_on_with(practice)
    before = practice.tree()
    with pytest.raises(StaffError) as caught:
        practice.undo(first)
    assert caught.value.problem == "newer-run-stands"
    assert caught.value.facts == {"run": first, "newer": second}
    assert practice.tree() == before
    practice.undo(second)
    assert practice.tree() == untouched


def test_refuses_an_older_run_while_a_newer_one_wrote_the_same_file(practice: Practice):
    first = forward(practice).run_id
    (practice.root / "new.dll").unlink()
    second = forward(practice).run_id
    before = practice.tree()
    with pytest.raises(StaffError) as caught:
        practice.undo(first)
    assert (caught.value.problem, caught.value.exit_code) == (
        "newer-run-stands",
        ExitCode.NEEDS_PERSON,
    )
    assert caught.value.facts == {"run": first, "newer": second}
    assert practice.tree() == before
    practice.undo(second)
    assert practice.undo(first).ending is Ending.UNDONE


def test_an_older_run_with_files_of_its_own_is_undone(practice: Practice):
    first = practice.repair(practice.plan({"one.dll": b"1"}), MemorySource.of(b"1")).run_id
    practice.repair(practice.plan({"two.dll": b"2"}), MemorySource.of(b"2"))
    assert practice.undo(first).ending is Ending.UNDONE
    assert not (practice.root / "one.dll").exists()
    assert (practice.root / "two.dll").read_bytes() == b"2"


@pytest.mark.parametrize("path", ["new.dll", CORE], ids=["an added file", "a replaced file"])
def test_what_is_written_right_before_the_move_is_kept_under_its_name(
    practice: Practice, path: str
):
    forward(practice)
    place = practice.root / path
    practice.ops.hook = written_before_the_move_of(place)

    result = practice.undo()

    assert result.ending is Ending.UNDONE
    assert place.read_bytes() == b"their work"
    assert [(r.path, r.result, r.reason) for r in result.results if r.path == path] == [
        (path, Result.SKIPPED, "changed-meanwhile")
    ]
    assert leftovers(practice.root) == []
    others = {p: d for p, d in OLD.items() if p != path}
    assert {p: (practice.root / p).read_bytes() for p in others} == others


def written_before_the_move_of(place: Path, then: Callable[[], None] = nothing):
    """Somebody saves a file after it was hashed and before it gets its hidden name."""

    def hook(name: str, moment: str, subject: object) -> None:
        moves = name in {"rename_no_clobber", "replace_keeping"}
        ours = isinstance(subject, Path) and subject.parent == place.parent
        if moves and moment == "before" and ours and place.exists() and not done:
            done.append(place)
            place.write_bytes(b"their work")
        elif name == "sync_volume" and moment == "before":
            then()

    done: list[Path] = []
    return hook


@pytest.mark.parametrize("path", ["new.dll", CORE], ids=["an added file", "a replaced file"])
def test_what_was_written_meanwhile_is_kept_beside_a_name_that_is_taken(
    practice: Practice, path: str
):
    forward(practice)
    place = practice.root / path
    practice.ops.hook = written_before_the_move_of(place, lambda: write(place, b"a third"))

    result = practice.undo()

    assert result.ending is Ending.UNDONE
    assert place.read_bytes() == b"a third"
    said = {r.path: (r.result, r.reason) for r in result.results}
    assert said[path] == (Result.SKIPPED, "changed-meanwhile")
    (beside,) = (p for p, told in said.items() if told == (Result.SKIPPED, "kept-beside"))
    assert (practice.root / beside).read_bytes() == b"their work"
    assert beside.startswith(path)
    assert leftovers(practice.root) == []


def test_a_rolled_back_undo_keeps_what_was_written_meanwhile(practice: Practice):
    forward(practice)
    place = practice.root / "bin/medicom.exe"
    taken = written_before_the_move_of(place)

    def hook(name: str, moment: str, subject: object) -> None:
        taken(name, moment, subject)
        if name == "rename_no_clobber" and moment == "before" and "help" in str(subject):
            write(place, b"a third")
            raise OSError(errno.EACCES, "no")

    practice.ops.hook = hook
    result = practice.undo()
    assert result.ending is Ending.ROLLED_BACK
    assert place.read_bytes() == b"a third"
    kept = [r.path for r in result.results if r.reason == "kept-beside"]
    assert [(practice.root / path).read_bytes() for path in kept] == [b"their work"]


def test_runs_go_along_with_a_folder_that_was_renamed(practice: Practice):
    before = practice.tree()
    forward(practice)
    there = practice.tree()
    practice.root.rename(practice.base / "aside")
    (practice.base / "aside").rename(practice.base / "Medicom 2")
    practice.name = "Medicom 2"
    assert practice.tree() == there
    assert practice.undo().ending is Ending.UNDONE
    assert practice.tree() == before
    with pytest.raises(UsageError):
        practice.undo()


def test_runs_of_a_folder_with_the_same_number_on_another_volume_are_its_own(practice: Practice):
    forward(practice)
    here = PinnedRoot.pin(practice.root)
    there = PinnedRoot(str(practice.base / "stick"), here.volume + 1, here.number)
    assert history.load(practice.runs, there).runs == ()
    assert len(history.load(practice.runs, here).runs) == 1


def test_what_was_broken_off_before_a_rename_is_cleaned_after_it(practice: Practice):
    before = practice.tree()
    cut_after(practice, 1)
    with pytest.raises(PowerLoss):
        forward(practice)
    practice.ops.hook = nothing
    practice.root.rename(practice.base / "Medicom 2")
    practice.name = "Medicom 2"
    assert leftovers(practice.root) != []
    practice.clean()
    assert leftovers(practice.root) == []
    practice.undo()
    assert practice.tree() == before
