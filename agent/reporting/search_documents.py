"""The part of a report about a search, and the candidates of an installation, as written."""

from __future__ import annotations

import msgspec

from agent.model import FindOutcome, ProbeGroup, Verdict


class EvidencePart(msgspec.Struct, frozen=True, kw_only=True):
    """One hint that led to a candidate."""

    probe: str
    group: ProbeGroup
    """Kind of evidence; of one kind only the heaviest piece counts."""
    path: str
    where: str
    """Where it stood."""
    says: str
    weight: float
    """0 when it did not count."""
    ignored: str | None = None
    """Id of why it did not count."""


class PenaltyPart(msgspec.Struct, frozen=True, kw_only=True):
    """Why a candidate is less likely."""

    name: str
    says: str
    weight: float


class CandidatePart(msgspec.Struct, frozen=True, kw_only=True):
    """One folder that might be the installation; scores are null where none was computed."""

    root: str
    score: float | None = None
    content: float | None = None
    provenance: float | None = None
    penalties: list[PenaltyPart] = []
    verdict: Verdict = Verdict.CHOSEN
    reason: str | None = None
    """Id of why it won or lost, ``id:value`` where it has a value."""
    says: str | None = None
    """The same in words."""
    version: str | None = None
    """The version that its content fits best."""
    right: int = 0
    """Files looked at with the listed content."""
    wrong: int = 0
    main_programs: list[str] = []
    canonical: str | None = None
    """Where links and drive aliases lead; null when that is the same."""
    last_used: str | None = None
    evidence: list[EvidencePart] = []


class AnswerPart(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a search for one product."""

    product: str
    title: str
    outcome: FindOutcome
    lists: int
    """Known manifests of the product."""
    root: str | None
    margin: float | None
    candidates: list[CandidatePart]


class TroublePart(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a search could not read."""

    where: str
    what: str


class ProbePart(msgspec.Struct, frozen=True, kw_only=True):
    """What one probe did."""

    probe: str
    places: int
    found: int
    took_ms: int
    timed_out: bool
    looked_at: list[str]
    troubles: list[TroublePart]


class SweepPart(msgspec.Struct, frozen=True, kw_only=True):
    """How far the disks were gone through."""

    drives: list[str]
    entries: int
    skipped: int
    took_ms: int
    complete: bool


class SearchPart(msgspec.Struct, frozen=True, kw_only=True):
    """How the folder was searched for."""

    answers: list[AnswerPart]
    probes: list[ProbePart]
    sweep: SweepPart | None
