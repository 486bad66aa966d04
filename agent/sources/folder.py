"""A raw copy of a program folder made by hand, or a peer's folder: it claims nothing.

Another version, half broken, one level deeper than one thinks: everything below it is asked by
content, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import BinaryIO

from agent.errors import NotInSourceError, SourceGoneError
from agent.model import Coverage, SourceKind, Wanted
from agent.progress import Stage, Watch
from agent.sources.matching import Matcher, open_matched
from agent.sources.place import Place


class FolderSource:
    """Matches by size, then by hash; listed and hashed at most once per run."""

    names_hashes = False
    version: str | None = None

    def __init__(
        self,
        root: Path,
        source_id: str,
        *,
        kind: SourceKind = SourceKind.FOLDER,
        skip: Container[str] = (),
        threads: int | None = None,
    ) -> None:
        """Remember where; nothing is read yet.

        Args:
            root: absolute.
            source_id: for reports.
            kind: `folder` or `peer`.
            skip: relative folders that are left out: the target itself.
            threads: how many hash.
        """
        self.source_id, self.kind, self.root = source_id, kind, root
        self._place = Place(str(root), source_id, skip=skip)
        self._threads = threads
        self._matcher: Matcher | None = None

    def manifests(self) -> tuple[tuple[str, bytes], ...]:
        """A raw copy carries none."""
        return ()

    def coverage(self, wanted: Sequence[Wanted], watch: Watch) -> Coverage:
        """What it has, wherever it stands; hashes only where sizes fit."""
        watch.start(Stage.SOURCES)
        try:
            matcher = self._matched(watch)
            has = matcher.find(wanted, watch)
        except SourceGoneError:
            return self._nothing()
        if len(has) < len(wanted) and not self._place.is_there():
            return self._nothing()
        return Coverage(self.source_id, self.kind, has)

    def open(self, sha256: str) -> BinaryIO:
        """A file that had these bytes when it was read and has not changed since."""
        if self._matcher is None:
            raise NotInSourceError(self.source_id, sha256)
        return open_matched(self._place, self._matcher, sha256)

    def _matched(self, watch: Watch) -> Matcher:
        if self._matcher is None:
            place = self._place
            self._matcher = Matcher(
                place.files(watch),
                place.base,
                real=place.real,
                threads=self._threads,
                on_error=place.raise_if_gone,
            )
        return self._matcher

    def _nothing(self) -> Coverage:
        return Coverage(self.source_id, self.kind, frozenset(), reachable=False)
