"""Finding wanted bytes among files that carry no list: sizes first, hashes only where sizes fit."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from agent.errors import NotInSourceError
from agent.hashing import Hashed, hash_many
from agent.inventory import key_of
from agent.manifest.names import fold
from agent.model import FileSeen, Wanted
from agent.progress import Stage, Watch
from agent.sources.place import Place


class Matcher:
    """Which of some files have which content; everything hashed is remembered for the run."""

    def __init__(
        self,
        files: Iterable[FileSeen],
        base: str,
        *,
        real: Callable[[str], str] = str,
        threads: int | None = None,
        on_error: Callable[[OSError], None] | None = None,
    ) -> None:
        """Group the files by size; a hash that one already carries is believed.

        Args:
            files: with paths relative to `base`.
            base: absolute, with its separator.
            real: the path on disk of one in `files`.
            threads: how many hash.
            on_error: hears of every file that cannot be read; may raise to end the search.
        """
        self._base, self._real, self._threads, self._on_error = base, real, threads, on_error
        self._by_size: dict[int, list[FileSeen]] = defaultdict(list)
        self._found: dict[str, dict[str, FileSeen]] = defaultdict(dict)
        self._read: set[str] = set()
        self._lock = threading.Lock()
        for seen in files:
            if seen.sha256 is not None:
                self._remember(seen)
            elif seen.error is None:
                self._by_size[seen.size].append(seen)

    def find(self, wanted: Sequence[Wanted], watch: Watch) -> frozenset[str]:
        """The wanted hashes that are here; reads only files whose size fits.

        First one file for each, the likeliest by its path; then all others that fit.

        Raises:
            Stopped: because somebody asked for it.
        """
        asked = {each.sha256: each for each in wanted}
        self._hash(
            [likeliest for each in self._open(asked) for likeliest in self._first(each)], watch
        )
        self._hash([seen for each in self._open(asked) for seen in self._fitting(each)], watch)
        return frozenset(sha256 for sha256 in asked if self._found.get(sha256))

    def paths(self, sha256: str) -> tuple[FileSeen, ...]:
        """The files that had this content when they were read."""
        with self._lock:
            return tuple(self._found.get(sha256, {}).values())

    def forget(self, seen: FileSeen) -> None:
        """A file is not what it was any more."""
        with self._lock:
            self._found.get(seen.sha256 or "", {}).pop(seen.path, None)

    def _open(self, asked: dict[str, Wanted]) -> list[Wanted]:
        return [each for sha256, each in asked.items() if not self._found.get(sha256)]

    def _fitting(self, wanted: Wanted) -> list[FileSeen]:
        """Files of the right size that were not read yet."""
        fitting = self._by_size.get(wanted.size, ())
        return [seen for seen in fitting if seen.path not in self._read]

    def _first(self, wanted: Wanted) -> list[FileSeen]:
        """The likeliest of the files that fit: the same path at any depth, else the same name."""
        fitting = self._fitting(wanted)
        if not fitting:
            return []
        path = "/" + fold(wanted.path)
        name = path[path.rindex("/") :]
        best = min(fitting, key=lambda seen: _distance("/" + key_of(seen.path), path, name))
        return [best]

    def _hash(self, files: list[FileSeen], watch: Watch) -> None:
        """Read these files once, several threads at a time."""
        unread = list({seen.path: seen for seen in files}.values())
        if not unread:
            return
        sizes = [seen.size for seen in unread]
        watch.start(Stage.SOURCES, len(unread), sum(sizes))
        paths = [self._real(seen.path) for seen in unread]
        results = hash_many(
            paths,
            sizes,
            base=self._base,
            threads=self._threads,
            watch=watch,
            on_error=self._on_error,
        )
        for seen, result in zip(unread, results, strict=True):
            self._read.add(seen.path)
            self._keep(seen, result)

    def _keep(self, seen: FileSeen, result: Hashed) -> None:
        if result.error is None:
            self._remember(FileSeen(seen.path, result.size, result.mtime_ns, result.sha256))

    def _remember(self, seen: FileSeen) -> None:
        with self._lock:
            self._found[seen.sha256 or ""][seen.path] = seen


def open_matched(place: Place, matcher: Matcher, sha256: str) -> BinaryIO:
    """The first file that had this content when it was read and has not changed since.

    Raises:
        NotInSourceError: because there is none.
        SourceGoneError: because the whole place is away.
        OSError: because those that had it could not be read.
    """
    failure: OSError | NotInSourceError = NotInSourceError(place.source_id, sha256)
    for seen in matcher.paths(sha256):
        try:
            stream = place.open(seen.path, sha256)
        except (OSError, NotInSourceError) as error:
            failure = error
            continue
        if (stream.size, stream.mtime_ns) == (seen.size, seen.mtime_ns):
            return stream
        stream.close()
        matcher.forget(seen)
    raise failure


def _distance(candidate: str, path: str, name: str) -> tuple[int, int]:
    """How unlikely it is by its path: smaller is likelier; the shorter path wins a draw."""
    if candidate.endswith(path):
        return 0, len(candidate)
    if candidate.endswith(name):
        return 1, len(candidate)
    return 2, len(candidate)
