"""Where a run works: the pinned root, the runs folder, and moving one target in and out of place.

A target has our bytes under a hidden name and, when it replaces something, an original in a store.
`put` and `take_back` are each other's mirror, so an undo is a repair carried out backwards and the
roll-back of each is the other. Only hidden names of ours are ever deleted.

Windows replaces a file by two renames, and between them nothing stands under its name: `bring_back`
is what a settling, a roll-back and an undo do about a replacement that was cut there, `put_again`
what the roll-back of an undo does.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from agent.hashing import hash_file
from agent.manifest.names import STAGING_PREFIX, UNDO_DIRECTORY
from agent.repair.containment import (
    PathRefusedError,
    PinnedRoot,
    Refusal,
    is_link,
    resolve,
    resolve_ours,
)
from agent.repair.file_ops import FileOps
from agent.repair.journal import JOURNAL_NAME, ORIGINALS, Intent, Journal, Store, Target

KEPT_BESIDE = "kept"
"""In the name of a file that somebody wrote while we moved it, and whose place was taken then."""


class Standing(Enum):
    """What is now in the place of a target."""

    OURS = auto()
    """The bytes of the run."""
    OLD = auto()
    """What was there before the run: the original bytes, or nothing."""
    OTHER = auto()
    """Neither: somebody else was here."""


@dataclass(frozen=True)
class Site:
    """One installation with the place for its runs."""

    root: PinnedRoot
    runs: Path
    ops: FileOps

    def begin(self, intent: Intent) -> Journal:
        """Make the run's folder and flush its intent: from here on a crash can be told.

        Raises:
            OSError: because the runs folder can't be written, or the run exists.
        """
        folder = self.runs / intent.run
        self.ops.make_directory(folder)
        journal = Journal(folder / JOURNAL_NAME, self.ops)
        journal.write(intent)
        return journal

    def put(self, target: Target) -> None:
        """Bring our bytes from their hidden name into place.

        Raises:
            FileExistsError: because something appeared there.
            OSError: because the system refused; nothing has changed.
            PathRefusedError: because of what stands above the target now.
        """
        staged, place = resolve_ours(self.root, target.staged), resolve(self.root, target.path)
        if target.old is None:
            self.ops.rename_no_clobber(staged, place)
        else:
            self.ops.replace_keeping(staged, place, self.original(target))

    def take_back(self, target: Target) -> None:
        """Bring our bytes from their place back to their hidden name; the original returns.

        Raises:
            OSError: because the system refused; nothing has changed.
            PathRefusedError: because of what stands above the target now.
        """
        staged, place = resolve_ours(self.root, target.staged), resolve(self.root, target.path)
        if target.old is None:
            self.ops.rename_no_clobber(place, staged)
        else:
            self.ops.replace_keeping(self.original(target), place, staged)
        with suppress(OSError):  # out of people's sight, as it was before it was put in place
            self.ops.hide(staged)

    def is_gone(self, target: Target) -> bool:
        """Whether nothing stands where the run replaces a file.

        Raises:
            OSError: because it can't be told.
        """
        if target.old is None:
            return False
        try:
            resolve(self.root, target.path).lstat()
        except FileNotFoundError:
            return True
        except PathRefusedError:
            return False
        return False

    def bring_back(self, target: Target) -> bool:
        """Give a kept original its name again where nothing stands there, and nothing else.

        Returns:
            False when nothing stands there and there is no whole original.

        Raises:
            OSError: because the system refused: nothing stands there, the original is kept still.
        """
        if not self.is_gone(target):
            return True
        if not self.original_intact(target):
            return False
        with suppress(FileExistsError):  # whose that is, is told by `standing`
            self.ops.rename_no_clobber(self.original(target), resolve(self.root, target.path))
        return True

    def put_again(self, target: Target) -> None:
        """Give what an undo moved away its name again where nothing stands there.

        Raises:
            OSError: because the system refused; nothing has changed.
            PathRefusedError: because of what stands above the target now.
        """
        staged, place = resolve_ours(self.root, target.staged), resolve(self.root, target.path)
        self.ops.rename_no_clobber(staged, place)

    def original_intact(self, target: Target) -> bool:
        """Whether the original that is kept for a target has the bytes that it had in place.

        Raises:
            OSError: because it is there and can't be read.
        """
        if target.old is None:
            return True
        try:
            found = hash_file(self.original(target))
        except (FileNotFoundError, PathRefusedError):
            return False
        return found == (target.old.sha256, target.old.size)

    def keeps_original(self, target: Target) -> bool:
        """Whether anything stands where the original of a target is kept."""
        if target.old is None:
            return False
        try:
            return os.path.lexists(self.original(target))
        except PathRefusedError:
            return False

    def original(self, target: Target) -> Path:
        """Where the original of a target is kept."""
        if target.store is Store.ROOT:
            where = f"{UNDO_DIRECTORY}/{target.origin}/{target.backup}"
            return resolve_ours(self.root, where)
        return self.runs / target.origin / ORIGINALS / str(target.backup)

    def standing(self, target: Target) -> Standing:
        """Look, by content, whose bytes are in the place of a target.

        Raises:
            OSError: because what is there can't be read.
        """
        try:
            place = resolve(self.root, target.path)
            seen = place.lstat()
        except FileNotFoundError:
            return Standing.OLD if target.old is None else Standing.OTHER
        except PathRefusedError as error:
            gone = error.refusal is Refusal.MISSING_FOLDER and target.old is None
            return Standing.OLD if gone else Standing.OTHER
        if not stat.S_ISREG(seen.st_mode) or is_link(seen):
            return Standing.OTHER
        return _whose(target, hash_file(place))

    def has_put(self, target: Target) -> bool:
        """Our bytes are there and we put them there: an added file's hidden name is used up.

        A move that was cut in half leaves both names for one file: then it is there.

        Raises:
            OSError: because what is there can't be read.
        """
        if self.standing(target) is not Standing.OURS:
            return False
        added = target.old is None
        return not (added and self.has_hidden(target.staged) and not self.same_file(target))

    def same_file(self, target: Target) -> bool:
        """Whether the hidden name and the place are two names of one file: a move cut in half."""
        try:
            staged = resolve_ours(self.root, target.staged).lstat()
            place = resolve(self.root, target.path).lstat()
        except (OSError, PathRefusedError):
            return False
        return (staged.st_dev, staged.st_ino) == (place.st_dev, place.st_ino)

    def has_hidden(self, name: str) -> bool:
        """Whether a hidden file of ours is there."""
        try:
            return stat.S_ISREG(resolve_ours(self.root, name).lstat().st_mode)
        except (OSError, PathRefusedError):
            return False

    def remove_hidden(self, name: str) -> bool:
        """Delete a hidden file of ours; true when it is gone, also when it never was there."""
        try:
            path = resolve_ours(self.root, name)
            if not stat.S_ISREG(path.lstat().st_mode):
                return False
            self.ops.remove_file(path)
        except FileNotFoundError:
            return True
        except PathRefusedError as error:
            return error.refusal is Refusal.MISSING_FOLDER
        except OSError:
            return False
        return True

    def hidden_is_ours(self, target: Target) -> bool:
        """Whether the hidden file has the bytes of the run, and nobody's work was added."""
        try:
            found = hash_file(resolve_ours(self.root, target.staged))
        except (OSError, PathRefusedError):
            return False
        return found == (target.sha256, target.size)

    def set_aside(self, target: Target) -> str:
        """Give the hidden file a name that people see, beside its place; it is theirs.

        Returns:
            The name that it has now: the hidden one still where the system refused.
        """
        number = target.staged.rpartition(STAGING_PREFIX)[2]
        beside = f"{target.path}.{KEPT_BESIDE}-{number}"
        try:
            hidden, place = resolve_ours(self.root, target.staged), resolve(self.root, beside)
            self.ops.rename_no_clobber(hidden, place)
        except (OSError, PathRefusedError):
            return target.staged
        return beside

    def remove_original(self, target: Target) -> None:
        """Delete a kept original that nobody needs: its target still has those very bytes."""
        if target.backup is None:
            return
        with suppress(OSError, PathRefusedError):
            path = self.original(target)
            if stat.S_ISREG(path.lstat().st_mode):
                self.ops.remove_file(path)

    def remove_folders(self, made: tuple[str, ...]) -> tuple[str, ...]:
        """Remove folders that a run made, deepest first, where they are empty.

        Returns:
            Those that are left because something is in them.
        """
        left: list[str] = []
        for folder in sorted(made, key=lambda path: path.count("/"), reverse=True):
            try:
                path = resolve(self.root, folder)
                if not is_link(path.lstat()):
                    self.ops.remove_directory(path)
            except FileNotFoundError:
                continue
            except OSError:
                left.append(folder)
            except PathRefusedError as error:
                if error.refusal is not Refusal.MISSING_FOLDER:
                    left.append(folder)
        return tuple(sorted(left))

    def make_store(self, store: Store, run_id: str) -> None:
        """Make the folder for a run's originals.

        Raises:
            OSError: because it could not be made.
            PathRefusedError: because something else stands in its place.
        """
        if store is Store.STATE:
            self._make(self.runs / run_id / ORIGINALS)
            return
        ours = resolve_ours(self.root, UNDO_DIRECTORY)
        self._make(ours)
        self.ops.hide(ours)
        self._make(resolve_ours(self.root, f"{UNDO_DIRECTORY}/{run_id}"))

    def remove_store(self, store: Store, run_id: str) -> None:
        """Remove a run's folder for originals, and ours around it, when they are empty."""
        folders: list[Path] = []
        with suppress(PathRefusedError):
            if store is Store.STATE:
                folders = [self.runs / run_id / ORIGINALS]
            else:
                inner = resolve_ours(self.root, f"{UNDO_DIRECTORY}/{run_id}")
                folders = [inner, inner.parent]
        for folder in folders:
            with suppress(OSError):
                if folder.is_dir():
                    self.ops.remove_directory(folder)

    def _make(self, folder: Path) -> None:
        try:
            self.ops.make_directory(folder)
        except FileExistsError:
            seen = folder.lstat()
            if is_link(seen) or not stat.S_ISDIR(seen.st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None


def choose_store(root: PinnedRoot, runs: Path, ops: FileOps) -> Store:
    """Originals stay on the volume of the root, so that a rename can bring them back."""
    return Store.STATE if ops.volume_id(runs) == root.volume else Store.ROOT


def _whose(target: Target, found: tuple[str, int]) -> Standing:
    if found == (target.sha256, target.size):
        return Standing.OURS
    if target.old is not None and found == (target.old.sha256, target.old.size):
        return Standing.OLD
    return Standing.OTHER
