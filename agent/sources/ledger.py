"""The order in which sources are asked, and who is put out during a run.

Not found, unreachable and corrupt each fall through to the next source *per file*. Three false
answers of a source that had named the hashes put it out for the run; a raw folder claims nothing,
so there other bytes are just not a match. One that is gone is put out at once and named.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import BinaryIO

from agent.errors import NotInSourceError, SourceGoneError
from agent.model import Coverage, SourceKind, SourceUse, Wanted
from agent.progress import Watch
from agent.sources.base import Source
from agent.sources.patience import PATIENCE_SECONDS, PatientStream, ask, within

MAX_FALSE_ANSWERS = 3
"""So many wrong streams of a source that named hashes and it is not asked again."""

FAR_KINDS = frozenset({SourceKind.PEER, SourceKind.WEB})
"""Over the network: each call is waited for with patience, which costs a thread per call."""

FALSE_ANSWERS = "source-false-answers"
GONE = "source-gone"


class Ledger:
    """What the sources did in one run; safe to use from several threads."""

    def __init__(
        self, sources: Sequence[Source], *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Ask in this order.

        Args:
            sources: best first.
            patience_seconds: how long a source over the network may take for one call.
        """
        self._sources = tuple(sources)
        self._patience = patience_seconds
        self._lock = threading.Lock()
        self._used = dict.fromkeys((source.source_id for source in sources), 0)
        self._false = dict(self._used)
        self._out: dict[str, str] = {}
        self._claiming = frozenset(s.source_id for s in sources if s.names_hashes)

    def streams(
        self, wanted: Wanted, only: Collection[str] | None = None
    ) -> Iterator[tuple[str, BinaryIO]]:
        """Candidates for some bytes, in order; each stream is closed when the next is asked for.

        Args:
            wanted: what is looked for; the taker hashes every byte.
            only: ids of the sources that are asked; all when not given.
        """
        for source in self._sources:
            source_id = source.source_id
            if source_id in self._out or (only is not None and source_id not in only):
                continue
            stream = self._open(source, wanted.sha256)
            if stream is not None:
                with stream:
                    yield source_id, stream

    def used(self, source_id: str) -> None:
        """The bytes of one file came from it and were right."""
        with self._lock:
            self._used[source_id] += 1

    def false_answer(self, source_id: str) -> None:
        """It gave other bytes; that counts against one that had named them."""
        if source_id not in self._claiming:
            return
        with self._lock:
            self._false[source_id] += 1
            if self._false[source_id] >= MAX_FALSE_ANSWERS:
                self._out.setdefault(source_id, FALSE_ANSWERS)

    def gone(self, source_id: str) -> None:
        """It is not there any more."""
        with self._lock:
            self._out.setdefault(source_id, GONE)

    @property
    def uses(self) -> tuple[SourceUse, ...]:
        """How each source behaved, in the order of asking."""
        with self._lock:
            return tuple(
                SourceUse(source_id, count, self._out.get(source_id))
                for source_id, count in self._used.items()
            )

    def _open(self, source: Source, sha256: str) -> BinaryIO | None:
        try:
            if source.kind not in FAR_KINDS:
                return source.open(sha256)
            source_id, patience = source.source_id, self._patience
            stream = within(patience, source_id, lambda: source.open(sha256))
            return PatientStream(stream, source_id, patience)
        except SourceGoneError:
            self.gone(source.source_id)
        except (NotInSourceError, OSError):
            pass  # this file only: the next source is asked for it
        return None


def ask_all(
    sources: Iterable[Source],
    wanted: Sequence[Wanted],
    watch: Watch,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> tuple[Coverage, ...]:
    """What each source has of everything wanted, in their order, before anything is copied.

    Args:
        sources: best first.
        wanted: every question of this run: the report tells what each source has of all.
        watch: progress and stopping.
        patience_seconds: a source that shows no progress for so long is unreachable.

    Raises:
        Stopped: because somebody asked for it.
    """
    return tuple(ask(source, wanted, watch, patience=patience_seconds) for source in sources)


def covered(coverages: Iterable[Coverage]) -> frozenset[str]:
    """The hashes that at least one usable source has."""
    usable = (each.has for each in coverages if each.reachable and each.refused is None)
    return frozenset().union(*usable)
