"""Windows drives over folders of the system the tests run on; implements `agent.ports.Disks`.

Names are compared without case; junctions, aliases, short names, placeholders, denied and hanging
places are attributes. Everything that was opened or listed is remembered, so that a test can say
that something was never touched.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from agent.model import FileId
from agent.ports import Drive, DriveKind, Entry

_SEPARATOR = "\\"
MAX_HOPS = 40
"""Links that are followed before they are said to go round."""


@dataclass
class SimulatedDisks:
    """Drives ``C:\\`` and shares ``\\\\HOST\\Share`` of one PC; change any attribute."""

    base: Path
    links: dict[str, str] = field(default_factory=dict)
    """Junctions and symbolic links: path to what it leads to."""
    placeholders: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    """Paths that may not be seen, with everything below."""
    hangs: set[str] = field(default_factory=set)
    """Places that answer after `hang_s` only, with everything below."""
    hang_s: float = 30.0
    short_names: dict[str, str] = field(default_factory=dict)
    """``C:\\PHARMA~1`` to the long path."""
    opened: list[str] = field(default_factory=list)
    """Every path that was asked for, as it was asked for."""
    contents: list[str] = field(default_factory=list)
    """Those whose bytes were asked for."""
    flavour: type[PureWindowsPath] = PureWindowsPath
    _drives: dict[str, Drive] = field(default_factory=dict)
    _shares: dict[str, Path] = field(default_factory=dict)
    _names: dict[str, dict[str, str]] = field(default_factory=dict)

    def add_drive(
        self,
        letter: str,
        kind: DriveKind = DriveKind.FIXED,
        *,
        ready: bool = True,
        alias_of: str | None = None,
    ) -> Path:
        """A drive, and the folder that is its root here."""
        self._drives[letter.upper()] = Drive(f"{letter.upper()}:\\", kind, ready, alias_of)
        place = self.base / letter.lower()
        if alias_of is None:
            place.mkdir(parents=True, exist_ok=True)
        return place

    def add_share(self, unc: str) -> Path:
        """A share, and the folder that is its root here."""
        name = unc.rstrip("\\").casefold()
        place = self.base / "unc" / name.strip("\\").replace("\\", "+")
        place.mkdir(parents=True, exist_ok=True)
        self._shares[name] = place
        return place

    def folder(self, path: str) -> Path:
        """Make a folder and all above it; gives its place here."""
        made = self.local(path)
        made.mkdir(parents=True, exist_ok=True)
        self._names.clear()
        return made

    def write(self, path: str, data: bytes, mtime: float | None = None) -> Path:
        """Make a file and all folders above it; gives its place here."""
        self.folder(str(PureWindowsPath(path).parent))
        made = self.local(path)
        made.write_bytes(data)
        if mtime is not None:
            os.utime(made, (mtime, mtime))
        self._names.clear()
        return made

    def forget_names(self) -> None:
        """After a test changed folders behind our back."""
        self._names.clear()

    # What the port asks.

    def drives(self) -> tuple[Drive, ...]:
        """See `Disks`."""
        return tuple(self._drives[letter] for letter in sorted(self._drives))

    def entry(self, path: str) -> Entry:
        """See `Disks`."""
        self._touch(path)
        parent, name = self._parent(path)
        shown = self._known_name(parent, name)
        above = self._follow(parent + _SEPARATOR).rstrip(_SEPARATOR)
        if name and self._link_at(f"{above}\\{name}") is not None:
            return Entry(shown, is_directory=True, is_link=True)
        return self._entry(path, shown, self._existing(self._follow(path)))

    def identity(self, path: str) -> FileId:
        """See `Disks`."""
        self._touch(path)
        seen = self._existing(self.canonical(path)).stat()
        return FileId(seen.st_dev, seen.st_ino)

    def canonical(self, path: str) -> str:
        """See `Disks`."""
        self._touch(path)
        followed = self._follow(path)
        self._existing(followed)
        anchor, parts = _split(followed)
        shown: list[str] = []
        for part in parts:
            shown.append(self._known_name(_join(anchor, shown), part))
        return _join(anchor, shown)

    def entries(self, path: str) -> Iterator[Entry]:
        """See `Disks`."""
        self._touch(path)
        followed = self._follow(path)
        place = self._existing(followed)
        if not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "The directory name is invalid", path)
        above = followed.rstrip(_SEPARATOR)
        listed = {entry.name for entry in os.scandir(place)}
        for name in sorted(listed | set(self._links_in(above))):
            inside = f"{above}\\{name}"
            if self._link_at(inside) is not None:
                yield Entry(name, is_directory=True, is_link=True)
            else:
                yield self._entry(inside, name, place / name)

    def names(self, path: str) -> tuple[list[str], list[str]]:
        """See `Disks`."""
        folders: list[str] = []
        files: list[str] = []
        for entry in self.entries(path):
            if not entry.is_directory:
                files.append(entry.name)
            elif not entry.is_link and not entry.is_placeholder:
                folders.append(entry.name)
        return folders, files

    def read(self, path: str, limit: int) -> bytes:
        """See `Disks`."""
        self._touch(path)
        place = self._opened(path)
        if place.stat().st_size > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return place.read_bytes()

    def sha256(self, path: str) -> str:
        """See `Disks`."""
        self._touch(path)
        with self._opened(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def local(self, path: str) -> Path:
        """See `Disks`; also of what is not there yet."""
        return self._resolve(self._follow(path))

    # How it is done.

    def _opened(self, path: str) -> Path:
        self.contents.append(path)
        place = self._existing(self._follow(path))
        if place.is_dir():
            raise PermissionError(errno.EACCES, "Access is denied", path)
        if _below_any(path, self.placeholders):
            raise OSError(errno.EIO, "The cloud file provider is not running", path)
        return place

    def _entry(self, path: str, name: str, place: Path) -> Entry:
        seen = place.lstat()
        is_directory = place.is_dir()
        return Entry(
            name,
            is_directory,
            is_placeholder=_below_any(path, self.placeholders),
            size=0 if is_directory else seen.st_size,
            mtime_ns=seen.st_mtime_ns,
        )

    def _touch(self, path: str) -> None:
        self.opened.append(path)
        if _below_any(path, self.hangs):
            time.sleep(self.hang_s)

    def _existing(self, path: str) -> Path:
        place = self._resolve(path)
        if not place.exists():
            raise FileNotFoundError(errno.ENOENT, "The system cannot find the path", path)
        return place

    def _follow(self, path: str) -> str:
        """Links, aliases and short names resolved, part by part."""
        hops = 0
        anchor, parts = _split(path)
        done: list[str] = []
        while True:
            drive = self._drives.get(anchor[:1].upper()) if anchor[1:2] == ":" else None
            if drive is not None and drive.alias_of is not None:
                target, rest = drive.alias_of, parts
            elif parts:
                done.append(parts[0])
                here = _join(anchor, done)
                parts = parts[1:]
                found = self._link_at(here) or _lookup(self.short_names, here)
                if found is None:
                    continue
                target, rest = found, parts
            else:
                return _join(anchor, done)
            hops += 1
            if hops > MAX_HOPS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            anchor, above = _split(target)
            parts, done = [*above, *rest], []

    def _resolve(self, path: str) -> Path:
        anchor, parts = _split(path)
        if anchor[1:2] == ":":
            drive = self._drives.get(anchor[0].upper())
            if drive is None:
                raise FileNotFoundError(errno.ENOENT, "The system cannot find the drive", path)
            if not drive.ready:
                raise PermissionError(errno.EACCES, "The device is not ready", path)
            place = self.base / anchor[0].lower()
        else:
            share = self._shares.get(anchor.casefold())
            if share is None:
                raise FileNotFoundError(errno.ENOENT, "The network path was not found", path)
            place = share
        if _below_any(path, self.denied):
            raise PermissionError(errno.EACCES, "Access is denied", path)
        for part in parts:
            place = self._child(place, part)
        return place

    def _child(self, place: Path, part: str) -> Path:
        exact = place / part
        if os.path.lexists(exact):
            return exact
        names = self._names.get(str(place))
        if names is None:
            try:
                names = {entry.name.casefold(): entry.name for entry in os.scandir(place)}
            except OSError:
                return exact
            self._names[str(place)] = names
        return place / names.get(part.casefold(), part)

    def _known_name(self, parent: str, name: str) -> str:
        try:
            return self._child(self._resolve(self._follow(parent)), name).name if name else parent
        except OSError:
            return name

    def _parent(self, path: str) -> tuple[str, str]:
        anchor, parts = _split(path)
        if not parts:
            return anchor, ""
        return _join(anchor, parts[:-1]).rstrip("\\"), parts[-1]

    def _link_at(self, path: str) -> str | None:
        return _lookup(self.links, path)

    def _links_in(self, folder: str) -> Iterator[str]:
        for link in self.links:
            parent, name = self._parent(link)
            if parent.casefold().rstrip("\\") == folder.casefold():
                yield name


def _split(path: str) -> tuple[str, list[str]]:
    pure = PureWindowsPath(path)
    if not pure.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "The path is not absolute", path)
    anchor = pure.drive
    return anchor, [part for part in pure.parts[1:] if part != "."]


def _join(anchor: str, parts: list[str]) -> str:
    return anchor + "\\" + "\\".join(parts) if parts else _bare(anchor)


def _bare(anchor: str) -> str:
    return anchor + "\\"


def _lookup(table: dict[str, str], path: str) -> str | None:
    key = path.casefold().rstrip("\\")
    return next((v for k, v in table.items() if k.casefold().rstrip("\\") == key), None)


def _below_any(path: str, places: set[str]) -> bool:
    here = path.casefold().rstrip("\\")
    for place in places:
        above = place.casefold().rstrip("\\")
        if here == above or here.startswith(above + "\\"):
            return True
    return False
