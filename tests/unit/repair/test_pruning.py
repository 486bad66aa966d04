from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.manifest.names import UNDO_DIRECTORY
from agent.model import WayName
from agent.repair.pruning import KEPT_FOR, prune
from tests.faults.practice import HOLDER, NEW, OLD, Practice, clock, leftovers
from tests.simulators.file_ops import PowerLoss, SteppedOps, When


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path, ops=SteppedOps()).install(OLD)


def pruned(practice: Practice, later: timedelta) -> tuple[str, ...]:
    return prune(
        root=practice.root, runs=practice.runs, ops=practice.ops, holder=HOLDER,
        now=clock() + later,
    )  # fmt: skip


def forward_and_back_again(practice: Practice) -> tuple[str, str]:
    """Two runs that replace files: to the new version and to the old one."""
    first = practice.repair(practice.plan(NEW, WayName.FORWARD)).run_id
    return first, practice.repair(practice.plan(OLD, WayName.FORWARD)).run_id


@pytest.mark.parametrize("other_volume", [False, True])
def test_forgets_originals_and_journal_of_an_old_run(practice: Practice, other_volume: bool):
    if other_volume:
        practice.ops.volumes[practice.runs] = 0
    first, second = forward_and_back_again(practice)
    before = practice.tree()

    assert pruned(practice, KEPT_FOR + timedelta(seconds=1)) == (first,)

    assert not (practice.runs / first).exists()
    assert (practice.runs / second).is_dir()
    assert not (practice.root / UNDO_DIRECTORY / first).exists()
    after = practice.tree()
    assert {p: v for p, v in after.items() if not p.startswith(UNDO_DIRECTORY)} == {
        p: v for p, v in before.items() if not p.startswith(UNDO_DIRECTORY)
    }
    practice.undo(second)
    with pytest.raises(UsageError):
        practice.undo(first)


def test_keeps_what_is_thirty_days_old(practice: Practice):
    first, second = forward_and_back_again(practice)
    assert pruned(practice, KEPT_FOR) == ()
    practice.undo(second)
    practice.undo(first)
    assert leftovers(practice.root) == []


def test_keeps_the_newest_run_whatever_the_clock_says(practice: Practice):
    run = practice.repair(practice.plan(NEW, WayName.FORWARD)).run_id
    assert pruned(practice, timedelta(days=40_000)) == ()
    practice.undo(run)


def test_a_clock_that_was_set_back_forgets_nothing(practice: Practice):
    forward_and_back_again(practice)
    assert pruned(practice, -timedelta(days=400)) == ()


def test_never_touches_the_journal_of_a_broken_off_run(practice: Practice):
    first, second = forward_and_back_again(practice)
    journal = practice.runs / first / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    assert pruned(practice, KEPT_FOR * 2) == ()
    assert journal.exists()
    assert (practice.runs / second).is_dir()


def power_loss() -> None:
    raise PowerLoss


def broken_off_and_gone_on_with(practice: Practice, later: timedelta) -> tuple[str, str]:
    """A run that was broken off, and the one that went on with it so much later."""
    practice.ops.hook = When("replace_keeping", power_loss, "after")
    with pytest.raises(PowerLoss):
        practice.repair(practice.plan(NEW, WayName.FORWARD))
    practice.clean()
    practice.now = clock() + later
    result = practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert result.continues is not None
    return result.continues, result.run_id


def test_keeps_what_a_kept_run_goes_on_with(practice: Practice):
    before = practice.tree()
    first, second = broken_off_and_gone_on_with(practice, KEPT_FOR)
    assert pruned(practice, KEPT_FOR * 1.5) == ()
    assert (practice.runs / first).is_dir()
    practice.undo(second)
    assert practice.tree() == before


def test_forgets_a_whole_chain(practice: Practice):
    chain = broken_off_and_gone_on_with(practice, timedelta(days=1))
    practice.now = clock() + KEPT_FOR
    practice.repair(practice.plan(OLD, WayName.FORWARD))
    assert pruned(practice, KEPT_FOR * 1.5) == chain


def test_keeps_the_undo_of_a_run_that_is_kept(practice: Practice):
    practice.now = clock() + KEPT_FOR
    run = practice.repair(practice.plan(NEW, WayName.FORWARD)).run_id
    practice.now = clock()  # the clock was put right
    practice.undo()
    practice.now = clock() + KEPT_FOR
    practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert pruned(practice, KEPT_FOR * 1.5) == ()
    with pytest.raises(UsageError) as caught:
        practice.undo(run)
    assert caught.value.problem == "already-undone"
