"""Which version belongs here, and how sure that is (DESIGN section 5, version by content).

Only files that are here speak, for what a clean-up took is no evidence. Hence the decision uses D,
the paths that differ between the versions still in question. At first those are all known versions.
As soon as the best has enough right files to speak, versions that trail it by the lead are out, and
D is taken again over those that are left. With two versions that is D of the design; with more, two
neighbours that differ in a few files stay apart however many far older versions are known too.

A version whose program files are all in another one too (a *subset*) has nothing of its own in D.
Where some files that only the bigger one has are here and right, the bigger one wins by content.
Where none is here, the smaller version complete and the bigger one cleaned up look the same, file
by file: the content gives no answer, and the tie-breakers or nobody decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from agent.diagnosis.explaining import Explained, decisive_paths, explain
from agent.diagnosis.stamps import matches
from agent.diagnosis.thresholds import (
    MIN_DECISIVE_RIGHT,
    MIN_LEAD,
    MIN_PRECISION,
    ROUNDING,
)
from agent.model import DecidedBy, Inventory, KnownManifest, VersionFit, VersionMatch

_PAIR = 2


@dataclass(frozen=True, slots=True)
class VersionEvidence:
    """What speaks for a version beside its content."""

    record: str | None = None
    """Version of the last healthy state of this root, from our own record."""
    stamps: tuple[str, ...] = ()
    """Version stamps that could be read from the main programs on disk, best program first."""


@dataclass(frozen=True)
class _Contest:
    """How the content spoke."""

    contenders: tuple[Explained, ...]
    """Versions the content could not rule out, best first."""
    fits: Mapping[str, VersionFit]
    """Of every version, over D of the last round it took part in."""
    rounds: Mapping[str, int]
    """The last round each version took part in."""

    @property
    def best(self) -> VersionFit:
        return self.fits[self.contenders[0].version]

    @property
    def ranking(self) -> tuple[VersionFit, ...]:
        return tuple(sorted(self.fits.values(), key=lambda f: (-self.rounds[f.version], *_rank(f))))


def match(
    known: Sequence[KnownManifest], inventory: Inventory, evidence: VersionEvidence
) -> VersionMatch:
    """Which of the known versions belongs here.

    Args:
        known: every known manifest of one product, one per version, in any order.
        inventory: what a look found; in a quick look a file is right when its size is.
        evidence: what speaks beside the content.

    Returns:
        The match. `fits` carries, for D, the figures over the versions still in question when that
        version was last compared. `doubts` is empty exactly when the version is certain.
    """
    return decide(explain(known, inventory), inventory, evidence)


def decide(
    explained: Sequence[Explained], inventory: Inventory, evidence: VersionEvidence
) -> VersionMatch:
    """As `match`, for versions whose files were already held against what is here."""
    if not explained:
        return VersionMatch((), None, None, 0.0, DecidedBy.NONE, certain=False, doubts=("no-list",))
    contest = _compete(explained)
    winner, decided_by = _winner(contest, explained, inventory, evidence)
    ranking = contest.ranking
    first = contest.fits[winner.version] if winner else ranking[0]
    second = next((fit for fit in ranking if fit is not first), None)
    margin = _lead(first, second)
    doubts = tuple(_doubts(winner, decided_by, contest, explained, evidence))
    return VersionMatch(
        fits=ranking,
        winner=winner.version if winner else None,
        runner_up=second.version if second else None,
        margin=max(0.0, margin),
        decided_by=decided_by,
        certain=not doubts,
        doubts=doubts,
    )


def _compete(explained: Sequence[Explained]) -> _Contest:
    contenders = tuple(explained)
    fits: dict[str, VersionFit] = {}
    rounds: dict[str, int] = {}
    round_number = 0
    while True:
        decisive = decisive_paths(contenders)
        fits.update((one.version, one.fit(decisive)) for one in contenders)
        rounds.update((one.version, round_number) for one in contenders)
        contenders = tuple(sorted(contenders, key=lambda one: _rank(fits[one.version])))
        best = fits[contenders[0].version]
        near = tuple(one for one in contenders if _lead(best, fits[one.version]) < MIN_LEAD)
        if best.decisive_right < MIN_DECISIVE_RIGHT or len(near) in {1, len(contenders)}:
            return _Contest(contenders, fits, rounds)
        contenders = near
        round_number += 1


def _rank(fit: VersionFit) -> tuple[float, int, float, int, str]:
    """Sorts the best version first; the name only makes the order the same every time."""
    return (
        -fit.decisive_precision,
        -fit.decisive_right,
        -fit.precision,
        -fit.right,
        fit.version,
    )


def _lead(first: VersionFit, second: VersionFit | None) -> float:
    """Lead in precision over D; one version alone leads nobody, so all of its precision counts."""
    behind = second.decisive_precision if second else 0.0
    return round(first.decisive_precision - behind, ROUNDING)


def _content_lead(contest: _Contest) -> float:
    second = contest.contenders[1] if len(contest.contenders) >= _PAIR else None
    return _lead(contest.best, contest.fits[second.version] if second else None)


def _winner(
    contest: _Contest,
    explained: Sequence[Explained],
    inventory: Inventory,
    evidence: VersionEvidence,
) -> tuple[Explained | None, DecidedBy]:
    enough = contest.best.decisive_right >= MIN_DECISIVE_RIGHT
    if enough and _content_lead(contest) >= MIN_LEAD:
        return contest.contenders[0], DecidedBy.CONTENT
    tied = tuple(one for one in contest.contenders if not _spoken_against(one, contest))
    breakers = (
        (DecidedBy.RECORD, (one for one in tied if one.version == evidence.record)),
        (DecidedBy.STAMP, (one for one in tied if matches(one.known, evidence.stamps))),
        (DecidedBy.FOLDERS, _with_own_folders(tied, explained, inventory)),
    )
    for name, found in breakers:
        chosen = tuple(found)
        if len(chosen) == 1:
            return chosen[0], name
    return None, DecidedBy.NONE


def _spoken_against(one: Explained, contest: _Contest) -> bool:
    """Whether files that tell versions apart are here, each wrong for this one, some another's.

    A tie-breaker breaks ties. An own record that an update has overtaken is no tie: the few files
    in which the update differs are here and are the new ones.
    """
    fit = contest.fits[one.version]
    others = any(contest.fits[other.version].decisive_right for other in contest.contenders)
    return fit.decisive_present > 0 and fit.decisive_right == 0 and others


def _with_own_folders(
    tied: Iterable[Explained], explained: Sequence[Explained], inventory: Inventory
) -> Iterator[Explained]:
    """Those with a required folder here that no other known version has."""
    if len(explained) < _PAIR:
        return
    for one in tied:
        own = set(one.known.directories)
        own.difference_update(*(o.known.directories for o in explained if o is not one))
        if own & inventory.directories.keys():
            yield one


def _doubts(
    winner: Explained | None,
    decided_by: DecidedBy,
    contest: _Contest,
    explained: Sequence[Explained],
    evidence: VersionEvidence,
) -> Iterator[str]:
    """Why the version is not certain; nothing when it is."""
    if decided_by in {DecidedBy.FOLDERS, DecidedBy.NONE}:
        yield from _why_content_is_silent(contest)
    if winner is None:
        return
    if decided_by is DecidedBy.FOLDERS:
        yield "decided-by-folders"
    fit = contest.fits[winner.version]
    if not fit.present:
        yield "nothing-here"
    elif fit.precision < MIN_PRECISION:
        yield f"precision-low:{_rounded_down(fit.precision)}"
    if _stamp_differs(winner, explained, evidence.stamps):
        yield "stamp-differs"


def _why_content_is_silent(contest: _Contest) -> Iterator[str]:
    if contest.best.decisive_right < MIN_DECISIVE_RIGHT:
        yield f"few-decisive:{contest.best.decisive_right}"
    lead = _content_lead(contest)
    if lead < MIN_LEAD:
        yield f"lead-small:{_rounded_down(max(0.0, lead))}"


def _stamp_differs(
    winner: Explained, explained: Sequence[Explained], stamps: Sequence[str]
) -> bool:
    """Whether the main programs that could be read say another version than the winner."""
    if not stamps or matches(winner.known, stamps):
        return False
    if isinstance(winner.known.manifest.stamp, str):
        return True
    return any(matches(one.known, stamps) for one in explained)


def _rounded_down(fraction: float) -> str:
    """Two decimals that never look like a threshold that was not reached."""
    return f"{floor(round(fraction * 100, ROUNDING)) / 100:.2f}"
