"""What a path given as a source is: a stick, gathered bytes or a raw folder; never the target."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable, Iterator
from itertools import count, islice
from pathlib import Path

from agent.errors import UsageError
from agent.model import SourceKind
from agent.sources.base import Source
from agent.sources.folder import FolderSource
from agent.sources.gathered import GatheredSource, hash_in
from agent.sources.stick import GATHERED, MANIFESTS, MARKER, TREES, StickSource
from agent.windows.paths import openable

MAX_NAMES_LOOKED_AT = 64
"""Of a folder, to see whether it holds bytes named by hash."""

UNC = "\\\\"
"""How a share of another PC begins: such a folder is a colleague's, asked after what is near."""

PROFILE_LABEL = "profile"
"""Stands for the folder of a person in the id of a source."""

_FOLDERS_OF_PROFILES = frozenset({"users", "home"})
_TOP_AND_NAME = 2
"""Parts of a path right below the top of a drive or a share."""
_HASH_FOLDER = re.compile(r"sha256|(?:sha256/)?[0-9a-f]{2}", re.IGNORECASE)


def open_source(
    path: Path,
    *,
    root: Path | None,
    kind: SourceKind | None = None,
    taken: Container[str] = (),
    threads: int | None = None,
) -> Source:
    """The source that stands at a path; one that is not there (now) is unreachable, no error.

    Args:
        path: as given.
        root: of the installation that is the target; None while it is being searched for.
        kind: what it is, where the caller knows; else it is seen from what is in it.
        taken: ids that other sources of this run have.
        threads: how many hash, where hashing is needed.

    Raises:
        UsageError: because it is no folder (``source-not-a-folder``), or is the target or inside
            it (``source-is-target``).
    """
    real = Path(os.path.realpath(path))
    if real.exists() and not real.is_dir():
        raise UsageError("source-not-a-folder", source=str(path))
    if root is not None and any(_same(folder, root) for folder in (real, *real.parents)):
        raise UsageError("source-is-target", source=str(path), root=str(root))
    kind = kind or _kind_of(real)
    if kind is SourceKind.FOLDER and str(path).startswith(UNC):
        kind = SourceKind.PEER
    source_id = _free_id(f"{kind.value}:{_label(path)}", taken)
    if kind is SourceKind.STICK:
        return StickSource(real, source_id)
    if kind is SourceKind.GATHERED:
        inner = real / GATHERED
        return GatheredSource(inner if _is_folder(inner) else real, source_id)
    skip = frozenset(_below(real, root)) if root is not None else frozenset[str]()
    return FolderSource(real, source_id, kind=kind, skip=skip, threads=threads)


def open_sources(
    paths: Iterable[Path], *, root: Path | None, threads: int | None = None
) -> tuple[Source, ...]:
    """The sources at these paths in their order, each with an id of its own.

    Raises:
        UsageError: because one of them cannot be a source.
    """
    sources: dict[str, Source] = {}
    for path in paths:
        source = open_source(path, root=root, taken=sources, threads=threads)
        sources[source.source_id] = source
    return tuple(sources.values())


def _kind_of(path: Path) -> SourceKind:
    """What stands there, by its layout; what cannot be looked at is a folder."""
    try:
        if (path / MARKER).exists() or (_is_folder(path / MANIFESTS) and _is_folder(path / TREES)):
            return SourceKind.STICK
        if _is_folder(path / GATHERED) or _is_named_by_hash(path):
            return SourceKind.GATHERED
    except OSError:
        return SourceKind.FOLDER
    return SourceKind.FOLDER


def _is_named_by_hash(path: Path) -> bool:
    """Whether nothing stands there but bytes named by hash, as far as one looks.

    Raises:
        OSError: because it could not be listed.
    """
    pending, files = [""], 0
    while pending and files < MAX_NAMES_LOOKED_AT:
        folder = pending.pop()
        with os.scandir(openable(str(path / folder))) as entries:
            for entry in islice(entries, MAX_NAMES_LOOKED_AT):
                name = folder + entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                if not (_HASH_FOLDER.fullmatch(name) if is_folder else hash_in(name)):
                    return False
                files += not is_folder
                pending.extend([name + "/"] * is_folder)
    return files > 0


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _same(a: Path, b: Path) -> bool:
    """One folder on one volume, whatever the two paths say; False when one is not there."""
    try:
        return a.samefile(b)
    except OSError:
        return False


def _below(folder: Path, root: Path) -> Iterator[str]:
    """The root as a path below the folder, when it stands there: the target is no source."""
    real = Path(os.path.realpath(root))
    for above in real.parents:
        if _same(above, folder):
            yield real.relative_to(above).as_posix()
            return


def _label(path: Path) -> str:
    """The last part of the path, the letter of a drive: short, and no name of a person."""
    if _is_profile(path):
        return PROFILE_LABEL
    return path.name or path.drive.rstrip(":") or "root"


def _is_profile(path: Path) -> bool:
    """Whether it is the folder of a person, whose name is the last part of the path."""
    if str(path) in {os.path.expanduser("~"), os.path.realpath(os.path.expanduser("~"))}:  # noqa: PTH111 - Path.home() raises where there is none
        return True
    if path.drive.startswith(UNC) and path.drive.casefold().endswith("\\users"):
        return len(path.parts) == _TOP_AND_NAME
    of_all = path.parent.name.casefold() in _FOLDERS_OF_PROFILES
    return of_all and len(path.parts) == _TOP_AND_NAME + 1


def _free_id(source_id: str, taken: Container[str]) -> str:
    """The id itself, or with the first number that makes it another one."""
    if source_id not in taken:
        return source_id
    numbered = (f"{source_id}#{number}" for number in count(2))
    return next(each for each in numbered if each not in taken)
