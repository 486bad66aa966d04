"""All runs of one installation, in order, as their journals tell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agent.repair import journal
from agent.repair.containment import RUN_ID, PinnedRoot
from agent.repair.file_ops import FileOps
from agent.repair.journal import Closed, Intent, Journal, JournalRead, Kind, Target


@dataclass(frozen=True)
class Run:
    """One run with a journal that can be believed, at least in its first line."""

    folder: Path
    read: JournalRead

    @property
    def run_id(self) -> str:
        """The run's name."""
        return self.read.intent.run

    @property
    def intent(self) -> Intent:
        """What it set out to do."""
        return self.read.intent

    @property
    def unfinished(self) -> bool:
        """It was broken off and nobody has cleaned up after it."""
        return self.read.done is None

    @property
    def only_names_left(self) -> bool:
        """An undo that is carried out, but for hidden names that could not be removed yet."""
        settled = self.read.settled is not None
        return self.unfinished and settled and self.intent.kind is Kind.UNDO

    @property
    def targets(self) -> tuple[Target, ...]:
        """All files that it was going to put in place or take back."""
        return self.read.commit.targets if self.read.commit else ()

    @property
    def committed(self) -> tuple[Target, ...]:
        """Files that it really put in place."""
        noted = self.read.done or self.read.settled
        return tuple(self.targets[place] for place in noted.committed) if noted else ()

    @property
    def made(self) -> tuple[str, ...]:
        """Folders that it really made, parents first."""
        noted = self.read.done or self.read.settled
        return noted.made if noted else ()

    @property
    def has_effect(self) -> bool:
        """There is something to undo."""
        return self.intent.kind is Kind.REPAIR and bool(self.committed or self.made)

    def reopen(self, ops: FileOps) -> Journal:
        """Go on writing its journal."""
        return self.read.reopen(self.folder / journal.JOURNAL_NAME, ops)


@dataclass(frozen=True)
class History:
    """The runs of one installation, oldest first."""

    runs: tuple[Run, ...]
    last_sequence: int
    """Over all installations."""

    @cached_property
    def undone(self) -> frozenset[str]:
        """Runs that a finished undo took back."""
        return frozenset(
            undone
            for run in self.runs
            if (run.read.done and run.read.done.ending is Closed.UNDONE) or run.only_names_left
            for undone in run.intent.undoes
        )

    @property
    def unfinished(self) -> tuple[Run, ...]:
        """Runs that were broken off, oldest first."""
        return tuple(run for run in self.unsettled if not run.only_names_left)

    @property
    def unsettled(self) -> tuple[Run, ...]:
        """Those, and undos of which nothing but hidden names is left; oldest first."""
        return tuple(run for run in self.runs if run.unfinished)

    @property
    def undoable(self) -> tuple[Run, ...]:
        """Runs with an effect that still stands, oldest first."""
        return tuple(r for r in self.runs if r.has_effect and r.run_id not in self.undone)

    def find(self, run_id: str) -> Run | None:
        """One run by its name."""
        return next((run for run in self.runs if run.run_id == run_id), None)

    @property
    def interrupted(self) -> str | None:
        """The broken-off run whose effect stands and that a new repair goes on with."""
        newest = self.undoable[-1] if self.undoable else None
        done = newest.read.done if newest else None
        if newest is None or done is None or done.ending is not Closed.INTERRUPTED:
            return None
        return newest.run_id

    def chain(self, run: Run) -> tuple[Run, ...]:
        """A run and the interrupted ones that it went on with, newest first."""
        chain = [run]
        while (earlier := chain[-1].intent.continues) is not None:
            found = self.find(earlier)
            if found is None or found in chain or found.run_id in self.undone:
                break
            chain.append(found)
        return tuple(chain)

    def is_whole(self, chain: Sequence[Run]) -> bool:
        """Whether nothing below a chain was lost: it ends at a first run, or at an undone one."""
        earlier = chain[-1].intent.continues
        return earlier is None or earlier in self.undone or self.find(earlier) is not None


def load(runs: Path, root: PinnedRoot) -> History:
    """Read every journal of this very folder: same file id, also when it was renamed since."""
    mine: list[Run] = []
    last = 0
    for folder in _folders(runs):
        read = journal.read(folder / journal.JOURNAL_NAME)
        if read is None:
            continue
        last = max(last, read.intent.sequence)
        if read.intent.root_id == root.identity and _came_from(read.intent.root, root):
            mine.append(Run(folder, read))
    mine.sort(key=lambda run: (run.intent.sequence, run.run_id))
    return History(tuple(mine), last)


def _came_from(path: str, root: PinnedRoot) -> bool:
    """The root has this path, or left it: a folder of the same number there is on another volume.

    File ids are told apart within one volume only, and volume numbers do not last.
    """
    if path == root.path:
        return True
    try:
        seen = os.lstat(path)
    except (OSError, ValueError):
        return True
    return seen.st_ino != root.number or seen.st_dev == root.volume


def _folders(runs: Path) -> list[Path]:
    try:
        with os.scandir(runs) as entries:
            return [
                Path(entry)
                for entry in entries
                if RUN_ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            ]
    except OSError:
        return []
