"""agent.workflow.holding: a file that was in use says by whom."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from agent.model import (
    Action,
    Ending,
    Plan,
    RepairResult,
    Result,
    Role,
    State,
    Step,
    StepResult,
    Trust,
    WayName,
)
from agent.outcomes import ExitCode
from agent.ports import LockHolder
from agent.repair.containment import PinnedRoot
from agent.workflow.holding import FILES_ASKED, is_held, name_holders, name_in_plan
from tests.simulators.file_ops import Refuse, SteppedOps
from tests.simulators.locks import SimulatedLocks
from tests.unit.workstation import OLD, Workstation

LOST = tuple(OLD)[:25]


def failed(path: str, reason: str = "locked") -> StepResult:
    return StepResult(path, Result.FAILED, reason=reason)


def result_of(*results: StepResult) -> RepairResult:
    return RepairResult("r", Ending.ROLLED_BACK, results)


@pytest.fixture
def root(tmp_path: Path) -> PinnedRoot:
    return PinnedRoot.pin(tmp_path)


def reasons(result: RepairResult) -> list[str | None]:
    return [one.reason for one in result.results]


def test_names_each_program_once_and_no_more_than_a_sentence_holds(root: PinnedRoot):
    names = ("Medicom", "Word", "Medicom", "Excel", "Outlook")
    holders = [LockHolder(name, number) for number, name in enumerate(names)]
    locks = SimulatedLocks({Path(root.path, "a.dll"): holders})
    result = name_holders(result_of(failed("a.dll")), root, locks)
    assert reasons(result) == ["locked-by:Medicom, Word, Excel"]


def test_where_nobody_can_tell_it_is_just_in_use(root: PinnedRoot):
    result = result_of(failed("a.dll"))
    assert name_holders(result, root, SimulatedLocks()) == result
    nameless = SimulatedLocks({Path(root.path, "a.dll"): [LockHolder("", 7)]})
    assert name_holders(result, root, nameless) == result


def test_only_what_failed_because_it_was_in_use_is_asked_about(root: PinnedRoot):
    class Never(SimulatedLocks):
        def holders(self, paths):
            raise AssertionError(paths)

    others = (
        failed("a.dll", "no-rights"),
        StepResult("b.dll", Result.SKIPPED, reason="rolled-back"),
        StepResult("c.dll", Result.RESTORED),
    )
    assert name_holders(result_of(*others), root, Never()) == result_of(*others)


def test_a_path_that_is_refused_is_not_asked_about(root: PinnedRoot):
    result = result_of(failed("absent/a.dll"))
    assert reasons(name_holders(result, root, SimulatedLocks())) == ["locked"]


def test_asks_about_a_few_files_only(root: PinnedRoot):
    paths = [f"{number:02}.dll" for number in range(FILES_ASKED + 2)]
    holder = [LockHolder("Medicom", 1)]
    locks = SimulatedLocks({Path(root.path, path): holder for path in paths})
    named = reasons(name_holders(result_of(*map(failed, paths)), root, locks))
    assert named == ["locked-by:Medicom"] * FILES_ASKED + ["locked"] * 2


def test_a_repair_that_an_open_file_stopped_names_the_program_to_close(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    busy = Refuse("rename_no_clobber", OSError(errno.EBUSY, "in use"), skip=1, times=1)
    pc.overrides["ops"] = SteppedOps(busy)
    held = {pc.root / path: [LockHolder("Medicom Balie", 7)] for path in LOST}
    pc.overrides["locks"] = SimulatedLocks(held)
    said = pc.repair("--source", pc.source("kopie", OLD))
    assert said.code == ExitCode.IN_USE
    assert [f["reason"] for f in said.one["files"] if f["result"] == "failed"] == [
        "locked-by:Medicom Balie"
    ]
    steps = {step["code"]: step["text"] for step in said.report["next_steps"]}
    assert "Medicom Balie" in steps["close-these-programs"]


def test_a_file_that_can_not_even_be_read_says_who_keeps_it(root: PinnedRoot):
    place = Path(root.path, "a.dll")
    held = Step("a.dll", Role.PROGRAM, State.UNREADABLE, Action.LEAVE, None, None, (), "locked")
    other = replace(held, path="b.dll", reason="unreadable")
    plan = Plan("p", "1", WayName.BACK, Trust.INSTALLED, (held, other), (), (), None, 0)
    assert [is_held(step) for step in plan.steps] == [True, False]
    locks = SimulatedLocks({place: [LockHolder("Medicom", 1)]})
    named = name_in_plan(plan, root, locks)
    assert [step.reason for step in named.steps] == ["locked-by:Medicom", "unreadable"]
    assert [is_held(step) for step in named.steps] == [True, False]
    assert name_in_plan(plan, root, SimulatedLocks()) == plan
