"""The one gate between a path in a document and a path on the disk.

`resolve` is called right before every write. It takes a path relative to the pinned root, applies
the name rules again, walks down without following anything, and refuses everything that is not
plainly below that very root folder on its volume.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from agent.errors import ItError
from agent.manifest.names import STAGING_PREFIX, UNDO_DIRECTORY, fold, problems_of
from agent.outcomes import ExitCode
from agent.windows.paths import openable, plain

RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
"""What a run may be called: it becomes the name of a folder."""
NAMES_REMEMBERED = 1 << 16
"""Answers of the name rules that are kept: every path is resolved several times in a run."""
_STAGING_NAME = re.compile(re.escape(STAGING_PREFIX) + r"[0-9a-f]{8}-[0-9]{1,7}")
_STORE_PATH = re.compile(re.escape(UNDO_DIRECTORY) + rf"(/{RUN_ID.pattern}(/[0-9]{{1,7}})?)?")
_REPARSE_POINT = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0x400)


class Refusal(StrEnum):
    """Why a path is not written to; also the reason id in results."""

    NAME = "name-not-allowed"
    LINK = "link-in-path"
    NOT_A_FOLDER = "not-a-folder"
    MISSING_FOLDER = "missing-folder"
    OTHER_VOLUME = "other-volume"


class PathRefusedError(ItError):
    """A path that is not plainly below the root."""

    def __init__(self, path: str, refusal: Refusal) -> None:
        super().__init__("path-refused", ExitCode.NEEDS_PERSON, path=path, reason=refusal.value)
        self.path = path
        self.refusal = refusal


@dataclass(frozen=True)
class PinnedRoot:
    """The root folder, followed once and held on to by identity."""

    path: str
    """Canonical and absolute."""
    volume: int
    number: int
    """File id of the folder on its volume."""
    spellings: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Folders found under another case: as asked, to as on disk. Checked again at each use."""

    @classmethod
    def pin(cls, root: Path) -> PinnedRoot:
        """Follow a link at the root itself, once.

        Raises:
            ItError: because it is not a folder that can be seen.
        """
        try:
            canonical = plain(os.path.realpath(openable(str(root)), strict=True))
            seen = os.lstat(openable(canonical))
        except OSError as error:
            raise ItError("root-unreachable", ExitCode.NOT_FOUND, place=str(root)) from error
        if not stat.S_ISDIR(seen.st_mode):
            raise ItError("root-not-a-folder", ExitCode.NOT_FOUND, place=str(root))
        return cls(canonical, seen.st_dev, seen.st_ino)

    @classmethod
    def held(cls, root: Path | PinnedRoot) -> PinnedRoot:
        """Pin a path, or make sure that one pinned before is still the same folder.

        Raises:
            ItError: because it is not a folder that can be seen, or another one by now.
        """
        if isinstance(root, PinnedRoot):
            root.check()
            return root
        return cls.pin(root)

    @property
    def identity(self) -> str:
        """The folder's file id as documents keep it; volume numbers may differ after a restart."""
        return str(self.number)

    def check(self) -> None:
        """The folder under this name is still the pinned one.

        Raises:
            ItError: because it is another one, a link, or gone.
        """
        try:
            seen = os.lstat(openable(self.path))
        except OSError as error:
            raise self._swapped() from error
        pinned = (seen.st_dev, seen.st_ino) == (self.volume, self.number)
        if not pinned or not stat.S_ISDIR(seen.st_mode) or is_link(seen):
            raise self._swapped()

    def _swapped(self) -> ItError:
        return ItError("root-changed", ExitCode.NEEDS_PERSON, place=self.path)


def is_link(seen: os.stat_result) -> bool:
    """A symbolic link, a junction or any other reparse point."""
    attributes = getattr(seen, "st_file_attributes", 0)
    return stat.S_ISLNK(seen.st_mode) or bool(attributes & _REPARSE_POINT)


def resolve(root: PinnedRoot, path: str) -> Path:
    """Where a listed path stands on the disk, its folders spelled as they are there.

    Raises:
        PathRefusedError: because of its name, or of what stands in one of its parents' places.
        ItError: because the root is no longer the pinned one.
    """
    ensure_allowed(path)
    return _below(root, path)


def ensure_allowed(path: str) -> None:
    """Apply the name rules alone.

    Raises:
        PathRefusedError: because of its name.
    """
    if not _allowed(path):
        raise PathRefusedError(path, Refusal.NAME)


def resolve_ours(root: PinnedRoot, path: str) -> Path:
    """The same for a file of our own: a staging name, or a place in the undo folder.

    Raises:
        PathRefusedError: because it is not a name that we give, or of its parents.
        ItError: because the root is no longer the pinned one.
    """
    if not is_staging(path) and not _STORE_PATH.fullmatch(path):
        raise PathRefusedError(path, Refusal.NAME)
    return _below(root, path)


def is_staging(path: str) -> bool:
    """A path whose last part is a staging name and whose folder could be a listed one."""
    folder, _, name = path.rpartition("/")
    return bool(_STAGING_NAME.fullmatch(name)) and (not folder or _allowed(folder))


def exists_as_folder(root: PinnedRoot, path: str) -> bool:
    """Whether a listed folder is there; a file or link in its place is not."""
    try:
        _folder(root, path, path)
    except PathRefusedError:
        return False
    return True


@lru_cache(maxsize=NAMES_REMEMBERED)
def _allowed(path: str) -> bool:
    """The name rules; they depend on nothing but the text, so an answer can be remembered."""
    return not problems_of(path)


def _below(root: PinnedRoot, path: str) -> Path:
    root.check()
    folder, _, name = path.rpartition("/")
    return Path(openable(f"{_folder(root, folder, path)}{os.sep}{name}"))


def _folder(root: PinnedRoot, folder: str, path: str) -> str:
    """Walk down to `folder`; `path` is what the refusal names."""
    current = root.path
    spelled: list[str] = []
    for name in root.spellings.get(folder, folder).split("/") if folder else ():
        real, seen = _entry(current, name, path)
        if is_link(seen):
            raise PathRefusedError(path, Refusal.LINK)
        if not stat.S_ISDIR(seen.st_mode):
            raise PathRefusedError(path, Refusal.NOT_A_FOLDER)
        if seen.st_dev != root.volume:
            raise PathRefusedError(path, Refusal.OTHER_VOLUME)
        spelled.append(real)
        current = f"{current}{os.sep}{real}"
    if folder:
        root.spellings[folder] = "/".join(spelled)
    return current


def _entry(folder: str, name: str, path: str) -> tuple[str, os.stat_result]:
    """One part of the way down: as written, else the one that differs in case only."""
    try:
        return name, os.lstat(openable(f"{folder}{os.sep}{name}"))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise PathRefusedError(path, Refusal.NOT_A_FOLDER) from error
    wanted = fold(name)
    try:
        with os.scandir(openable(folder)) as entries:
            alike = [entry.name for entry in entries if fold(entry.name) == wanted]
        if len(alike) == 1:
            return alike[0], os.lstat(openable(f"{folder}{os.sep}{alike[0]}"))
    except OSError as error:
        raise PathRefusedError(path, Refusal.MISSING_FOLDER) from error
    raise PathRefusedError(path, Refusal.MISSING_FOLDER)
