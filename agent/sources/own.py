"""The installation itself: the same bytes may stand there under another path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from agent.errors import NotInSourceError, SourceGoneError
from agent.inventory import with_separator
from agent.model import Coverage, Inventory, SourceKind, Wanted
from agent.progress import Watch
from agent.sources.matching import Matcher, open_matched
from agent.sources.place import Place

OWN_ID = "own"


class OwnSource:
    """What a look already hashed, and strangers whose size fits."""

    source_id = OWN_ID
    kind = SourceKind.OWN
    names_hashes = False
    version: str | None = None

    def __init__(self, inventory: Inventory, *, threads: int | None = None) -> None:
        """Use a full look; files that it did not read are read here where their size fits."""
        root = str(inventory.root)
        self._place = Place(root, self.source_id)
        self._matcher = Matcher(
            inventory.files.values(),
            with_separator(root),
            threads=threads,
            on_error=self._place.raise_if_gone,
        )

    def manifests(self) -> tuple[tuple[str, bytes], ...]:
        """None: what it should be is known from elsewhere."""
        return ()

    def coverage(self, wanted: Sequence[Wanted], watch: Watch) -> Coverage:
        """The wanted bytes that stand here under whatever path.

        An empty file is left to the other sources: one that happens to be here says nothing about
        how much of the version this PC still has.
        """
        watch.check()
        try:
            has = self._matcher.find([each for each in wanted if each.size], watch)
        except SourceGoneError:
            return Coverage(self.source_id, self.kind, frozenset(), reachable=False)
        return Coverage(self.source_id, self.kind, has)

    def open(self, sha256: str) -> BinaryIO:
        """A file that had these bytes when it was looked at and has not changed since."""
        try:
            return open_matched(self._place, self._matcher, sha256)
        except SourceGoneError as error:
            raise NotInSourceError(self.source_id, sha256) from error
