"""A next step is one that can be taken, and that works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.errors import StaffError
from agent.model import (
    Action,
    Comparison,
    Counts,
    Diagnosis,
    DiagnosisClass,
    Ending,
    FileSeen,
    Role,
    State,
    Step,
)
from agent.outcomes import ExitCode
from agent.reporting.facts import InstallationFacts
from agent.reporting.report import build
from agent.reporting.text import render
from tests.unit.reporting.building import (
    digest,
    installation,
    listed,
    planned,
    repaired,
    run,
    step,
)


@pytest.mark.parametrize(
    ("code", "staff", "expert"),
    [
        (ExitCode.REPAIRABLE, "can-be-repaired", "run-repair"),
        (ExitCode.PARTLY_REPAIRABLE, "other-computers", "run-partial"),
        (ExitCode.NOT_REPAIRABLE, "other-computers", "give-sources"),
    ],
)
def test_the_next_step_follows_what_the_sources_have(
    code: ExitCode, staff: str, expert: str
) -> None:
    steps = build(run(installation(codes=(code,)))).next_steps
    assert [(step.audience, step.code) for step in steps] == [("staff", staff), ("it", expert)]


def test_a_person_who_is_needed_for_an_unknown_version_is_asked_for_it() -> None:
    facts = installation(
        codes=(ExitCode.NEEDS_PERSON,), diagnosis=Diagnosis(DiagnosisClass.UNKNOWN, ("tie",))
    )
    steps = build(run(facts, command="repair")).next_steps
    assert [step.code for step in steps] == ["call-it", "version-by-hand"]


def test_changed_files_that_nobody_asked_for_name_the_option() -> None:
    facts = repaired(repair=None, after=None, codes=(ExitCode.NEEDS_PERSON,))
    assert facts.plan is not None
    step = replace(
        facts.plan.steps[0], state=State.CHANGED, action=Action.LEAVE, reason="changed-not-asked"
    )
    facts = replace(
        facts,
        plan=replace(facts.plan, steps=(step,)),
        diagnosis=Diagnosis(DiagnosisClass.DAMAGED, ()),
    )
    steps = build(run(facts, command="repair")).next_steps
    assert [step.code for step in steps] == ["call-it", "replace-changed"]


def _steps(facts: InstallationFacts, command: str = "check", **changes: Any) -> list[str]:
    return [step.code for step in build(run(facts, command=command, **changes)).next_steps]


def _left(path: str = "bin/c.dll") -> Step:
    return Step(
        path, Role.PROGRAM, State.CHANGED, Action.LEAVE, listed(path, 3),
        FileSeen(path, 5, 0, digest(8)), (), "changed-not-asked",
    )  # fmt: skip


def test_only_changed_files_left_are_not_promised_to_a_plain_repair() -> None:
    facts = planned(code=ExitCode.REPAIRABLE, steps=(_left(),), directories=())
    facts = replace(
        facts,
        diagnosis=Diagnosis(DiagnosisClass.DAMAGED, ()),
        before=Comparison("2022.4", Counts(listed=5, ok=4, changed=1), (), ()),
    )
    for command in ("check", "plan"):
        assert _steps(facts, command) == ["call-it", "replace-changed"]
    partly = replace(facts, codes=(ExitCode.PARTLY_REPAIRABLE,))
    assert _steps(partly) == ["other-computers", "give-sources"]


def test_missing_and_changed_files_are_repaired_together() -> None:
    facts = planned(code=ExitCode.REPAIRABLE, steps=(step("bin/b.dll", 2), _left()))
    assert _steps(facts) == ["can-be-repaired", "run-repair-changed"]
    lines = render(build(run(facts)), "nl").splitlines()
    assert "werkplek repair --changed" in lines[-1]


def test_a_repair_that_left_only_what_was_not_asked_for_names_the_option() -> None:
    facts = repaired(codes=(ExitCode.PARTLY_REPAIRED,))
    assert facts.plan is not None
    plan = replace(facts.plan, steps=(*facts.plan.steps, _left()))
    assert _steps(replace(facts, plan=plan), "repair") == ["call-it", "replace-changed"]
    failed = replace(_left("bin/d.dll"), state=State.MISSING, reason="no-source-has-it")
    more = replace(plan, steps=(*plan.steps, failed))
    assert _steps(replace(facts, plan=more), "repair") == ["other-computers", "give-sources"]


def test_a_version_that_would_be_mixed_is_not_put_back_in_part() -> None:
    facts = planned(code=ExitCode.PARTLY_REPAIRABLE, blocked="version-not-complete")
    assert _steps(facts, "plan") == ["other-computers", "give-sources"]
    assert "--partial" not in render(build(run(facts, command="plan")), "nl")
    own = planned(code=ExitCode.PARTLY_REPAIRABLE, blocked="not-complete")
    assert _steps(own, "plan") == ["other-computers", "run-partial"]


@pytest.mark.parametrize("problem", ["not-confirmed", "not-a-terminal"])
def test_who_did_not_say_yes_is_told_how(problem: str) -> None:
    facts = replace(planned(code=ExitCode.REPAIRABLE), codes=())
    error = StaffError(problem, ExitCode.NEEDS_PERSON)
    report = build(run(facts, command="repair", error=error, codes=(ExitCode.NEEDS_PERSON,)))
    assert [step.code for step in report.next_steps] == ["start-again", "confirm-repair"]
    lines = render(report, "nl").splitlines()
    assert "Het herstel is niet gestart." in lines
    assert "--yes" in lines[-1]


def test_a_repair_that_is_not_finished_is_turned_back_by_a_whole_command() -> None:
    facts = repaired(codes=(ExitCode.PARTLY_REPAIRED,))
    assert facts.repair is not None
    facts = replace(facts, repair=replace(facts.repair, ending=Ending.NOT_ROLLED_BACK))
    line = render(build(run(facts, command="repair")), "nl").splitlines()[-1]
    assert r'werkplek undo --root "D:\Praktijk\PP"' in line
