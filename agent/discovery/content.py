"""How much of a product stands in a folder, asked through the disks of the PC.

First the anchors of every version, size before hash; with fewer than five right, every path of the
versions, small files first and bounded. A placeholder of a cloud and a link are never opened.
Missing files say nothing: the outage is that files are missing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from agent.discovery.anchors import GLANCES, Files, anchors, own_files
from agent.discovery.interest import main_names
from agent.discovery.probing import Sought
from agent.manifest.names import fold
from agent.model import Content, ManifestFile
from agent.ports import Disks, Entry
from agent.profiles.patterns import Matcher

ENOUGH_TO_GLANCE = 2
"""Anchors of the right size that make a folder worth a look."""
MAX_HASHED = 256
"""Files that one look into one folder hashes at most."""
MAX_HASHED_BYTES = 64 << 20
"""Bytes of them together."""
MAX_FOLDERS = 5_000
"""Folders that one look lists at most."""
_DIGITS = 9


@dataclass
class _Seen:
    """What was seen of one folder; every file is asked for once, whatever the versions."""

    disks: Disks
    root: str
    deadline: float
    clock: Callable[[], float]
    entries: dict[str, Entry | None] = field(default_factory=dict)
    hashes: dict[str, str | None] = field(default_factory=dict)
    hashed_bytes: int = 0
    walked: bool = False
    """Whether the folders were listed, so that what was not seen is not here."""

    def late(self) -> bool:
        return self.clock() >= self.deadline

    def path(self, relative: str) -> str:
        """An absolute path; `relative` has ``/`` between its parts."""
        return str(self.disks.flavour(self.root).joinpath(*relative.split("/")))

    def entry(self, relative: str) -> Entry | None:
        """The plain file at a path, None for everything else."""
        key = fold(relative)
        if key not in self.entries and not self.walked and not self.late():
            self.entries[key] = self._plain(relative)
        return self.entries.get(key)

    def _plain(self, relative: str) -> Entry | None:
        try:
            entry = self.disks.entry(self.path(relative))
        except OSError:
            return None
        return entry if _is_plain(entry) else None

    def right(self, file: ManifestFile) -> bool | None:
        """Whether a listed file has its content here; None when it is absent or was not read."""
        entry = self.entry(file.path)
        if entry is None:
            return None
        if entry.size != file.size:
            return False
        digest = self._hash(file)
        return None if digest is None else digest == file.sha256

    def _hash(self, file: ManifestFile) -> str | None:
        key = fold(file.path)
        if key not in self.hashes:
            self.hashes[key] = self._read(file)
        return self.hashes[key]

    def _read(self, file: ManifestFile) -> str | None:
        spent = len(self.hashes) >= MAX_HASHED or self.hashed_bytes >= MAX_HASHED_BYTES
        if spent or self.late():
            return None
        self.hashed_bytes += file.size
        try:
            return self.disks.sha256(self.path(file.path))
        except OSError:
            return None

    def walk(self, folders: frozenset[str]) -> None:
        """Note every file in those of the folders (keys) that are here."""
        self.walked = True
        pending, listed = [("", "")], 0
        while pending and listed < MAX_FOLDERS and not self.late():
            key, shown = pending.pop()
            listed += 1
            for entry in self.list(shown):
                inside = fold(entry.name) if not key else f"{key}/{fold(entry.name)}"
                if entry.is_directory and not entry.is_link and inside in folders:
                    pending.append((inside, f"{shown}/{entry.name}" if shown else entry.name))
                elif _is_plain(entry):
                    self.entries[inside] = entry

    def list(self, relative: str) -> Iterator[Entry]:
        try:
            yield from self.disks.entries(self.path(relative) if relative else self.root)
        except OSError:
            return


def _is_plain(entry: Entry) -> bool:
    return not (entry.is_directory or entry.is_link or entry.is_placeholder)


class Looker:
    """Looks for one product in folders that may be touched."""

    def __init__(
        self,
        sought: Sought,
        disks: Disks,
        *,
        few_right: int,
        others: Sequence[Sought] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sought = sought
        self._disks, self._few, self._clock = disks, few_right, clock
        self._others = tuple(known for other in others for known in other.manifests)
        self._glanced: dict[str, bool] = {}

    @cached_property
    def _own(self) -> Sequence[Files]:
        """Per version the files that tell this product from others."""
        return [own_files(known, self._others, self._few) for known in self.sought.manifests]

    @cached_property
    def _anchors(self) -> Sequence[Sequence[ManifestFile]]:
        return [anchors(files) for files in self._own]

    def glance(self, root: str) -> bool:
        """Whether a main program or a few anchors stand in a folder; nothing is opened."""
        key = fold(root)
        if key not in self._glanced:
            self._glanced[key] = self._glance(self._seen(root, math.inf))
        return self._glanced[key]

    def _glance(self, seen: _Seen) -> bool:
        if not self._may_hold(seen.root):
            return False
        if next(self._mains(seen), None) is not None:
            return True
        for chosen in self._anchors:
            fitting = 0
            for file in chosen[:GLANCES]:
                entry = seen.entry(file.path)
                fitting += entry is not None and entry.size == file.size
                if fitting >= ENOUGH_TO_GLANCE:
                    return True
        return False

    def _may_hold(self, root: str) -> bool:
        """Whether a name that a glance looks for stands straight in a folder: one listing.

        Most folders that evidence names belong to other programs; asking for every path would take
        twenty questions each. One that may not be listed is asked all the same.
        """
        try:
            names = chain(*self._disks.names(root))
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return self._any_top or not self._tops.isdisjoint(map(fold, names))

    @cached_property
    def _any_top(self) -> bool:
        return any("*" in top or "?" in top for top in self._tops)

    @cached_property
    def _tops(self) -> frozenset[str]:
        """The first parts of all paths that a glance asks for, as keys."""
        mains = (*self._listed_mains, *self.sought.profile.main_programs)
        listed = (file.path for chosen in self._anchors for file in chosen[:GLANCES])
        return frozenset(fold(path.split("/", 1)[0]) for path in (*mains, *listed))

    def look(self, root: str, seconds: float, *, enough: float = 0.0) -> Content:
        """How much of the product stands in a folder, of the version that fits best.

        Args:
            root: absolute.
            seconds: after which what was seen until then counts.
            enough: C below which a look that was cut short says nothing.

        Raises:
            TimeoutError: because the look was cut short before enough was seen.
        """
        seen = self._seen(root, seconds)
        mains = tuple(self._mains(seen))
        if not self.sought.manifests:
            return Content(score=self._share(mains), main_programs=mains)
        best = self._best(seen, self._anchors, mains)
        if best.right < self._few:
            seen.walk(self.folders)
            best = self._best(seen, [tuple(own.values()) for own in self._own], mains)
        if best.score < enough and seen.late():
            raise TimeoutError
        return best

    def _seen(self, root: str, seconds: float) -> _Seen:
        return _Seen(self._disks, root, self._clock() + seconds, self._clock)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Keys of every folder that a version has files in or below."""
        folders: set[str] = set()
        for known in self.sought.manifests:
            for folder in {key.rpartition("/")[0] for key in known.required}:
                above = folder
                while above and above not in folders:
                    folders.add(above)
                    above = above.rpartition("/")[0]
        return frozenset(folders)

    def _best(
        self, seen: _Seen, chosen: Sequence[Sequence[ManifestFile]], mains: tuple[str, ...]
    ) -> Content:
        versions = zip(self.sought.manifests, chosen, strict=True)
        fits = (self._fit(seen, known.version, files, mains) for known, files in versions)
        return max(fits, key=lambda fit: (fit.score, fit.right, -fit.wrong))

    def _fit(
        self,
        seen: _Seen,
        version: str,
        files: Iterable[ManifestFile],
        mains: tuple[str, ...],
    ) -> Content:
        right = wrong = 0
        for file in sorted(files, key=lambda one: (one.size, one.path)):
            answer = seen.right(file)
            right += answer is True
            wrong += answer is False
        return Content(score_of(right, wrong, self._few), right, wrong, version, mains)

    # Main programs.

    def _mains(self, seen: _Seen) -> Iterator[str]:
        """The main programs that stand here, relative: as a manifest or the profile places them."""
        listed = {fold(path) for path in self._listed_mains}
        for path in self._listed_mains:
            if seen.entry(path) is not None:
                yield path
        for pattern in self.sought.profile.main_programs:
            folder, _, name = pattern.rpartition("/")
            for found in self._matching(seen, folder, name):
                if fold(found) not in listed:
                    yield found

    @cached_property
    def _listed_mains(self) -> tuple[str, ...]:
        matcher = Matcher.of(self.sought.profile.main_programs)
        found = {
            key: known.program[key].path
            for known in self.sought.manifests
            for key in matcher.select(known.program)
        }
        return tuple(found[key] for key in sorted(found))

    @staticmethod
    def _matching(seen: _Seen, folder: str, name: str) -> Iterator[str]:
        below = f"{folder}/" if folder else ""
        if not {"*", "?"}.intersection(folder + name):
            if seen.entry(below + name) is not None:
                yield below + name
            return
        matcher = Matcher.of([name])
        for entry in seen.list(folder):
            if _is_plain(entry) and matcher.matches(fold(entry.name)):
                yield below + entry.name

    def _share(self, mains: tuple[str, ...]) -> float:
        """Without any manifest: the share of the main programs that are here."""
        names = main_names(self.sought.profile)
        here = [fold(path.rpartition("/")[2]) for path in mains]
        found = sum(any(Matcher.of([name]).matches(one) for one in here) for name in names)
        return round(found / len(names), _DIGITS) if names else 0.0


def score_of(right: int, wrong: int, few: int) -> float:
    """C: the share of right files among those that are here, less while they are few."""
    if not right:
        return 0.0
    return round(right / (right + wrong) * min(1.0, right / few), _DIGITS)
