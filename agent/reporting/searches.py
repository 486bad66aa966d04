"""The part of a report about a search: candidates, probes and the sweep, each in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from itertools import filterfalse
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from agent.model import (
    Candidate,
    Evidence,
    Found,
    ProbeReport,
    Search,
    WeighedEvidence,
)
from agent.reporting.privacy import Scrub, is_profile
from agent.reporting.search_documents import (
    AnswerPart,
    CandidatePart,
    EvidencePart,
    PenaltyPart,
    ProbePart,
    SearchPart,
    SweepPart,
    TroublePart,
)
from agent.reporting.texts import Texts

_DIGITS = 4
"""Scores are rounded to this many digits."""
_ENDING = re.compile(r"[a-z]\w{1,4}", re.IGNORECASE)
_OF_PROGRAMS = frozenset(
    {"bat", "cmd", "com", "dll", "exe", "ini", "jar", "lnk", "msc", "msi", "ocx", "sys", "vbs"}
)
"""What a file ends with that is no document of anybody."""
_UNNAMED = "…"


def personal_folders(search: Search | None) -> Iterator[PurePath]:
    """The folders of people that a search came by and that nobody would know by their path."""
    for report in search.probes if search is not None else ():
        for path in filterfalse(is_profile, report.people):
            yield PurePosixPath(path) if path.startswith("/") else PureWindowsPath(path)


def search_part(search: Search, scrub: Scrub, texts: Texts) -> SearchPart:
    """Everything that a search did."""
    sweep = search.sweep
    return SearchPart(
        answers=[_answer(found, scrub, texts) for found in search.found],
        probes=[_probe(report, scrub, texts) for report in search.probes],
        sweep=None
        if sweep is None
        else SweepPart(
            drives=list(sweep.drives),
            entries=sweep.entries,
            skipped=sweep.skipped,
            took_ms=sweep.took_ms,
            complete=sweep.complete,
        ),
    )


def candidate_part(one: Candidate, scrub: Scrub, texts: Texts) -> CandidatePart:
    """One candidate with its evidence."""
    canonical = scrub.text(one.canonical)
    root = scrub.text(one.root)
    reason = scrub.text(one.reason)
    return CandidatePart(
        root=root,
        canonical=canonical if canonical.casefold() != root.casefold() else None,
        score=round(min(1.0, max(0.0, one.score)), _DIGITS),
        content=round(one.content.score, _DIGITS),
        provenance=round(one.provenance, _DIGITS),
        penalties=[
            PenaltyPart(
                name=penalty.name,
                says=texts.phrase("penalty", penalty.name),
                weight=round(penalty.weight, _DIGITS),
            )
            for penalty in one.penalties
        ],
        verdict=one.verdict,
        reason=reason,
        says=texts.phrase("find-reason", reason),
        version=one.content.version,
        right=one.content.right,
        wrong=one.content.wrong,
        main_programs=[scrub.text(path) for path in one.content.main_programs],
        last_used=None
        if one.last_used is None
        else one.last_used.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        evidence=[_evidence(weighed, scrub, texts) for weighed in one.evidence],
    )


def evidence_words(part: EvidencePart, texts: Texts) -> str:
    """One piece of evidence in words, made again from its ids."""
    return texts.say("evidence", part.group.value, path=part.path, where=part.where)


def _evidence(weighed: WeighedEvidence, scrub: Scrub, texts: Texts) -> EvidencePart:
    evidence = weighed.evidence
    path, where = scrub.text(_path(evidence)), scrub.text(evidence.where)
    return EvidencePart(
        probe=evidence.probe,
        group=evidence.group,
        path=path,
        where=where,
        says=texts.say("evidence", evidence.group.value, path=path, where=where),
        weight=round(weighed.weight, _DIGITS),
        ignored=weighed.ignored,
    )


def _path(evidence: Evidence) -> str:
    """Where evidence leads; a shortcut or a key that names a document does not say which."""
    folder, separator, name = evidence.path.rpartition("\\")
    stem, _, ending = name.rpartition(".")
    is_document = stem and _ENDING.fullmatch(ending) and ending.lower() not in _OF_PROGRAMS
    if is_document and not evidence.is_folder:
        return f"{folder}{separator}{_UNNAMED}.{ending}"
    return evidence.path


def _answer(found: Found, scrub: Scrub, texts: Texts) -> AnswerPart:
    return AnswerPart(
        product=found.product,
        title=found.title or found.product,
        outcome=found.outcome,
        lists=found.lists,
        root=scrub.maybe(found.chosen.root if found.chosen is not None else None),
        margin=None if found.margin is None else round(min(1.0, max(0.0, found.margin)), _DIGITS),
        candidates=[candidate_part(one, scrub, texts) for one in found.candidates],
    )


def _probe(report: ProbeReport, scrub: Scrub, texts: Texts) -> ProbePart:
    return ProbePart(
        probe=report.probe,
        places=report.places,
        found=report.found,
        took_ms=report.took_ms,
        timed_out=report.timed_out,
        looked_at=[scrub.text(place) for place in report.looked_at],
        troubles=[
            TroublePart(where=scrub.text(one.where), what=scrub.text(_trouble(one.what, texts)))
            for one in report.troubles
        ],
    )


def _trouble(what: str, texts: Texts) -> str:
    return texts.phrase("trouble", what) if texts.has("trouble", what.partition(":")[0]) else what
