"""LOOK: what is on the disk now; one walk, hashing in threads, never a write.

Owns the walk (also used to index raw source folders) and the rule which files are opened. Nothing
below the root is followed out of it: links, junctions and other redirections are reported, not
entered. What cannot be read is a value of the inventory, never an exception.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from agent.hashing import Hashed, hash_many
from agent.manifest.bulk import fold_many
from agent.manifest.names import fold, is_ours
from agent.model import FileSeen, Inventory, Mode, OsProblem, Role
from agent.progress import Stage, Watch
from agent.windows.paths import openable

STRANGE_KEY_PREFIX = "/"
"""Begins the key of what no manifest can list: a name that is not NFC, or a second spelling of the
same name on a disk that tells them apart. No relative path begins with it."""

_REPARSE_POINT = 0x400
"""FILE_ATTRIBUTE_REPARSE_POINT
(https://learn.microsoft.com/windows/win32/fileio/file-attribute-constants)."""
_RECALL = 0x400000 | 0x40000 | 0x1000
"""RECALL_ON_DATA_ACCESS, RECALL_ON_OPEN, OFFLINE: opening it would fetch it from somewhere."""
_NAME_SURROGATE = 0x20000000
"""Set in the reparse tag of whatever stands for another place; not set for deduplicated files
(https://learn.microsoft.com/windows/win32/fileio/reparse-point-tags)."""

_HAS_ATTRIBUTES = hasattr(os.stat_result, "st_file_attributes")
_BY_DESCRIPTOR = os.scandir in os.supports_fd
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(slots=True)
class Tree:
    """What a walk found; every path is relative with ``/`` between the parts, printable."""

    files: list[FileSeen] = field(default_factory=list)
    """Regular files, sorted by path, not read."""
    directories: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """Links, redirections, pipes and devices: seen, neither followed nor opened."""
    unreadable: dict[str, OsProblem] = field(default_factory=dict)
    """Folders, ``""`` for the root, whose list could not be read to its end."""
    real: dict[str, str] = field(default_factory=dict)
    """Printable path to the one on disk, for names that are no valid text."""


def walk(root: str, watch: Watch, *, skip: Container[str] = ()) -> Tree:
    """Everything below a folder but our own files; never raises for what cannot be read.

    Args:
        root: absolute; may itself be a link, which is followed.
        watch: asked per folder whether to stop; told about files.
        skip: relative folders, as on disk, that are not entered.

    Raises:
        Stopped: because somebody asked for it.
    """
    walker = _Walker(root, skip)
    while walker.pending:
        watch.check()
        before = len(walker.tree.files)
        walker.enter(walker.pending.pop())
        watch.advance(files=len(walker.tree.files) - before)
    tree = walker.tree
    tree.files.sort(key=attrgetter("path"))
    tree.directories.sort()
    tree.links.sort()
    return tree


def take(
    root: Path,
    *,
    mode: Mode,
    role_of: Callable[[str], Role],
    to_hash: Container[str] | None,
    watch: Watch,
    threads: int | None = None,
    stage: Stage = Stage.LOOK,
) -> Inventory:
    """Look at an installation.

    Args:
        root: absolute, links in it already resolved.
        mode: a quick look reads no file.
        role_of: the profile's rule; `ignored` files are counted, never opened.
        to_hash: keys of the files that are read in a full look, and that are taken whatever their
            role; None reads every file that is not `ignored`.
        watch: progress and stopping.
        threads: how many read; a good number when not given.
        stage: what progress is told as.

    Raises:
        Stopped: because somebody asked for it.
    """
    watch.start(stage)
    tree = walk(str(root), watch)
    chosen = _Chosen(to_hash, role_of)
    chosen.consider_all(tree.files)
    tree.files.clear()
    bytes_read = 0
    if mode is Mode.FULL:
        watch.start(stage, len(chosen.to_read), chosen.size_to_read)
        bytes_read = chosen.read(str(root), tree.real, watch=watch, threads=threads)
    return Inventory(
        root=root,
        mode=mode,
        files=chosen.files,
        directories=_keyed(tree.directories),
        links=tuple(tree.links),
        unreadable_directories={key_of(path): why for path, why in tree.unreadable.items()},
        ignored=chosen.ignored,
        bytes_read=bytes_read,
        newest_mtime_ns=chosen.newest_mtime_ns,
    )


def key_of(path: str) -> str:
    """The key of a path on disk; one that no manifest can have when its name is not NFC."""
    if path.isascii() or unicodedata.is_normalized("NFC", path):
        return fold(path)
    return STRANGE_KEY_PREFIX + path


def is_redirected(status: os.stat_result) -> bool:
    """Whether this stands for another place, or for bytes that are not on this disk."""
    attributes = getattr(status, "st_file_attributes", 0)
    if attributes & _RECALL:
        return True
    if not attributes & _REPARSE_POINT:
        return False
    tag: int = getattr(status, "st_reparse_tag", 0)
    return tag == 0 or bool(tag & _NAME_SURROGATE)


def keys_of(found: list[FileSeen]) -> list[str]:
    """`key_of` for very many files, in their order."""
    paths = [seen.path for seen in found]
    if all(map(str.isascii, paths)):
        return fold_many(paths)
    return [key_of(path) for path in paths]


@contextmanager
def _listing(place: str, *, follow: bool) -> Iterator[Iterator[os.DirEntry[str]]]:
    """The entries of a folder; on POSIX by descriptor: quicker, and never through a late link.

    Raises:
        OSError: because it cannot be listed.
    """
    if not _BY_DESCRIPTOR:
        with os.scandir(place) as entries:
            yield entries
        return
    descriptor = os.open(place, _FOLDER_FLAGS | (0 if follow else os.O_NOFOLLOW))
    try:
        with os.scandir(descriptor) as entries:
            yield entries
    finally:
        os.close(descriptor)


def _is_listed_as_folder(entry: os.DirEntry[str]) -> bool:
    """What the list of its parent says, where the entry itself cannot be asked."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def with_separator(folder: str) -> str:
    """A folder as the beginning of the paths below it."""
    return folder if folder.endswith(os.sep) else folder + os.sep


class _Walker:
    """The folders still to list and what was found so far."""

    def __init__(self, root: str, skip: Container[str]) -> None:
        self.tree = Tree()
        self.pending = [""]
        self._root, self._base, self._skip = root, with_separator(root), skip

    def enter(self, folder: str) -> None:
        """List one folder, given as on disk."""
        place = self._base + folder if folder else self._root
        try:
            with _listing(openable(place), follow=not folder) as entries:
                self._see(entries, folder + "/" if folder else "")
        except OSError as error:
            self.tree.unreadable[self._shown(folder)] = OsProblem.from_exception(error)

    def _see(self, entries: Iterable[os.DirEntry[str]], below: str) -> None:
        """Sort the entries of one folder; written for speed, a million times run through.

        Raises:
            OSError: because the list broke off.
        """
        files = self.tree.files
        for entry in entries:
            name = entry.name
            path = below + name
            if name[0] == "." and is_ours(path):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # gone since the list was made
            except OSError as error:
                self._cannot_see(entry, self._shown(path), OsProblem.from_exception(error))
                continue
            if S_ISREG(status.st_mode) and not (_HAS_ATTRIBUTES and is_redirected(status)):
                shown = path if path.isascii() else self._shown(path)
                files.append(FileSeen(shown, status.st_size, status.st_mtime_ns))
            else:
                self._see_other(path, status)

    def _see_other(self, path: str, status: os.stat_result) -> None:
        if not S_ISDIR(status.st_mode) or is_redirected(status):
            self.tree.links.append(self._shown(path))
        elif path not in self._skip:
            self.tree.directories.append(self._shown(path))
            self.pending.append(path)

    def _cannot_see(self, entry: os.DirEntry[str], path: str, problem: OsProblem) -> None:
        if _is_listed_as_folder(entry):
            self.tree.directories.append(path)
            self.tree.unreadable[path] = problem
        else:
            self.tree.files.append(FileSeen(path, 0, 0, None, problem))

    def _shown(self, path: str) -> str:
        """The path itself, or a printable one for a name that is no valid text."""
        if path.isascii():
            return path
        shown = path.encode("utf-8", "backslashreplace").decode()
        if shown == path:
            return path
        self.tree.real[shown] = path
        return shown


class _Chosen:
    """Which of the files seen belong to the inventory, and which of those are read."""

    def __init__(self, to_hash: Container[str] | None, role_of: Callable[[str], Role]) -> None:
        self.files: dict[str, FileSeen] = {}
        self.to_read: list[str] = []
        self.size_to_read = 0
        self.ignored = 0
        self.newest_mtime_ns = 0
        self._to_hash, self._role_of = to_hash, role_of

    def consider_all(self, found: list[FileSeen]) -> None:
        """Take files in, in the order of their paths; listed ones, nearly all, the short way."""
        files, read, listed = self.files, self.to_read, self._to_hash
        newest, size = 0, 0
        for seen, key in zip(found, keys_of(found), strict=True):
            if listed is None or key not in listed or key in files or seen.error is not None:
                self._consider(seen, key)
                continue
            files[key] = seen
            read.append(key)
            size += seen.size
            newest = max(newest, seen.mtime_ns)
        self.size_to_read += size
        self.newest_mtime_ns = max(self.newest_mtime_ns, newest)

    def _consider(self, seen: FileSeen, key: str) -> None:
        path = seen.path
        listed = self._to_hash is not None and key in self._to_hash
        role = self._role_of(path)
        if role is Role.IGNORED and not listed:
            self.ignored += 1
            return
        if key in self.files:  # the first spelling stands for the name, the others are strangers
            key, listed = _free_key(path, self.files), False
        self.files[key] = seen
        if seen.mtime_ns > self.newest_mtime_ns and (listed or role is Role.PROGRAM):
            self.newest_mtime_ns = seen.mtime_ns
        if seen.error is None and (listed or self._to_hash is None):
            self.to_read.append(key)
            self.size_to_read += seen.size

    def read(self, root: str, real: dict[str, str], *, watch: Watch, threads: int | None) -> int:
        """Hash the files that are to be read, in place; returns the bytes read."""
        chosen = [self.files[key] for key in self.to_read]
        results = hash_many(
            [real.get(seen.path, seen.path) for seen in chosen],
            [seen.size for seen in chosen],
            base=with_separator(root),
            threads=threads,
            watch=watch,
        )
        for key, seen, result in zip(self.to_read, chosen, results, strict=True):
            self.files[key] = _after(seen, result)
        return sum(result.size for result in results if result.error is None)


def _after(seen: FileSeen, result: Hashed) -> FileSeen:
    if result.error is None:
        return FileSeen(seen.path, result.size, result.mtime_ns, result.sha256)
    return FileSeen(seen.path, seen.size, seen.mtime_ns, None, result.error)


def _keyed(paths: list[str]) -> dict[str, str]:
    keyed: dict[str, str] = {}
    for path in paths:
        key = key_of(path)
        keyed[key if key not in keyed else _free_key(path, keyed)] = path
    return keyed


def _free_key(path: str, taken: Container[str]) -> str:
    key = STRANGE_KEY_PREFIX + path
    while key in taken:
        key = STRANGE_KEY_PREFIX + key
    return key
