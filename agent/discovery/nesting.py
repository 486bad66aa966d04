"""Folders inside each other: which of them is the one, and whose evidence speaks for whom; pure.

The workaround of copying the program folder leaves copies inside the folder they were made of, so
evidence never moves from a folder to what lies in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from agent.discovery.interest import Words, parts_of
from agent.discovery.places import Exclusion, Lead, Place, Presence
from agent.discovery.scoring import score
from agent.discovery.weights import Weights
from agent.manifest.names import fold
from agent.model import Verdict


@dataclass(frozen=True)
class Nest:
    """What is known about the inside of one product's folder."""

    weights: Weights
    elevated: bool
    folders: Collection[str]
    """Keys of every folder that a version has."""
    names: Words
    """How the product and its folder are called."""

    def resolve(self, places: Sequence[Place]) -> tuple[Place, ...]:
        """The same folders, those that are part of another excluded, with the evidence moved."""
        current = {_key(place): place for place in places}
        for inner, outer in list(_pairs(places)):
            first, second = current[inner], current[outer]
            if first.excluded is None and second.excluded is None:
                alone = self._is_alone(second, current.values())
                current[inner], current[outer] = self._pair(first, second, alone=alone)
        return tuple(current[_key(place)] for place in places)

    def _pair(self, inner: Place, outer: Place, *, alone: bool) -> tuple[Place, Place]:
        has_inner, has_outer = self._has_content(inner), self._has_content(outer)
        if has_outer and has_inner:
            if self._provenance(inner) == 0:
                return _part(inner, f"part-of:{outer.root}"), outer
        elif has_outer:
            if self._is_listed(inner, outer):
                return _part(inner, f"part-of:{outer.root}"), _with(outer, inner.leads)
        elif has_inner:
            if alone and self._provenance(inner) >= self._provenance(outer):
                return inner, _part(outer, f"around:{inner.root}")
        else:
            return self._both_empty(inner, outer)
        return inner, outer

    def _both_empty(self, inner: Place, outer: Place) -> tuple[Place, Place]:
        if self._is_listed(inner, outer):
            return _part(inner, f"part-of:{outer.root}"), _with(outer, inner.leads)
        likelier = self._provenance(inner) > self._provenance(outer)
        if likelier and self._has_name(inner):
            return _with(inner, outer.leads), _part(outer, f"around:{inner.root}")
        return inner, outer

    def _is_listed(self, inner: Place, outer: Place) -> bool:
        """Whether a folder is one that the product itself has."""
        return "/".join(_parts(inner)[len(_parts(outer)) :]) in self.folders

    def _has_name(self, place: Place) -> bool:
        return self.names.within(_parts(place)[-1])

    def _has_content(self, place: Place) -> bool:
        return place.is_there and place.content.score >= self.weights.content

    def _provenance(self, place: Place) -> float:
        return score(place, self.weights, elevated=self.elevated).provenance

    def _is_alone(self, outer: Place, places: Collection[Place]) -> bool:
        """Whether exactly one folder with content lies inside."""
        inside = [p for p in places if _lies_in(p, outer) and self._has_content(p)]
        return len(inside) == 1


def _key(place: Place) -> str:
    return "/".join(_parts(place))


def _parts(place: Place) -> tuple[str, ...]:
    return _parts_of(place.canonical)


@lru_cache(maxsize=1_000)
def _parts_of(path: str) -> tuple[str, ...]:
    """Every pair of folders is compared, so each path is taken apart once."""
    return tuple(fold(part) for part in parts_of(path))


def _lies_in(inner: Place, outer: Place) -> bool:
    below, above = _parts(inner), _parts(outer)
    return len(below) > len(above) and below[: len(above)] == above


def _pairs(places: Sequence[Place]) -> Iterator[tuple[str, str]]:
    """Keys of inner and outer, the innermost first."""
    depth: Callable[[Place], int] = lambda place: -len(_parts(place))  # noqa: E731
    usable = [p for p in places if p.presence is not Presence.NOT_LOOKED_AT]
    for inner in sorted(usable, key=depth):
        for outer in sorted(usable, key=depth):
            if _lies_in(inner, outer):
                yield _key(inner), _key(outer)


def _part(place: Place, reason: str) -> Place:
    return replace(place, excluded=Exclusion(Verdict.INSIDE, reason))


def _with(place: Place, leads: tuple[Lead, ...]) -> Place:
    return replace(place, leads=(*place.leads, *leads))
