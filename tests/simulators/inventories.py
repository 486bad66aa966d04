"""Manifests and inventories in memory: start from a complete folder, then break one thing.

A `Folder` holds paths and content as a disk does, is changed by its methods, and gives the
inventory that a look at it would give. `known_manifest` makes the list that the same content would
have.

    old = known_manifest({"bin/app.exe": b"1"}, version="1.0")
    folder = Folder.of(old)
    folder.delete("bin/app.exe")
    comparison = compare(old, folder.inventory())
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from agent.manifest.names import fold
from agent.model import (
    FileSeen,
    Inventory,
    KnownManifest,
    Manifest,
    ManifestFile,
    Mode,
    OsProblem,
    Role,
    Trust,
)

ROOT = Path("program")
"""No folder of any disk: judging only hands it on."""
CREATED = "2022-12-20T10:00:00Z"
MTIME_NS = 1_669_799_592_000_000_000
"""2022-11-30T09:13:12Z."""
NO_ACCESS = OsProblem(13, 5, "Access is denied")
CRC = OsProblem(13, 23, "Data error (cyclic redundancy check)")


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a file, by what a look sees of it."""

    sha256: str
    size: int

    @classmethod
    def of(cls, data: Content | bytes | str) -> Content:
        """The content of a file; text is taken as UTF-8."""
        if isinstance(data, Content):
            return data
        raw = data.encode() if isinstance(data, str) else data
        return cls(hashlib.sha256(raw).hexdigest(), len(raw))


Tree = Mapping[str, Content | bytes | str]
"""Path to content."""


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder above any of the paths, the root left out."""
    found: set[str] = set()
    for path in paths:
        above = path.rpartition("/")[0]
        while above and above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found


def known_manifest(
    tree: Tree,
    *,
    version: str = "1.0",
    product: str = "generic",
    sequence: int | None = None,
    stamp: str | None = None,
    directories: Collection[str] | None = None,
    settings: Collection[str] = (),
    ignored: Collection[str] = (),
    optional: Collection[str] = (),
    withdrawn: Collection[str] = (),
    trust: Trust = Trust.INSTALLED,
    check_code: str = "0000-0000-0000",
) -> KnownManifest:
    """What a version with this content must look like, as the catalogue hands it out.

    Args:
        tree: every listed file; those named in `settings` and `ignored` get that role.
        directories: required folders; None takes the folders above the files.
        withdrawn: hashes; files with them are left out, as the catalogue does.
    """
    roles = dict.fromkeys(settings, Role.SETTINGS) | dict.fromkeys(ignored, Role.IGNORED)
    files = tuple(
        ManifestFile(
            path=path,
            sha256=(content := Content.of(data)).sha256,
            size=content.size,
            role=roles.get(path, Role.PROGRAM),
            optional=path in optional,
        )
        for path, data in sorted(tree.items())
    )
    required = sorted(folders_of(tree) if directories is None else directories)
    manifest = Manifest(
        product=product,
        version=version,
        created=CREATED,
        origin="made in a test",
        files=files,
        directories=tuple(required),
        sequence=msgspec.UNSET if sequence is None else sequence,
        stamp=msgspec.UNSET if stamp is None else stamp,
        withdrawn=tuple(sorted(withdrawn)),
    )
    return KnownManifest(
        manifest=manifest,
        trust=trust,
        place="a test",
        check_code=check_code,
        files={fold(file.path): file for file in files if file.sha256 not in withdrawn},
        directories={fold(path): path for path in required},
    )


@dataclass
class Folder:
    """A program folder in memory; change it by its methods or its attributes."""

    files: dict[str, Content] = field(default_factory=dict)
    directories: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    unreadable: dict[str, OsProblem] = field(default_factory=dict)
    """Files that are there and can't be read."""
    unreadable_directories: dict[str, OsProblem] = field(default_factory=dict)
    """Folders that are there and can't be listed; ``""`` is the root."""
    settings: set[str] = field(default_factory=set)
    """Files that a look lists and never opens."""
    unhashed: set[str] = field(default_factory=set)
    """Files that a full look did not read, for whatever reason."""
    mtimes: dict[str, int] = field(default_factory=dict)
    """Nanoseconds since 1970, where not `MTIME_NS`."""
    ignored: int = 0

    @classmethod
    def of(cls, source: KnownManifest | Tree) -> Folder:
        """A folder that is complete: exactly what a manifest lists, or the given content."""
        if not isinstance(source, KnownManifest):
            files = {path: Content.of(data) for path, data in source.items()}
            return cls(files, folders_of(files))
        listed = [file for file in source.files.values() if file.role is not Role.IGNORED]
        files = {file.path: Content(file.sha256, file.size) for file in listed}
        folders = folders_of(files) | set(source.directories.values())
        settings = {file.path for file in listed if file.role is Role.SETTINGS}
        return cls(files, folders, settings=settings)

    def delete(self, *paths: str) -> None:
        """Take files away; their folders stay, as after a clean-up."""
        for path in paths:
            del self.files[path]

    def delete_directory(self, path: str) -> None:
        """Take a folder away with all that is in it."""
        inside = (path, path + "/")
        self.files = {p: c for p, c in self.files.items() if not p.startswith(inside[1])}
        self.directories = {
            d for d in self.directories if d != path and not d.startswith(inside[1])
        }

    def change(self, path: str, data: Content | bytes | str = b"other bytes") -> None:
        """Other bytes in a file that is there."""
        if path not in self.files:
            raise KeyError(path)
        self.files[path] = Content.of(data)

    def add(self, path: str, data: Content | bytes | str = b"strange bytes") -> None:
        """A file that was not there, with the folders above it."""
        self.files[path] = Content.of(data)
        self.directories |= folders_of([path])

    def add_directory(self, path: str) -> None:
        """An empty folder."""
        self.directories |= {path} | folders_of([path])

    def make_unreadable(self, path: str, problem: OsProblem = NO_ACCESS) -> None:
        """A file that is there but can't be opened or read."""
        if path not in self.files:
            raise KeyError(path)
        self.unreadable[path] = problem

    def make_directory_unreadable(self, path: str, problem: OsProblem = NO_ACCESS) -> None:
        """A folder that can't be listed: nobody sees what is in it."""
        self.unreadable_directories[path] = problem

    def replace_by_directory(self, path: str) -> None:
        """An empty folder where a file stood."""
        self.delete(path)
        self.add_directory(path)

    def replace_by_link(self, path: str) -> None:
        """A link where a file or a folder stood; nobody follows it."""
        if path in self.directories:
            self.delete_directory(path)
        else:
            self.delete(path)
        self.links.add(path)

    def inventory(self, mode: Mode = Mode.FULL) -> Inventory:
        """What a look at this folder gives."""
        files = {
            fold(path): self._seen(path, content, mode)
            for path, content in self.files.items()
            if not self._is_hidden(path)
        }
        program = [seen.mtime_ns for seen in files.values() if seen.path not in self.settings]
        return Inventory(
            root=ROOT,
            mode=mode,
            files=files,
            directories={fold(d): d for d in self.directories if not self._is_hidden(d)},
            links=tuple(sorted(self.links)),
            unreadable_directories={
                fold(path): problem for path, problem in self.unreadable_directories.items()
            },
            ignored=self.ignored,
            bytes_read=sum(seen.size for seen in files.values() if seen.sha256),
            newest_mtime_ns=max(program, default=0),
        )

    def _seen(self, path: str, content: Content, mode: Mode) -> FileSeen:
        problem = self.unreadable.get(path)
        opened = mode is Mode.FULL and path not in self.settings and path not in self.unhashed
        return FileSeen(
            path=path,
            size=content.size,
            mtime_ns=self.mtimes.get(path, MTIME_NS),
            sha256=content.sha256 if opened and problem is None else None,
            error=problem,
        )

    def _is_hidden(self, path: str) -> bool:
        return "" in self.unreadable_directories or any(
            path.startswith(folder + "/") for folder in self.unreadable_directories
        )


def numbered(
    count: int,
    say: Callable[[int], str] = "content {}".format,
    folder: str = "bin",
    ext: str = "dat",
) -> dict[str, str]:
    """As many files as asked for: ``bin/0000.dat`` and on, each with content of its own."""
    return {f"{folder}/{number:04}.{ext}": say(number) for number in range(count)}
