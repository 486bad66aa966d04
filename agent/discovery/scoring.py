"""How likely a folder is the installation: content, provenance and penalties; pure.

``S = 0.65 C + 0.35 P - penalties`` with the numbers of `weights`. Provenance is a noisy-or over
groups of independent evidence. Missing files do not count against a folder.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent.discovery.interest import parts_of
from agent.discovery.places import Lead, Place
from agent.discovery.weights import PenaltyName, Weights
from agent.model import Evidence, Penalty, ProbeGroup, WeighedEvidence
from agent.model.finds import REGISTERED
from agent.profiles.patterns import fold

OPEN_TO_ALL = "open-to-all"
"""Why evidence does not count: anybody could have written it."""
STRONGER = "stronger-of-group"
"""Why evidence does not count: another piece of its group weighs as much or more."""
INSTALLED = frozenset(
    {
        ProbeGroup.CONFIGURED, ProbeGroup.SERVICE, ProbeGroup.MSI, ProbeGroup.VENDOR_KEY,
        ProbeGroup.INSTALL_LOCATION, ProbeGroup.APP_PATHS, ProbeGroup.UNINSTALLER,
    }
)  # fmt: skip
"""Traces that an installer or IT leaves. A copy that people work with gains all the others."""
_BY_A_PERSON = frozenset({ProbeGroup.CONFIGURED, ProbeGroup.RECORD})
"""Evidence that is about the product though it has no words."""
_DIGITS = 9
"""Decimals: scores are rounded to this before they meet a threshold."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A folder and what it weighs."""

    place: Place
    evidence: tuple[WeighedEvidence, ...]
    """Heaviest first."""
    provenance: float
    penalties: tuple[Penalty, ...]
    score: float
    suspected: float = 0.0
    """P when what does not count in an elevated run is counted too."""
    meant: bool = True
    """Whether any evidence that counts is about this product, not only about its vendor."""

    @property
    def installed(self) -> bool:
        """Whether it is registered by what an installer or IT leaves alone."""
        weights = (e.weight for e in self.evidence if e.evidence.group in INSTALLED)
        return noisy_or(weights) >= REGISTERED

    @property
    def content(self) -> float:
        """C, 0 to 1."""
        return self.place.content.score

    @property
    def registered(self) -> bool:
        """Whether Windows, our record or the settings name it beyond doubt."""
        return self.provenance >= REGISTERED

    @property
    def configured(self) -> bool:
        """Whether the settings name it, in a way that counts."""
        return any(
            one.evidence.group is ProbeGroup.CONFIGURED and one.ignored is None
            for one in self.evidence
        )

    @property
    def vouched(self) -> bool:
        """Whether any evidence counts at all, be it the mere sight of the folder on a disk."""
        return any(one.ignored is None for one in self.evidence)


def score(place: Place, weights: Weights, *, elevated: bool = False) -> Scored:
    """Weigh one folder.

    Args:
        place: the folder with its leads and content.
        weights: every number.
        elevated: whether evidence that ordinary users can write is to be left out.
    """
    evidence = weigh(place.leads, weights, elevated=elevated)
    provenance = noisy_or(one.weight for one in evidence)
    penalties = tuple(_penalties(place, weights))
    total = weights.content_share * place.content.score + weights.provenance_share * provenance
    taken_off = math.fsum(penalty.weight for penalty in penalties)
    return Scored(
        place,
        evidence,
        provenance,
        penalties,
        score=round(total - taken_off, _DIGITS),
        suspected=_suspected(place, weights) if elevated else provenance,
        meant=any(_is_meant(lead, elevated=elevated) for lead in place.leads),
    )


def _suspected(place: Place, weights: Weights) -> float:
    return noisy_or(one.weight for one in weigh(place.leads, weights, elevated=False))


def _is_meant(lead: Lead, *, elevated: bool) -> bool:
    about_ours = lead.named or lead.explained or lead.evidence.group in _BY_A_PERSON
    return about_ours and ignored_because(lead, elevated=elevated) is None


def noisy_or(weights: Iterable[float]) -> float:
    """1 - (1 - a)(1 - b)...: each independent hit takes away a share of the doubt that is left."""
    return round(1 - math.prod(1 - weight for weight in weights), _DIGITS)


def weigh(
    leads: Iterable[Lead], weights: Weights, *, elevated: bool
) -> tuple[WeighedEvidence, ...]:
    """What each piece of evidence counts: the strongest of its group that counts at all."""
    judged = [(lead, ignored_because(lead, elevated=elevated)) for lead in leads]
    judged.sort(key=lambda one: _strongest_first(one[0].evidence, one[1], weights))
    seen: set[ProbeGroup] = set()
    weighed = []
    for lead, ignored in judged:
        group = lead.evidence.group
        reason = ignored or (STRONGER if group in seen else None)
        if reason is None:
            seen.add(group)
        weight = weights.provenance[group] if reason is None else 0.0
        weighed.append(WeighedEvidence(lead.evidence, weight, reason))
    return tuple(sorted(weighed, key=lambda one: -one.weight))


def ignored_because(lead: Lead, *, elevated: bool) -> str | None:
    """Why a piece of evidence does not count; None when it does.

    Our own record that others could have written is refused in every run; everything else that
    ordinary users can write is refused in an elevated one.
    """
    evidence = lead.evidence
    if evidence.open_to_all and (elevated or evidence.group is ProbeGroup.RECORD):
        return OPEN_TO_ALL
    return lead.doubt.value if lead.doubt is not None else None


def _strongest_first(
    evidence: Evidence, ignored: str | None, weights: Weights
) -> tuple[bool, float, str, str]:
    return ignored is not None, -weights.provenance[evidence.group], evidence.where, evidence.path


def _penalties(place: Place, weights: Weights) -> Iterator[Penalty]:
    parts = [*parts_of(place.root), *parts_of(place.canonical)]
    keys = {fold(part) for part in parts}
    words = _copy_words(weights.backup_words, weights.town_words)
    found = {
        PenaltyName.BACKUP_NAME: any(words.search(key) for key in keys),
        PenaltyName.PASSING_PLACE: not keys.isdisjoint(map(fold, weights.passing_folders)),
        PenaltyName.RECYCLE_BIN: not keys.isdisjoint(map(fold, weights.recycle_folders)),
        PenaltyName.REMOVABLE: place.removable,
        PenaltyName.NETWORK: place.network,
        PenaltyName.OTHER_PROFILE: place.strange_profile,
    }
    for name, applies in found.items():
        if applies:
            yield Penalty(name.value, weights.penalties[name])


@lru_cache
def _copy_words(words: tuple[str, ...], towns: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words: ``PP_oud``, ``PP - kopie``, ``PP.old`` and ``Kopie van PP`` are copies.

    ``Oud-Beijerland`` is a town: such a word counts only when no hyphen ties it to the next.
    """
    plain = "|".join(re.escape(fold(word)) for word in words if word not in towns)
    tied = "|".join(re.escape(fold(word)) for word in towns)
    return re.compile(
        rf"(?<![^\W_])(?:(?:{plain})(?![^\W_\d])|(?:{tied})(?![^\W_\d])(?!-[^\W\d_]))"
    )
