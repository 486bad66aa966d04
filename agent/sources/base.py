"""What every source is: a place that is asked for bytes by their hash, wherever they stand in it.

A source never decides where bytes go and never vouches for them: whoever takes them hashes every
byte on the way. It answers *which of these do you have?* before anything is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Protocol

from agent.model import Coverage, SourceKind, Wanted
from agent.progress import Watch


class Source(Protocol):
    """A place that can give bytes; used by several threads at once.

    `coverage` is asked first and from one thread; `open` afterwards, from any.
    """

    @property
    def source_id(self) -> str:
        """Short name for reports, the same in every run, e.g. ``stick:E``."""
        ...

    @property
    def kind(self) -> SourceKind:
        """What sort of place it is."""
        ...

    @property
    def names_hashes(self) -> bool:
        """It claims hashes itself, so other bytes than it claimed are a *false answer*.

        False for a raw folder: it claims nothing, other bytes are just not a match.
        """
        ...

    @property
    def version(self) -> str | None:
        """The version it carries, where it says so."""
        ...

    def manifests(self) -> tuple[tuple[str, bytes], ...]:
        """The manifests it carries, unparsed: place for people, bytes. Never raises."""
        ...

    def coverage(self, wanted: Sequence[Wanted], watch: Watch) -> Coverage:
        """Which of the wanted bytes it has; the place may be gone: then ``reachable=False``.

        Raises:
            Stopped: because somebody asked for it; nothing else.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """A stream that gives these bytes from their start; close it after use.

        Reading from the stream raises like this method does.

        Raises:
            NotInSourceError: because it does not have them (any more); ask the next source.
            SourceGoneError: because the whole place is gone; do not ask it again in this run.
            OSError: because this one file could not be read; ask the next source.
        """
        ...
