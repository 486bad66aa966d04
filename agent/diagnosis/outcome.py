"""The exit codes that a look ends with (DESIGN section 6, FORMATS section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.model import Comparison, Diagnosis, DiagnosisClass, State
from agent.outcomes import ExitCode

REPAIRABLE = frozenset(
    {
        DiagnosisClass.QUARANTINE_SUSPECTED,
        DiagnosisClass.FILES_DELETED,
        DiagnosisClass.DAMAGED,
    }
)
"""Classes whose code says how much of the own version can be had: 10, 11 or 12."""

CODES: dict[DiagnosisClass, ExitCode] = {
    DiagnosisClass.DISK_PROBLEM: ExitCode.DISK_ERROR,
    DiagnosisClass.UPDATE_RUNNING: ExitCode.UPDATE_RUNNING,
    DiagnosisClass.NO_REFERENCE: ExitCode.NO_REFERENCE,
    DiagnosisClass.HEALTHY: ExitCode.OK,
    DiagnosisClass.NEWER_THAN_KNOWN: ExitCode.LEFT_ALONE,
    DiagnosisClass.HALF_UPDATED: ExitCode.NEEDS_PERSON,
    DiagnosisClass.EMPTIED: ExitCode.NEEDS_PERSON,
    DiagnosisClass.WRONG_FOLDER: ExitCode.NOT_FOUND,
    DiagnosisClass.UNKNOWN: ExitCode.VERSION_UNKNOWN,
}
"""The code of every class that has one of its own."""


@dataclass(frozen=True, slots=True)
class SourcesSeen:
    """How many of the sources that somebody named could be used."""

    named: int = 0
    reachable: int = 0
    refused: int = 0
    """Of the reachable ones."""


def codes_after_look(
    diagnosis: Diagnosis,
    comparison: Comparison | None,
    *,
    wanted: int = 0,
    has: int = 0,
    sources: SourcesSeen | None = None,
) -> tuple[ExitCode, ...]:
    """Every code that applies after a look, in the order of the rules; `most_serious` picks one.

    Args:
        diagnosis: what happened.
        comparison: of the own version; None where the version is not certain, for then nobody
            knows what is missing.
        wanted: program files that were asked of the sources; never taken for less than what the
            comparison says, so that a changed file counts whether or not it was asked for.
        has: those of them that a source has.
        sources: the sources that somebody named. When none gave anything because none was
            reachable, or all were refused, that is told too (60, 61).
    """
    kind = diagnosis.kind
    if kind not in REPAIRABLE:
        own = (CODES[kind],)
        lost = kind is DiagnosisClass.HEALTHY and _settings_lost(comparison)
        return (*own, ExitCode.SETTINGS_LOST) if lost else own
    if comparison is None:
        return (ExitCode.VERSION_UNKNOWN,)
    return tuple(_codes_of_repair(comparison, wanted, has, sources or SourcesSeen()))


def _codes_of_repair(
    comparison: Comparison, wanted: int, has: int, sources: SourcesSeen
) -> Iterator[ExitCode]:
    counts = comparison.counts
    asked = max(wanted, counts.missing + counts.changed)
    # What can't be read, or has a file in its way, can't be put right: it counts as not to be had.
    stuck = len(comparison.having(State.NOT_CHECKED)) + len(comparison.blocked_directories)
    needed = asked + counts.unreadable + stuck
    if needed:
        yield _how_much(needed, has)
    elif comparison.missing_directories or not counts.newer:
        yield ExitCode.REPAIRABLE
    if needed and not has:
        yield from _why_nothing(sources)
    if counts.newer:
        yield ExitCode.LEFT_ALONE
    if _settings_lost(comparison):
        yield ExitCode.SETTINGS_LOST


def _how_much(needed: int, has: int) -> ExitCode:
    if not has:
        return ExitCode.NOT_REPAIRABLE
    return ExitCode.REPAIRABLE if has >= needed else ExitCode.PARTLY_REPAIRABLE


def _why_nothing(sources: SourcesSeen) -> Iterator[ExitCode]:
    if sources.named and not sources.reachable:
        yield ExitCode.NO_SOURCE
    elif sources.reachable and sources.refused >= sources.reachable:
        yield ExitCode.SOURCES_REFUSED


def _settings_lost(comparison: Comparison | None) -> bool:
    return comparison is not None and comparison.counts.settings_missing > 0
