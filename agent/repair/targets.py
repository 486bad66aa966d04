"""What a plan says against what stands there now, right before files change.

Between the look and the commit somebody else may have been here: a target that appeared wins over
ours, one that became a folder or a link is left alone, and one that is to be replaced must still
have the very bytes that the look saw, or the plan was made for something else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.hashing import hash_file
from agent.manifest.names import fold
from agent.model import Action, OsProblem, Result, StepResult
from agent.repair import troubles
from agent.repair.containment import (
    PathRefusedError,
    PinnedRoot,
    ensure_allowed,
    exists_as_folder,
    is_link,
    resolve,
)
from agent.repair.journal import Old, Store, Target
from agent.repair.staging import Item
from agent.windows.paths import openable


@dataclass(frozen=True, slots=True)
class Signature:
    """What tells cheaply that a file is still the one that was looked at."""

    number: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, seen: os.stat_result) -> Signature:
        """From a look that follows no links."""
        return cls(seen.st_ino, seen.st_size, seen.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Ready:
    """A target that may be committed."""

    item: Item
    target: Target
    signature: Signature | None
    """Of the file that is replaced; None when nothing is."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All items, looked at again."""

    ready: tuple[Ready, ...]
    settled: tuple[StepResult, ...]
    """Those that are not committed, with the reason."""


def check(root: PinnedRoot, run_id: str, store: Store, items: Sequence[Item]) -> Checked:
    """Look again at the place of every staged item; reads, never writes."""
    ready: list[Ready] = []
    settled: list[StepResult] = []
    folders = _Folders(root)
    for number, item in enumerate(items):
        try:
            if item.step.action is Action.REPLACE:
                came = _to_replace(root, item, Target(
                    item.path, item.staged, item.expected.sha256, item.expected.size,
                    backup=str(number), origin=run_id, store=store,
                ))  # fmt: skip
            else:
                came = _to_add(item, folders)
        except PathRefusedError as error:
            came = failed(item, error.refusal.value)
        except OSError as error:
            problem = OsProblem.from_exception(error)
            came = StepResult(
                item.step.path, Result.FAILED, reason=troubles.reason_of(error), error=problem
            )
        if isinstance(came, Ready):
            ready.append(came)
        else:
            settled.append(came)
    return Checked(tuple(ready), tuple(settled))


def appeared(item: Item, place: Path) -> StepResult:
    """The result for a file to be added where something is now.

    Raises:
        OSError: because what is there can't be read.
    """
    seen = place.lstat()
    if is_link(seen) or not stat.S_ISREG(seen.st_mode):
        return failed(item, "not-a-file")
    if hash_file(place) == (item.expected.sha256, item.expected.size):
        return StepResult(item.step.path, Result.ALREADY_RIGHT)
    return StepResult(item.step.path, Result.SKIPPED, reason="appeared")


def unchanged(ready: Ready, place: Path) -> bool:
    """Whether the file that is replaced is still the one that was hashed."""
    try:
        return ready.signature is None or Signature.of(place.lstat()) == ready.signature
    except OSError:
        return False


def kept(ready: Ready, backup: Path) -> bool:
    """Whether what is kept as the original is the file that was hashed."""
    seen = Signature.of(backup.lstat())
    hashed = ready.signature
    return hashed is None or (seen.size, seen.mtime_ns) == (hashed.size, hashed.mtime_ns)


def failed(item: Item, reason: str) -> StepResult:
    """A step that could not be done."""
    return StepResult(item.step.path, Result.FAILED, reason=reason)


def _to_add(item: Item, folders: _Folders) -> Ready | StepResult:
    place = folders.find(item.path)
    if place is not None and os.path.lexists(place):
        return appeared(item, place)
    return Ready(
        item, Target(item.path, item.staged, item.expected.sha256, item.expected.size), None
    )


def _to_replace(root: PinnedRoot, item: Item, target: Target) -> Ready | StepResult:
    place = resolve(root, item.path)
    try:
        seen = place.lstat()
    except FileNotFoundError:
        return StepResult(item.step.path, Result.SKIPPED, reason="changed-meanwhile")
    if is_link(seen) or not stat.S_ISREG(seen.st_mode):
        return failed(item, "not-a-file")
    sha256, size = hash_file(place)
    if (sha256, size) == (target.sha256, target.size):
        return StepResult(item.step.path, Result.ALREADY_RIGHT)
    found = item.step.found
    if found is None or (found.sha256 is not None and found.sha256 != sha256):
        return StepResult(item.step.path, Result.SKIPPED, reason="changed-meanwhile")
    if found.sha256 is None and (found.size, found.mtime_ns) != (size, seen.st_mtime_ns):
        return StepResult(item.step.path, Result.SKIPPED, reason="changed-meanwhile")
    old = Old(sha256, size, seen.st_mtime_ns, stat.S_IMODE(seen.st_mode))
    return Ready(
        item,
        Target(
            target.path, target.staged, target.sha256, target.size,
            old, target.backup, target.origin, target.store,
        ),
        Signature.of(seen),
    )  # fmt: skip


class _Folders:
    """One listing per folder: what is there under any case, on disks that tell cases apart."""

    def __init__(self, root: PinnedRoot) -> None:
        self._root = root
        self._listed: dict[str, tuple[Path, dict[str, str]]] = {}

    def find(self, path: str) -> Path | None:
        """What stands in the place of a path, whatever its case.

        Raises:
            PathRefusedError: because of its name, or of what stands in a folder's place.
        """
        ensure_allowed(path)
        folder, _, name = path.rpartition("/")
        listed = self._listed.get(folder)
        if listed is None:
            listed = self._listed[folder] = self._list(resolve(self._root, path).parent)
        place, names = listed
        found = names.get(fold(name))
        return None if found is None else Path(openable(str(place / found)))

    def _list(self, folder: Path) -> tuple[Path, dict[str, str]]:
        with os.scandir(folder) as entries:
            return folder, {fold(entry.name): entry.name for entry in entries}


def missing_folders(root: PinnedRoot, wanted: Iterable[str]) -> tuple[str, ...]:
    """The folders among `wanted`, and above them, that are not there; parents first."""
    needed: dict[str, str] = {}
    for folder in wanted:
        parts = folder.split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            needed.setdefault(fold(path), path)
    missing = [path for path in needed.values() if not exists_as_folder(root, path)]
    return tuple(sorted(missing, key=lambda path: (path.count("/"), path)))
