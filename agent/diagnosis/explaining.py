"""Which of the files that are here one version explains: the sets X and R of DESIGN section 5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from agent.model import (
    FileSeen,
    Inventory,
    KnownManifest,
    ManifestFile,
    Mode,
    VersionFit,
)


def agrees(expected: ManifestFile, seen: FileSeen, mode: Mode) -> bool | None:
    """Whether a file is what a manifest expects.

    Args:
        expected: as the manifest lists it.
        seen: as the look found it.
        mode: a quick look can only compare the size.

    Returns:
        None when it can't be told, because the file could not be or was not read.
    """
    if seen.error is not None:
        return None
    if seen.size != expected.size:
        return False
    if mode is Mode.QUICK:
        return True
    return None if seen.sha256 is None else seen.sha256 == expected.sha256


@dataclass(frozen=True, eq=False)
class Explained:
    """What one version explains of what is here."""

    known: KnownManifest
    mode: Mode
    present: frozenset[str]
    """X: keys of its non-optional program paths that exist here and could be read."""
    right: frozenset[str]
    """R: those of X that are right."""

    @property
    def version(self) -> str:
        """The version that explains."""
        return self.known.version

    @cached_property
    def telling(self) -> frozenset[tuple[str, str | int]]:
        """Key and content of each program file, as far as a look of this mode can tell content.

        A quick look sees sizes only: two versions of a file with the same size don't differ for it.
        """
        program = self.known.program.items()
        if self.mode is Mode.QUICK:
            return frozenset((key, file.size) for key, file in program)
        return frozenset((key, file.sha256) for key, file in program)

    def fit(self, decisive: AbstractSet[str]) -> VersionFit:
        """The figures over all paths and over the decisive ones (keys)."""
        return VersionFit(
            version=self.version,
            present=len(self.present),
            right=len(self.right),
            listed=len(self.known.required),
            decisive_present=sum(map(decisive.__contains__, self.present)),
            decisive_right=sum(map(decisive.__contains__, self.right)),
        )


def explain(known: Iterable[KnownManifest], inventory: Inventory) -> tuple[Explained, ...]:
    """What each version explains, sorted by version so that no order given matters."""
    return tuple(_explain(one, inventory) for one in sorted(known, key=lambda k: k.version))


def _explain(known: KnownManifest, inventory: Inventory) -> Explained:
    """Nearly every file is right: those are told without a call, a look at 100,000 passes here."""
    right: list[str] = []
    wrong: list[str] = []
    find, quick = inventory.files.get, inventory.mode is Mode.QUICK
    for key, expected in known.required.items():
        seen = find(key)
        if seen is None:
            continue
        same = seen.size == expected.size and (quick or seen.sha256 == expected.sha256)
        if same and seen.error is None:
            right.append(key)
        elif agrees(expected, seen, inventory.mode) is not None:
            wrong.append(key)
    told = frozenset(right)
    return Explained(known, inventory.mode, told.union(wrong) if wrong else told, told)


def decisive_paths(versions: Sequence[Explained]) -> AbstractSet[str]:
    """D: keys of the program paths that differ between these versions; of one version, all."""
    if len(versions) == 1:
        return versions[0].known.program.keys()  # not copied: there may be 100,000
    everything = frozenset[str]().union(*(one.known.program.keys() for one in versions))
    if not versions:
        return everything
    same = versions[0].telling.intersection(*(one.telling for one in versions[1:]))
    return everything.difference(key for key, _ in same)


def program_files_here(known: Iterable[KnownManifest], inventory: Inventory) -> int:
    """How many program paths of any known version exist here, whatever is in them."""
    here = inventory.files.keys()
    found: set[str] = set()
    for one in known:
        found |= one.program.keys() & here
    return len(found)
