"""A recovery stick (FORMATS section 5): manifests, a plain tree per version, gathered bytes.

It claims hashes: its manifests say what stands in its trees. The claim is believed with the size,
and verified by whoever uses the bytes. Whether its manifests may be trusted is not decided here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from agent.errors import ManifestError, NotInSourceError, SourceGoneError
from agent.hashing import open_regular
from agent.inventory import key_of
from agent.manifest import reading
from agent.manifest.limits import MAX_DOCUMENT_BYTES
from agent.manifest.names import fold
from agent.model import Coverage, FileSeen, Manifest, Role, SourceKind, Wanted
from agent.progress import Stage, Watch
from agent.sources.gathered import GatheredSource
from agent.sources.place import Place

MARKER = "werkplekherstel.json"
MANIFESTS = "manifesten"
TREES = "bestanden"
GATHERED = "verzameld"

MAX_MARKER_BYTES = 1024 * 1024
MAX_MANIFESTS = 256
"""Files that are read from `manifesten/`; a stick holds a few versions, not thousands."""
MAX_MANIFESTS_BYTES = 512 * 1024**2
"""Bytes of all of them together."""

INCOMPLETE = "stick-incomplete"
"""Why it is refused: its complete marker, written last, is not there."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """Where a stick says that bytes stand."""

    path: str
    version: str


class StickSource:
    """Asked by what its manifests name; the gathered bytes on it answer for the rest."""

    kind = SourceKind.STICK
    names_hashes = True

    def __init__(self, root: Path, source_id: str) -> None:
        """Remember where; nothing is read yet."""
        self.source_id = source_id
        self._root = root
        self._whole = Place(str(root), source_id)
        self._trees = Place(str(root / TREES), source_id)
        self._gathered = GatheredSource(root / GATHERED, source_id)
        self._carried: tuple[tuple[str, bytes], ...] | None = None
        self._claims: dict[str, _Claim] | None = None

    @property
    def made(self) -> str | None:
        """When it was made, as its marker says; None when that says nothing."""
        made = (_marker(self._root) or {}).get("made")
        return made if isinstance(made, str) else None

    @property
    def version(self) -> str | None:
        """The version it carries when that is one; known after `coverage`."""
        versions = {claim.version for claim in (self._claims or {}).values()}
        return versions.pop() if len(versions) == 1 else None

    def manifests(self) -> tuple[tuple[str, bytes], ...]:
        """What stands in `manifesten/`, within the limits; nothing when it is incomplete."""
        if self._carried is None:
            self._carried = tuple(_carried_by(self._root)) if is_complete(self._root) else ()
        return self._carried

    def coverage(self, wanted: Sequence[Wanted], watch: Watch) -> Coverage:
        """What its manifests name and its trees hold with the right size, and what was gathered."""
        watch.start(Stage.SOURCES)
        if not self._whole.is_there():
            return Coverage(self.source_id, self.kind, frozenset(), reachable=False)
        if not is_complete(self._root):
            return Coverage(self.source_id, self.kind, frozenset(), refused=INCOMPLETE)
        gathered = self._gathered.coverage(wanted, watch).has
        claims = self._claimed(watch)
        if not self._whole.is_there():
            return Coverage(self.source_id, self.kind, frozenset(), reachable=False)
        has = frozenset(each.sha256 for each in wanted if each.sha256 in claims)
        version = self.version or _most_named(claims[sha256].version for sha256 in has)
        return Coverage(self.source_id, self.kind, has | gathered, version=version)

    def open(self, sha256: str) -> BinaryIO:
        """The file in a tree, else the gathered bytes."""
        claim = (self._claims or {}).get(sha256)
        if claim is None:
            return self._open_gathered(sha256)
        try:
            return self._trees.open(claim.path, sha256)
        except (NotInSourceError, OSError):
            return self._open_gathered(sha256)

    def _open_gathered(self, sha256: str) -> BinaryIO:
        try:
            return self._gathered.open(sha256)
        except SourceGoneError as error:
            if not self._whole.is_there():
                raise
            raise NotInSourceError(self.source_id, sha256) from error  # nothing gathered on it

    def _claimed(self, watch: Watch) -> dict[str, _Claim]:
        """What the manifests name and the trees hold, by hash."""
        if self._claims is None:
            try:
                files = self._trees.files(watch)
            except SourceGoneError:
                files = []  # nothing but gathered bytes on it
            standing = {key_of(seen.path): seen for seen in files}
            parsed = _parsed(self.manifests(), watch)
            self._claims = {
                sha256: claim for each in parsed for sha256, claim in _claims_of(each, standing)
            }
        return self._claims


def is_complete(root: Path) -> bool:
    """Whether the marker that is written last says that everything was written."""
    marker = _marker(root)
    return marker is not None and marker.get("complete") is True


def _marker(root: Path) -> dict[str, object] | None:
    """What `werkplekherstel.json` says, None when it is not there or makes no sense."""
    data = _read_capped(root / MARKER, MAX_MARKER_BYTES)
    if data is None:
        return None
    try:
        marker = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return marker if isinstance(marker, dict) else None


def _carried_by(root: Path) -> Iterator[tuple[str, bytes]]:
    """The manifests in the order of their names; what cannot be read is passed over."""
    try:
        found = sorted((root / MANIFESTS).glob("*.json"))
    except OSError:
        return
    room = MAX_MANIFESTS_BYTES
    for path in found[:MAX_MANIFESTS]:
        data = _read_capped(path, min(room, MAX_DOCUMENT_BYTES))
        if data is not None:
            room -= len(data)
            yield str(path), data


def _read_capped(path: Path, limit: int) -> bytes | None:
    """A small file, None when it is too large or cannot be read."""
    try:
        with open_regular(str(path)) as file:
            data = file.read(limit + 1) or b""
    except OSError:
        return None
    return data if len(data) <= limit else None


def _parsed(carried: Iterable[tuple[str, bytes]], watch: Watch) -> Iterator[Manifest]:
    """Those that are well-formed; the catalogue tells people about the others."""
    for place, data in carried:
        watch.check()
        try:
            yield reading.parse(data, place)
        except ManifestError:
            continue


def _claims_of(
    manifest: Manifest, standing: Mapping[str, FileSeen]
) -> Iterator[tuple[str, _Claim]]:
    """The program files of one version that stand in its tree with the size they should have."""
    tree = f"{manifest.product}-{manifest.version}/"
    for file in manifest.files:
        if file.role is Role.PROGRAM:
            seen = standing.get(fold(tree + file.path))
            if seen is not None and seen.size == file.size:
                yield file.sha256, _Claim(seen.path, manifest.version)


def _most_named(versions: Iterable[str]) -> str | None:
    """The version that gives the most of what is asked; the first by name when two give as much."""
    counted = Counter(sorted(versions)).most_common(1)
    return counted[0][0] if counted else None
