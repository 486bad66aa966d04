"""Which folder is a program's root, told by the names of a few files in it; pure.

Written for a sweep over a million names: one set look-up for each, everything else on a hit only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agent.discovery.anchors import COMMON_NAMES
from agent.discovery.interest import parts_of
from agent.discovery.probing import Sought

ENOUGH = 2
"""Rare names in the right relation that make a root; a main program does so alone."""
_WILD = frozenset("*?")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one file name says about the folder it stands in."""

    product: str
    folder: tuple[str, ...]
    """Where in the root the file stands, in upper case."""
    votes: int


@dataclass
class NameIndex:
    """File names of the products that are looked for, and the roots that they led to so far."""

    marks: dict[str, tuple[Mark, ...]]
    """By file name in upper case."""
    votes: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, sought: Iterable[Sought]) -> NameIndex:
        """An index of main programs and of every name that occurs once in a version."""
        marks: defaultdict[str, set[Mark]] = defaultdict(set)
        for one in sought:
            for path in _rare(one):
                *folder, name = path.upper().split("/")
                marks[name].add(Mark(one.name, tuple(folder), 1))
            for pattern in one.profile.main_programs:
                *folder, name = pattern.upper().split("/")
                if not _WILD.intersection(pattern):
                    marks[name] = {m for m in marks[name] if m.product != one.name or m.folder}
                    marks[name].add(Mark(one.name, tuple(folder), ENOUGH))
        return cls({name: tuple(found) for name, found in marks.items()})

    def roots(self, folder: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Products whose picture the files of a folder complete, and how far above it the root is.

        Args:
            folder: absolute.
            names: of files in it, in upper case.
        """
        parts = [part.upper() for part in parts_of(folder)]
        for name in sorted(names):
            for mark in self.marks.get(name, ()):
                depth = len(mark.folder)
                above = len(parts) - depth
                if above > 0 and tuple(parts[above:]) == mark.folder:
                    yield from self._vote(mark, "/".join(parts[:above]), depth)

    def _vote(self, mark: Mark, root: str, depth: int) -> Iterator[tuple[str, int]]:
        key = mark.product, root
        before = self.votes[key]
        self.votes[key] += mark.votes
        if before < ENOUGH <= self.votes[key]:
            yield mark.product, depth


def _rare(sought: Sought) -> Iterator[str]:
    for known in sought.manifests:
        names = Counter(key.rpartition("/")[2] for key in known.required)
        for key in known.required:
            name = key.rpartition("/")[2]
            if names[name] == 1 and name not in COMMON_NAMES:
                yield key
