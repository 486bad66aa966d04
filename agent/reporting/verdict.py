"""Which sentence sums up an installation: one id for the verdict, read from the report alone.

The ids are keys of the sections ``verdict`` and ``explain`` in the texts; `next_steps` and every
renderer start from them, so all say the same.
"""

from __future__ import annotations

from agent.model import DiagnosisClass, Ending, WayName
from agent.outcomes import ExitCode, most_serious
from agent.reporting.documents import Fact, Installation, Report

SETTINGS_LOST = "settings-lost"
REPAIRED = "repaired"
PARTLY_REPAIRED = "partly-repaired"
NOT_CONFIRMED = "not-confirmed"
LOCKED_BY = "locked-by"
"""Reason of a file that programs kept open, followed by their names."""
NO_YES = frozenset({NOT_CONFIRMED, "not-a-terminal"})
"""Problems of a repair to which nobody said yes."""
WRITING_COMMANDS = frozenset({"repair", "undo"})

_ENDINGS = {
    Ending.ROLLED_BACK: "rolled-back",
    Ending.NOT_ROLLED_BACK: "not-rolled-back",
    Ending.UNDONE: "undone",
}
_AFTER_COMMIT = {
    ExitCode.OK: REPAIRED,
    ExitCode.SETTINGS_LOST: "repaired-settings-lost",
    ExitCode.PARTLY_REPAIRED: PARTLY_REPAIRED,
    ExitCode.RESTART_NEEDED: "restart-needed",
}
_STOOD_IN_THE_WAY = frozenset(
    {
        ExitCode.IN_USE,
        ExitCode.NEEDS_PERSON,
        ExitCode.NO_RIGHTS,
        ExitCode.DISK_FULL,
        ExitCode.STOPPED,
        ExitCode.INTERNAL_ERROR,
    }
)
_NEEDS_PERSON_CLASSES = frozenset({DiagnosisClass.HALF_UPDATED, DiagnosisClass.EMPTIED})
"""These say by themselves that a person is needed, and why."""
_ABOUT_FILES = frozenset({DiagnosisClass.FILES_DELETED.value, DiagnosisClass.DAMAGED.value})
"""Their explanation counts files of the own version; a plan forward counts those of another."""


def verdict(report: Report, installation: Installation) -> str:
    """The id of the verdict on one installation."""
    if installation.ending in _ENDINGS:
        return _ENDINGS[installation.ending]
    code = worst_code(report, installation)
    kind = installation.diagnosis.kind
    acting = report.command in WRITING_COMMANDS and not report.dry_run
    if acting and installation.ending is Ending.COMMITTED:
        return _AFTER_COMMIT.get(code, PARTLY_REPAIRED)
    if acting and report.error is not None and report.error.code in NO_YES:
        return NOT_CONFIRMED
    if acting and code in _STOOD_IN_THE_WAY and kind not in _NEEDS_PERSON_CLASSES:
        return code.slug
    if kind is DiagnosisClass.HEALTHY and code is ExitCode.SETTINGS_LOST:
        return SETTINGS_LOST
    return kind.value


def explanation(report: Report, installation: Installation) -> str:
    """The id of the sentence below the verdict."""
    key = verdict(report, installation)
    before, plan = installation.before, installation.plan
    if plan and plan.way is WayName.FORWARD and installation.ending is None and key in _ABOUT_FILES:
        return "forward-planned"
    only_folders = before is not None and not before.missing and installation.directories
    return "folders-gone" if key == DiagnosisClass.FILES_DELETED and only_folders else key


def worst_code(report: Report, installation: Installation) -> ExitCode:
    """The most serious code of one installation; the run's when it ended before it had any."""
    codes = installation.exit_codes or report.exit_codes
    return most_serious(ExitCode(code) for code in codes)


def version_here(installation: Installation) -> str:
    """The version that belongs here now: after a repair the one that it completed."""
    version, plan = installation.version, installation.plan
    if plan is not None and installation.ending is Ending.COMMITTED:
        return plan.version
    return (version and version.id) or ""


def numbers(installation: Installation) -> dict[str, Fact]:
    """The facts that every sentence about an installation may use."""
    before = installation.before
    after = installation.after or before
    version, plan = installation.version, installation.plan
    restored = sum(1 for file in installation.files if file.result == "restored")
    return {
        "title": installation.name,
        "product": installation.product,
        "root": installation.root,
        "version": version_here(installation),
        "other": (version and version.runner_up) or "",
        "missing": before.missing if before else 0,
        "changed": before.changed if before else 0,
        "unreadable": before.unreadable if before else 0,
        "wrong": (before.changed + before.newer + before.unreadable) if before else 0,
        "listed": before.listed if before else 0,
        "settings_missing": after.settings_missing if after else 0,
        "bytes": before.bytes_missing if before else 0,
        "restored": restored,
        "still": (after.missing + after.changed + after.unreadable) if after else 0,
        "brakes": [brake.value for brake in installation.brakes],
        "programs": holders(installation),
        "folders": len(installation.directories),
        "target": plan.version if plan else "",
        "planned": (plan.restore + plan.replace + plan.left) if plan else 0,
    }


def holders(installation: Installation) -> list[str]:
    """The programs that kept files open, each once."""
    reasons = [(file.reason or "").partition(":") for file in installation.files]
    named = [names for name, _, names in reasons if name == LOCKED_BY]
    return list(dict.fromkeys(name for names in named for name in names.split(", ")))
