"""What a person does now: at most one step for staff and a few for IT, always at least one.

Made from the report alone, so that a stored report can be shown in another language. A step is
never a promise: a way that is not complete is not offered.
"""

from __future__ import annotations

from agent.model import Action, Brake, DiagnosisClass, State, WayName
from agent.outcomes import ExitCode, most_serious
from agent.reporting.documents import Audience, ErrorPart, Fact, Installation, NextStep, Report
from agent.reporting.texts import Texts
from agent.reporting.verdict import numbers, verdict, worst_code

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
}
_BY_COVERAGE = {
    ExitCode.REPAIRABLE: ("can-be-repaired", "run-repair"),
    ExitCode.PARTLY_REPAIRABLE: ("other-computers", "run-partial"),
    ExitCode.NOT_REPAIRABLE: ("other-computers", "give-sources"),
    ExitCode.NO_SOURCE: ("other-computers", "give-sources"),
    ExitCode.SOURCES_REFUSED: ("other-computers", "give-sources"),
}
"""Staff's and IT's step where the sources decide."""

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
    if not report.installations:
        steps += _of_error(report.error, most_serious(map(ExitCode, report.exit_codes)), texts)
    once = {(step.audience, step.text): step for step in steps}
    return sorted(once.values(), key=lambda step: step.audience is Audience.IT)


def _of_installation(report: Report, one: Installation, texts: Texts) -> list[NextStep]:
    key = verdict(report, one)
    staff, expert = _STAFF.get(key, "call-it"), _IT.get(key)
    if key in _COVERAGE_DECIDES:
        staff, expert = _BY_COVERAGE.get(worst_code(report, one), (staff, "run-repair"))
    if key == ExitCode.NEEDS_PERSON.slug and not one.brakes:
        expert = _without_brakes(one)
    facts = numbers(one)
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
    changed = any(file.state is State.CHANGED and file.action is Action.LEAVE for file in one.files)
    return "replace-changed" if changed else "read-report"


def _forward(one: Installation, facts: dict[str, Fact], texts: Texts) -> list[NextStep]:
    steps: list[NextStep] = []
    for way in one.ways:
        if way.way is WayName.FORWARD and way.complete and way.wanted:
            code = "go-forward-with-code" if way.check_code else "go-forward"
            more = facts | {"target": way.version, "code": way.check_code or ""}
            steps.append(_step(Audience.IT, code, more, texts))
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
