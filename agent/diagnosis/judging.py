"""The whole judgement in one call: match, compare, mix, classify."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.diagnosis.classes import classify
from agent.diagnosis.comparing import as_newer, compare, newer_hashes
from agent.diagnosis.explaining import explain, program_files_here
from agent.diagnosis.mixing import Mixture, mixture_of
from agent.diagnosis.signals import Signals, Surroundings, disk_errors
from agent.diagnosis.stamps import newer_than_all
from agent.diagnosis.versions import VersionEvidence, decide
from agent.model import (
    Comparison,
    Diagnosis,
    DiagnosisClass,
    Inventory,
    KnownManifest,
    Role,
    VersionMatch,
)


@dataclass(frozen=True)
class Judgement:
    """What is the matter with one installation."""

    diagnosis: Diagnosis
    match: VersionMatch
    winner: KnownManifest | None
    """The version the match names, certain or only likely."""
    comparison: Comparison | None
    """With the version the match names; None when it names none."""
    mixture: Mixture | None

    @property
    def certain(self) -> bool:
        """Whether the version is certain: without it there is no way back, only forward."""
        return self.match.certain


def judge(
    known: Sequence[KnownManifest],
    inventory: Inventory,
    evidence: VersionEvidence,
    around: Surroundings,
    *,
    withdrawn: frozenset[str] = frozenset(),
    higher_hashes: frozenset[str] = frozenset(),
    role_of: Callable[[str], Role] | None = None,
) -> Judgement:
    """Which version belongs here, what differs from it, and what happened.

    Args:
        known: every known manifest of one product, one per version, in any order.
        inventory: what a look found.
        evidence: what speaks for a version beside its content.
        around: what bears on the class beside the files themselves.
        withdrawn: content that was taken back on purpose.
        higher_hashes: content that belongs to a version of higher order than all of `known`, such
            as one whose list may not be used here.
        role_of: role of a path that no version lists.
    """
    explained = explain(known, inventory)
    match = decide(explained, inventory, evidence)
    winner = next((one for one in known if one.version == match.winner), None)
    comparison = None
    if winner is not None:
        newer = newer_hashes(known, winner)
        comparison = compare(winner, inventory, newer, withdrawn, role_of=role_of)
    mixture = mixture_of(explained)
    diagnosis = classify(
        Signals(
            references=len(known),
            match=match,
            comparison=comparison,
            mixture=mixture,
            program_files_here=program_files_here(known, inventory),
            disk_errors=disk_errors(inventory),
            higher_order=newer_than_all(known, evidence.stamps)
            or (bool(higher_hashes) and not higher_hashes.isdisjoint(inventory.hashes)),
            around=around,
        )
    )
    if comparison is not None and diagnosis.kind is DiagnosisClass.NEWER_THAN_KNOWN:
        comparison = as_newer(comparison)
    return Judgement(diagnosis, match, winner, comparison, mixture)
