"""A folder of bytes named by their hash: what other PCs gave for a wanted list.

``sha256/ab/cdef…`` as on a stick (FORMATS section 5), ``ab/cdef…``, or flat files of 64
hexadecimal characters. A name is a claim: it is verified when the bytes are used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from agent.errors import NotInSourceError, SourceGoneError
from agent.model import Coverage, FileSeen, SourceKind, Wanted
from agent.progress import Watch
from agent.sources.place import Place

_NAME = re.compile(r"(?:sha256/)?(?:([0-9a-f]{2})/([0-9a-f]{62})|([0-9a-f]{64}))", re.IGNORECASE)


class GatheredSource:
    """Answers from the names and sizes; reads nothing before it is used."""

    kind = SourceKind.GATHERED
    names_hashes = True
    version: str | None = None

    def __init__(self, root: Path, source_id: str) -> None:
        """Remember where; nothing is read yet."""
        self.source_id = source_id
        self._place = Place(str(root), source_id)
        self._named: dict[str, FileSeen] | None = None

    def manifests(self) -> tuple[tuple[str, bytes], ...]:
        """Bytes carry no manifest."""
        return ()

    def coverage(self, wanted: Sequence[Wanted], watch: Watch) -> Coverage:
        """The wanted hashes that are a name here, with the right size."""
        watch.check()
        try:
            named = self._names(watch)
        except SourceGoneError:
            return Coverage(self.source_id, self.kind, frozenset(), reachable=False)
        sizes = {sha256: seen.size for sha256, seen in named.items()}
        has = frozenset(each.sha256 for each in wanted if sizes.get(each.sha256) == each.size)
        return Coverage(self.source_id, self.kind, has)

    def open(self, sha256: str) -> BinaryIO:
        """The file of that name."""
        named = self._names(Watch())
        if sha256 not in named:
            raise NotInSourceError(self.source_id, sha256)
        return self._place.open(named[sha256].path, sha256)

    def _names(self, watch: Watch) -> dict[str, FileSeen]:
        if self._named is None:
            named = ((hash_in(seen.path), seen) for seen in self._place.files(watch))
            self._named = {sha256: seen for sha256, seen in named if sha256}
        return self._named


def hash_in(path: str) -> str | None:
    """The hash that a relative path names, None when it names none."""
    match = _NAME.fullmatch(path)
    return "".join(part for part in match.groups() if part).lower() if match else None
