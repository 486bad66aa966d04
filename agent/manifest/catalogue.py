"""All manifests known here, by product and version; nothing is ever thrown away.

Trust follows from where a manifest lies, so it comes in with the place. Of two manifests for one
version the better trusted one counts; two that are trusted alike and differ count both for nothing,
because nobody can say which one is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from agent.errors import ManifestError
from agent.manifest.check_code import check_code
from agent.manifest.knowing import known_manifest, protected_by
from agent.manifest.order import oldest_first
from agent.manifest.reading import parse, read
from agent.manifest.writing import canonical
from agent.model import KnownManifest, Manifest, Role, Trust
from agent.profiles import Profiles

_MAY_WITHDRAW = frozenset({Trust.SIGNED, Trust.INSTALLED})


@dataclass(frozen=True, slots=True)
class CataloguePlace:
    """A manifest, or a folder of them (``*.json``)."""

    path: Path
    trust: Trust
    required: bool
    """A broken or absent one ends the run; otherwise it is remembered and left out."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A manifest that a better one takes the place of."""

    place: str
    instead: str
    """Where the better one was read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One manifest as it was read."""

    manifest: Manifest
    trust: Trust
    place: str
    check_code: str
    required: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Product and version; Windows folders do not tell upper from lower case."""
        return self.manifest.product.lower(), self.manifest.version.lower()


@dataclass(frozen=True)
class Catalogue:
    """Every manifest known here."""

    profiles: Profiles
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    """All that were read, also those that do not count."""
    refused: tuple[ManifestError, ...] = ()
    """Those that were left out, and why."""
    dropped: tuple[Dropped, ...] = ()
    _chosen: Mapping[tuple[str, str], Entry] = field(default_factory=dict, repr=False)
    _made: dict[str, tuple[KnownManifest, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Kept answers of `known`: a list of 100,000 files is not built twice."""

    @classmethod
    def load(cls, places: Sequence[CataloguePlace], profiles: Profiles) -> Catalogue:
        """Read every place.

        Raises:
            ManifestError: because something in a required place is refused or contradicts another.
        """
        entries: list[Entry] = []
        refused: list[ManifestError] = []
        for place in places:
            try:
                files = _files(place.path)
            except ManifestError as error:
                _keep_or_raise(error, refused, required=place.required)
                continue
            for file in files:
                try:
                    entries.append(_entry_of(file, place))
                except ManifestError as error:
                    _keep_or_raise(error, refused, required=place.required)
        return cls._judged(profiles, entries, refused)

    @classmethod
    def _judged(
        cls, profiles: Profiles, entries: Sequence[Entry], refused: list[ManifestError]
    ) -> Catalogue:
        chosen: dict[tuple[str, str], Entry] = {}
        dropped: list[Dropped] = []
        for key, same in _by_key(entries).items():
            best, *others = sorted(same, key=lambda entry: -entry.trust.rank)
            rivals = [other for other in others if other.trust is best.trust]
            against = next((other for other in rivals if not _same_content(best, other)), None)
            if against is not None:
                required = best.required or any(rival.required for rival in rivals)
                _keep_or_raise(_conflict(best, against), refused, required=required)
                continue
            chosen[key] = best
            dropped.extend(Dropped(other.place, best.place) for other in others)
        return cls(profiles, tuple(entries), tuple(refused), tuple(dropped), chosen)

    def with_manifest(self, data: bytes, place: str, trust: Trust) -> Catalogue:
        """A copy that also knows this manifest.

        Args:
            data: the document.
            place: where it was read, for people.
            trust: who vouches for it.

        Raises:
            ManifestError: because it is refused, or contradicts one that is trusted alike; this
                catalogue then stays what it is.
        """
        manifest = parse(data, place)
        entry = Entry(manifest, trust, place, check_code(data), required=True)
        rival = self._chosen.get(entry.key)
        if rival is not None and rival.trust is trust and not _same_content(rival, entry):
            raise _conflict(entry, rival)
        entry = Entry(manifest, trust, place, entry.check_code)
        return self._judged(self.profiles, (*self.entries, entry), _not_conflicts(self.refused))

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The products that a version is known of, sorted."""
        return tuple(sorted({entry.manifest.product for entry in self._chosen.values()}))

    def known(self, product: str) -> tuple[KnownManifest, ...]:
        """One manifest for each version of a product, oldest first where the order is known."""
        wanted = product.lower()
        if wanted not in self._made:
            self._made[wanted] = self._known_of(wanted)
        return self._made[wanted]

    def _known_of(self, product: str) -> tuple[KnownManifest, ...]:
        entries = {key[1]: entry for key, entry in self._chosen.items() if key[0] == product}
        if not entries:
            return ()
        profile = self.profiles.for_product(product)
        withdrawn = self.withdrawn(product)
        protected = {
            trust: self.protected(product, trust) for trust in {e.trust for e in entries.values()}
        }
        return tuple(
            known_manifest(
                manifest,
                trust=entry.trust,
                place=entry.place,
                check_code=entry.check_code,
                profile=profile,
                withdrawn=withdrawn,
                protected=protected[entry.trust],
            )
            for manifest in oldest_first(entry.manifest for entry in entries.values())
            for entry in (entries[manifest.version.lower()],)
        )

    def find(self, product: str, version: str) -> KnownManifest | None:
        """The manifest of one version, None when there is none."""
        wanted = version.lower()
        return next((one for one in self.known(product) if one.version.lower() == wanted), None)

    def protected(self, product: str, trust: Trust) -> Mapping[str, Role]:
        """The keys that belong to each PC, whatever a list of this trust says of them.

        Args:
            product: whose versions may call a path settings or ignored; ignored goes first.
            trust: a list speaks for those that are trusted as much, or less.
        """
        wanted = product.lower()
        found: dict[str, Role] = {}
        for key, entry in self._chosen.items():
            if key[0] == wanted and entry.trust.rank >= trust.rank:
                ours = protected_by(entry.manifest)
                found.update((one, role) for one, role in ours.items() if role is Role.IGNORED)
                found.update((one, role) for one, role in ours.items() if one not in found)
        return found

    def withdrawn(self, product: str) -> frozenset[str]:
        """Hashes that were taken back on purpose by somebody who may."""
        wanted = product.lower()
        return frozenset(
            sha256
            for entry in self.entries
            if entry.trust in _MAY_WITHDRAW and entry.manifest.product.lower() == wanted
            for sha256 in entry.manifest.withdrawn
        )


def _files(path: Path) -> Sequence[Path]:
    """The documents of a place.

    Raises:
        ManifestError: because there is nothing at that path, or its list can't be read.
    """
    if not path.is_dir():
        return (path,)
    try:
        return sorted(one for one in path.iterdir() if one.name.lower().endswith(".json"))
    except OSError as error:
        problem = ("", "document-unreadable", error.strerror or str(error))
        raise ManifestError(str(path), (problem,)) from error


def _entry_of(file: Path, place: CataloguePlace) -> Entry:
    manifest, data = read(file)
    return Entry(manifest, place.trust, str(file), check_code(data), place.required)


def _keep_or_raise(error: ManifestError, refused: list[ManifestError], *, required: bool) -> None:
    if required:
        raise error
    refused.append(error)


def _by_key(entries: Iterable[Entry]) -> Mapping[tuple[str, str], list[Entry]]:
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.key].append(entry)
    return groups


def _same_content(a: Entry, b: Entry) -> bool:
    return a.check_code == b.check_code or _content(a.manifest) == _content(b.manifest)


def _content(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(canonical(manifest), created="", origin="")


def _conflict(entry: Entry, rival: Entry) -> ManifestError:
    where = f"{entry.manifest.product} {entry.manifest.version}"
    facts = f"{entry.place} | {rival.place}"
    return ManifestError(entry.place, ((where, "version-conflict", facts),))


def _not_conflicts(refused: Iterable[ManifestError]) -> list[ManifestError]:
    """What was refused for itself; conflicts are judged again."""
    return [
        e for e in refused if all(problem != "version-conflict" for _, problem, _ in e.problems)
    ]
