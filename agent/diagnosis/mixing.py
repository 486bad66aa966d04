"""Two versions mixed in one folder: a half update, or an update that is still busy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.diagnosis.explaining import Explained, explain
from agent.diagnosis.thresholds import MIXTURE_MIN_ONLY, MIXTURE_MIN_TOGETHER
from agent.model import Inventory, KnownManifest


@dataclass(frozen=True, slots=True)
class Mixture:
    """Two versions that each explain something here that the other can't."""

    first: str
    """The version that explains more on its own; by name when they explain as much."""
    second: str
    only_first: int
    """Files."""
    only_second: int
    """Files; never more than `only_first`."""
    together: float
    """Fraction of their files here that one of them explains, 0 to 1."""

    @property
    def is_half_update(self) -> bool:
        """Whether both speak loudly enough, and nothing much is left unexplained."""
        enough = self.only_second >= MIXTURE_MIN_ONLY
        return enough and self.together >= MIXTURE_MIN_TOGETHER


def mixture(known: Iterable[KnownManifest], inventory: Inventory) -> Mixture | None:
    """The pair of versions that best explains what is here, when no single one can.

    A file is explained by a version that lists its path as a program file with this content (quick
    look: this size). "What is here" are the files at paths of either version that could be read.

    Returns:
        None when there is no pair in which each explains at least one file the other can't.
    """
    return mixture_of(explain(known, inventory))


def mixture_of(explained: Sequence[Explained]) -> Mixture | None:
    """As `mixture`, for versions whose files were already held against what is here."""
    return max(_pairs(explained), key=_weight, default=None)


def _pairs(explained: Sequence[Explained]) -> Iterator[Mixture]:
    for one, other in combinations(explained, 2):
        only_one, only_other = len(one.right - other.right), len(other.right - one.right)
        if not (only_one and only_other):
            continue
        together = len(one.right | other.right) / len(one.present | other.present)
        if only_one >= only_other:
            yield Mixture(one.version, other.version, only_one, only_other, together)
        else:
            yield Mixture(other.version, one.version, only_other, only_one, together)


def _weight(pair: Mixture) -> tuple[bool, float, int, int]:
    return pair.is_half_update, pair.together, pair.only_second, pair.only_first
