"""What a person does now: at most one step for staff and a few for IT, always at least one.

Made from the report alone, so that a stored report can be shown in another language. A step is
never a promise: a way that is not complete is not offered.
"""

from __future__ import annotations

from collections.abc import Collection

from agent.model import Brake, DiagnosisClass, FindOutcome, Result, Role, State, WayName
from agent.outcomes import ExitCode, most_serious
from agent.reporting.documents import (
    Audience,
    ErrorPart,
    Fact,
    FilePart,
    Installation,
    NextStep,
    Report,
)
from agent.reporting.search_documents import SearchPart
from agent.reporting.texts import Texts
from agent.reporting.verdict import NOT_CONFIRMED, PARTLY_REPAIRED, numbers, verdict, worst_code

_STAFF = {
    "healthy": "files-fine",
    "settings-lost": "call-it-settings",
    "repaired": "start-program",
    "repaired-settings-lost": "call-it-settings",
    "partly-repaired": "other-computers",
    "restart-needed": "restart-computer",
    "rolled-back": "use-other-computer",
    "not-rolled-back": "do-not-use",
    "undone": "call-it",
    "disk-problem": "use-other-computer",
    "update-running": "wait-for-update",
    "newer-than-known": "nothing-to-do",
    "in-use": "close-program",
    "stopped": "start-again",
    NOT_CONFIRMED: "start-again",
}
"""Verdict to step; every other verdict is `call-it` unless the files can be put back."""

_IT = {
    "settings-lost": "fill-in-settings",
    "repaired-settings-lost": "fill-in-settings",
    "partly-repaired": "give-sources",
    "rolled-back": "read-report",
    "not-rolled-back": "finish-repair",
    "disk-problem": "check-disk",
    "update-running": "update-takes-long",
    "no-reference": "give-manifest",
    "newer-than-known": "give-newer-manifest",
    "half-updated": "choose-version",
    "quarantine-suspected": "check-scanner",
    "emptied": "confirm-folder",
    "wrong-folder": "give-root",
    "unknown": "version-by-hand",
    "needs-person": "release-brakes",
    "no-rights": "give-rights",
    "disk-full": "free-space",
    "internal-error": "read-report",
    NOT_CONFIRMED: "confirm-repair",
}
_BY_COVERAGE = {
    ExitCode.REPAIRABLE: ("can-be-repaired", "run-repair"),
    ExitCode.PARTLY_REPAIRABLE: ("other-computers", "run-partial"),
    ExitCode.NOT_REPAIRABLE: ("other-computers", "give-sources"),
    ExitCode.NO_SOURCE: ("other-computers", "give-sources"),
    ExitCode.SOURCES_REFUSED: ("other-computers", "give-sources"),
}
"""Staff's and IT's step where the sources decide."""

_NEVER_IN_PART = "version-not-complete"
"""Why a plan is blocked that no ``--partial`` releases: versions would be mixed."""
_RIGHT_NOW = frozenset({Result.RESTORED, Result.ALREADY_RIGHT})

_STOPPED_BY_OPEN_FILES = frozenset({"in-use", "rolled-back", PARTLY_REPAIRED})
_COVERAGE_DECIDES = frozenset({"files-deleted", "damaged"})
_FORWARD_HELPS = frozenset(
    {
        "files-deleted",
        "damaged",
        "unknown",
        "half-updated",
        "quarantine-suspected",
        "no-reference",
    }
)
_BY_OUTCOME = {
    FindOutcome.SEVERAL: "choose-folder",
    FindOutcome.EMPTIED: "confirm-folder",
    FindOutcome.NOT_FOUND: "give-root",
    FindOutcome.BUDGET_SPENT: "search-longer",
}
_ABSENT = frozenset({FindOutcome.NOT_FOUND, FindOutcome.BUDGET_SPENT})
_ERROR_STEPS = {
    ExitCode.STOPPED: (Audience.STAFF, "start-again"),
    ExitCode.USAGE: (Audience.IT, "correct-command"),
    ExitCode.IN_USE: (Audience.STAFF, "close-program"),
    ExitCode.UPDATE_RUNNING: (Audience.STAFF, "wait-for-update"),
}


def next_steps(report: Report, texts: Texts) -> list[NextStep]:
    """The steps of a run, staff first, each once."""
    steps: list[NextStep] = []
    for installation in report.installations:
        steps += _of_installation(report, installation, texts)
    if report.search is not None:
        judged = {one.product for one in report.installations}
        steps += _of_search(report.search, judged, texts)
    if not report.installations and not steps:
        steps += _of_error(report.error, most_serious(map(ExitCode, report.exit_codes)), texts)
    once = {(step.audience, step.text): step for step in steps}
    return sorted(once.values(), key=lambda step: step.audience is Audience.IT)


def _of_installation(report: Report, one: Installation, texts: Texts) -> list[NextStep]:
    key = verdict(report, one)
    staff, expert = _STAFF.get(key, "call-it"), _IT.get(key)
    if key in _COVERAGE_DECIDES:
        staff, expert = _by_coverage(worst_code(report, one), one, staff)
    if key == PARTLY_REPAIRED and _only_changed_left(one):
        staff, expert = "call-it", "replace-changed"
    if key == ExitCode.NEEDS_PERSON.slug and not one.brakes:
        expert = _without_brakes(one)
    facts = numbers(one)
    if facts["programs"] and key in _STOPPED_BY_OPEN_FILES:
        staff = "close-these-programs"
    steps = [_step(Audience.STAFF, staff, facts, texts)]
    if expert is not None:
        steps.append(_step(Audience.IT, expert, facts, texts))
    if key in _FORWARD_HELPS:
        steps += _forward(one, facts, texts)
    if Brake.ADHOC in one.brakes:
        steps.append(_step(Audience.IT, "give-code", facts, texts))
    return steps


def _without_brakes(one: Installation) -> str:
    """What a person must decide where no brake is on."""
    if one.diagnosis.kind is DiagnosisClass.UNKNOWN:
        return "version-by-hand"
    return "replace-changed" if _changed_left(one) else "read-report"


def _by_coverage(code: ExitCode, one: Installation, otherwise: str) -> tuple[str, str]:
    """The steps that follow from what the sources have, and that the plan can carry out."""
    staff, expert = _BY_COVERAGE.get(code, (otherwise, "run-repair"))
    plan = one.plan
    if plan is None:
        return staff, expert
    writes = bool(plan.restore or plan.replace or one.directories)
    if expert == "run-partial" and (plan.blocked == _NEVER_IN_PART or not writes):
        return staff, "give-sources"
    if expert == "run-repair" and _changed_left(one):
        # Without --changed these stay as they are: a plain repair would not help.
        return (staff, "run-repair-changed") if writes else ("call-it", "replace-changed")
    return staff, expert


def _changed_left(one: Installation) -> bool:
    return any(_is_changed_left(file) for file in one.files)


def _only_changed_left(one: Installation) -> bool:
    """Whether a repair did all it could, and only changed files that it was not asked for stay."""
    left = [f for f in one.files if f.role is Role.PROGRAM and f.result not in _RIGHT_NOW]
    folders = all(folder.result in _RIGHT_NOW for folder in one.directories)
    return bool(left) and folders and all(_is_changed_left(file) for file in left)


def _is_changed_left(file: FilePart) -> bool:
    return file.state is State.CHANGED and file.reason == "changed-not-asked"


def _forward(one: Installation, facts: dict[str, Fact], texts: Texts) -> list[NextStep]:
    steps: list[NextStep] = []
    for way in one.ways:
        if way.way is WayName.FORWARD and way.complete and way.wanted:
            code = "go-forward-with-code" if way.check_code else "go-forward"
            more = facts | {"target": way.version, "code": way.check_code or ""}
            steps.append(_step(Audience.IT, code, more, texts))
    return steps


def _of_search(search: SearchPart, judged: Collection[str], texts: Texts) -> list[NextStep]:
    """What a person does where the search did not end with one folder that was judged."""
    present = [one for one in search.answers if one.outcome not in _ABSENT]
    steps: list[NextStep] = []
    for answer in present or search.answers:
        code = _BY_OUTCOME.get(answer.outcome)
        if code is not None and answer.product not in judged:
            facts: dict[str, Fact] = {"title": answer.title}
            steps.append(_step(Audience.STAFF, "call-it", facts, texts))
            steps.append(_step(Audience.IT, code, facts, texts))
    return steps


def _of_error(error: ErrorPart | None, code: ExitCode, texts: Texts) -> list[NextStep]:
    if error is None:
        return []
    audience, step = _ERROR_STEPS.get(code, (Audience.STAFF, "call-it"))
    facts: dict[str, Fact] = {"title": texts.word("the-program")}
    return [_step(audience, step, facts, texts)]


def _step(audience: Audience, code: str, facts: dict[str, Fact], texts: Texts) -> NextStep:
    text = texts.say("next", code, **facts)
    used = {name: facts[name] for name in sorted(facts) if name in texts.fields("next", code)}
    return NextStep(audience=audience, code=code, text=text, facts=used)
