"""What happened: one class out of the table in DESIGN section 6; the first that matches wins.

Each rule is one row. It answers None when the row does not match, else the signals that led to it,
as text ids with a value after a colon where they have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agent.diagnosis.mixing import Mixture
from agent.diagnosis.signals import Signals
from agent.diagnosis.thresholds import (
    EXECUTABLE_SUFFIXES,
    MIN_PROGRAM_FILES,
    QUARANTINE_MAX_MISSING,
)
from agent.model import Comparison, Counts, DecidedBy, Diagnosis, DiagnosisClass, State

Rule = Callable[[Signals], tuple[str, ...] | None]
"""One row of the table."""


def classify(signals: Signals) -> Diagnosis:
    """The class of what happened; total, for `unknown` matches whatever is left."""
    for kind, rule in RULES:
        found = rule(signals)
        if found is not None:
            return Diagnosis(kind, found)
    return Diagnosis(DiagnosisClass.UNKNOWN, _why_unknown(signals))


def _disk_problem(signals: Signals) -> tuple[str, ...] | None:
    return (f"disk-errors:{signals.disk_errors}",) if signals.disk_errors else None


def _update_running(signals: Signals) -> tuple[str, ...] | None:
    return tuple(_signs_of_update(signals)) or None


def _signs_of_update(signals: Signals) -> Iterator[str]:
    around = signals.around
    if around.updater_running is not None:
        yield f"updater-runs:{around.updater_running}"
    if around.staging_names:
        yield f"staging-names:{len(around.staging_names)}"
    if around.recently_written and signals.mixture is not None:
        yield f"written-recently:{abs(around.seconds_since_write or 0):.0f}"
        yield _mixed(signals.mixture)


def _no_reference(signals: Signals) -> tuple[str, ...] | None:
    return None if signals.references else ("no-list",)


def _healthy(signals: Signals) -> tuple[str, ...] | None:
    comparison = signals.comparison
    if not signals.certain or comparison is None or _gone(comparison) or _wrong(comparison):
        return None
    return tuple(_numbers(comparison, "settings_missing"))


def _newer_than_known(signals: Signals) -> tuple[str, ...] | None:
    return ("higher-order",) if signals.higher_order and not signals.certain else None


def _half_updated(signals: Signals) -> tuple[str, ...] | None:
    mixture = signals.mixture
    if mixture is None or not mixture.is_half_update:
        return None
    return (
        _mixed(mixture),
        f"only-in-first:{mixture.only_first}",
        f"only-in-second:{mixture.only_second}",
    )


def _quarantine_suspected(signals: Signals) -> tuple[str, ...] | None:
    found: list[str] = []
    if signals.around.quarantine_record:
        found.append("quarantine-record")
    comparison = signals.comparison
    if signals.certain and comparison is not None and _only_executables_gone(comparison):
        found.append(f"only-executables-missing:{comparison.counts.missing}")
    return tuple(found) or None


def _files_deleted(signals: Signals) -> tuple[str, ...] | None:
    comparison = signals.comparison
    if not signals.certain or comparison is None or _wrong(comparison):
        return None
    return tuple(_signs_of_damage(comparison)) or None


def _damaged(signals: Signals) -> tuple[str, ...] | None:
    comparison = signals.comparison
    if not signals.certain or comparison is None or not _wrong(comparison):
        return None
    return tuple(_signs_of_damage(comparison))


def _emptied(signals: Signals) -> tuple[str, ...] | None:
    around = signals.around
    if not _is_empty(signals) or not (around.registered or around.own_record):
        return None
    names = {"registered": around.registered, "own-record": around.own_record}
    return (_here(signals), *(name for name, given in names.items() if given))


def _wrong_folder(signals: Signals) -> tuple[str, ...] | None:
    return (_here(signals),) if _is_empty(signals) else None


RULES: tuple[tuple[DiagnosisClass, Rule], ...] = (
    (DiagnosisClass.DISK_PROBLEM, _disk_problem),
    (DiagnosisClass.UPDATE_RUNNING, _update_running),
    (DiagnosisClass.NO_REFERENCE, _no_reference),
    (DiagnosisClass.HEALTHY, _healthy),
    (DiagnosisClass.NEWER_THAN_KNOWN, _newer_than_known),
    (DiagnosisClass.HALF_UPDATED, _half_updated),
    (DiagnosisClass.QUARANTINE_SUSPECTED, _quarantine_suspected),
    (DiagnosisClass.FILES_DELETED, _files_deleted),
    (DiagnosisClass.DAMAGED, _damaged),
    (DiagnosisClass.EMPTIED, _emptied),
    (DiagnosisClass.WRONG_FOLDER, _wrong_folder),
)
"""The table, in the order of decision; `unknown` is what is left."""


def _why_unknown(signals: Signals) -> tuple[str, ...]:
    match = signals.match
    if match is None:
        return ()
    tie = ("tie",) if match.decided_by is DecidedBy.NONE else ()
    return (*tie, *match.doubts)


def _is_empty(signals: Signals) -> bool:
    return signals.program_files_here < MIN_PROGRAM_FILES


def _here(signals: Signals) -> str:
    return f"program-files-here:{signals.program_files_here}"


def _mixed(mixture: Mixture) -> str:
    return f"versions-mixed:{mixture.first}/{mixture.second}"


def _gone(comparison: Comparison) -> int:
    """Program files and required folders that are not there."""
    return comparison.counts.missing + len(comparison.missing_directories)


def _wrong(comparison: Comparison) -> int:
    """Program files with other bytes or bytes that nobody could read; files in a folder's place."""
    counts = comparison.counts
    blocked = len(comparison.blocked_directories)
    return counts.changed + counts.newer + counts.unreadable + _not_checked(comparison) + blocked


def _not_checked(comparison: Comparison) -> int:
    return len(comparison.having(State.NOT_CHECKED))


def _only_executables_gone(comparison: Comparison) -> bool:
    """A few missing, all of them executables, and everything else complete."""
    missing = comparison.having(State.MISSING)
    if not 1 <= len(missing) <= QUARANTINE_MAX_MISSING:
        return False
    if comparison.missing_directories or _wrong(comparison):
        return False
    return all(finding.path.lower().endswith(EXECUTABLE_SUFFIXES) for finding in missing)


def _signs_of_damage(comparison: Comparison) -> Iterator[str]:
    yield from _numbers(comparison, "missing")
    if comparison.missing_directories:
        yield f"missing-folders:{len(comparison.missing_directories)}"
    if comparison.blocked_directories:
        yield f"blocked-folders:{len(comparison.blocked_directories)}"
    yield from _numbers(comparison, "changed", "newer", "unreadable")
    if unread := _not_checked(comparison):
        yield f"not-checked:{unread}"
    yield from _numbers(comparison, "settings_missing")


def _numbers(comparison: Comparison, *names: str) -> Iterator[str]:
    counts: Counts = comparison.counts
    for name in names:
        number = getattr(counts, name)
        if number:
            yield f"{name.replace('_', '-')}:{number}"
