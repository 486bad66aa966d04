"""What a PC can be asked: the protocols between our code and Windows.

Owns the questions and the values that answer them; the answers come from `agent.windows`, on
POSIX from `agent.posix`, and in tests from simulators that obey the same contract tests. What a
repair may write is a port of its own beside the code that writes (`agent.repair.file_ops`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Protocol

from agent.model import FileId, ProcessSeen


class Hive(StrEnum):
    """The roots of the registry that are read."""

    MACHINE = "HKLM"
    """Written by administrators only."""
    USER = "HKCU"
    """Of the user who runs this."""
    USERS = "HKU"
    """One key for each user who is logged on, by SID."""


class View(StrEnum):
    """Which registry a program of 64 or 32 bits sees under one path.

    https://learn.microsoft.com/windows/win32/winprog64/accessing-an-alternate-registry-view
    """

    BITS_64 = "64"
    BITS_32 = "32"


@dataclass(frozen=True, slots=True)
class Key:
    """One registry key; ``Wow6432Node`` is never spelled, the view says it."""

    hive: Hive
    path: str
    """Without a backslash at either end."""
    view: View = View.BITS_64

    def __truediv__(self, name: str) -> Key:
        return Key(self.hive, f"{self.path}\\{name}" if self.path else name, self.view)

    def __str__(self) -> str:
        shown = f"{self.hive.value}\\{self.path}"
        return shown if self.view is View.BITS_64 else f"{shown} (32-bit)"


class ValueKind(StrEnum):
    """The types of a registry value that are told apart."""

    TEXT = "text"
    EXPANDABLE = "expandable"
    """Text with ``%VARIABLES%``."""
    LIST = "list"
    NUMBER = "number"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Value:
    """One registry value as it was read; vendors store the wrong type at times."""

    kind: ValueKind
    data: str | tuple[str, ...] | int | bytes

    @property
    def text(self) -> str | None:
        """The text up to its first NUL, None for every other type; variables not expanded."""
        if self.kind not in (ValueKind.TEXT, ValueKind.EXPANDABLE):
            return None
        return self.data.split("\0", 1)[0] if isinstance(self.data, str) else None


class Registry(Protocol):
    """The registry, read only."""

    def values(self, key: Key) -> Mapping[str, Value]:
        """The values of a key by name; the default value has the name ``""``.

        Raises:
            FileNotFoundError: because there is no such key.
            OSError: because it may not be read (`PermissionError`) or is damaged.
        """
        ...

    def subkeys(self, key: Key) -> Sequence[str]:
        """The names of the keys below a key; raises as `values`."""
        ...


class DriveKind(StrEnum):
    """What sort of disk a drive letter stands for."""

    FIXED = "fixed"
    """Built into this PC: neither the drive type nor the bus says otherwise."""
    REMOVABLE = "removable"
    """Sticks, cards, and fixed-type disks on USB or another outside bus."""
    NETWORK = "network"
    OPTICAL = "optical"
    RAM = "ram"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Drive:
    """One drive of this PC."""

    root: str
    """With separator at the end: ``C:\\``."""
    kind: DriveKind
    ready: bool = True
    """False for an empty card reader, a locked or a vanished drive."""
    alias_of: str | None = None
    """What `subst` or a mapped letter stands for: a folder or a share; None for a real drive."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder as a listing or a look at its path shows it."""

    name: str
    is_directory: bool
    is_link: bool = False
    """Symbolic link, junction or any other reparse point that leads elsewhere."""
    is_placeholder: bool = False
    """Its content is in a cloud: opening it would fetch it."""
    size: int = 0
    """Bytes."""
    mtime_ns: int = 0
    """Nanoseconds since 1970, UTC."""


class Disks(Protocol):
    """Drives and what is on them, read only; paths are absolute text in this PC's own form."""

    @property
    def flavour(self) -> type[PurePath]:
        """How paths are taken apart here: `PureWindowsPath`, on POSIX `PurePosixPath`."""
        ...

    def drives(self) -> Sequence[Drive]:
        """Every drive that has a letter; asks no drive that is not ready for anything."""
        ...

    def entry(self, path: str) -> Entry:
        """What stands there, a link itself and not what it leads to.

        Raises:
            OSError: because nothing does, or it may not be seen.
        """
        ...

    def identity(self, path: str) -> FileId:
        """Which folder or file a path leads to, every link followed; raises as `entry`."""
        ...

    def canonical(self, path: str) -> str:
        """The path that a path leads to: links followed, drive aliases and 8.3 names resolved.

        https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfinalpathnamebyhandlew

        Raises:
            OSError: because nothing stands there, it may not be seen, or links go round.
        """
        ...

    def entries(self, path: str) -> Iterator[Entry]:
        """What a folder holds, in no order; raises as `entry`, also on the way."""
        ...

    def names(self, path: str) -> tuple[list[str], list[str]]:
        """The names of the folders and of the files in a folder, as quickly as it can be had.

        Links, other reparse points and folders that are in a cloud are no folders here; nothing
        is asked of a file. Raises as `entry`.
        """
        ...

    def read(self, path: str, limit: int) -> bytes:
        """A whole small file; never opens a placeholder; shares everything with others.

        Raises:
            OSError: because it can't be read; `EFBIG` because it is larger than `limit` bytes.
        """
        ...

    def sha256(self, path: str) -> str:
        """The content's hash in lower-case hex; raises as `read` but for the size."""
        ...

    def local(self, path: str) -> Path:
        """The same place for code that works with `pathlib` on the system it runs on."""
        ...


class KnownFolder(StrEnum):
    """Folders that Windows knows by name.

    https://learn.microsoft.com/windows/win32/shell/knownfolderid
    """

    WINDOWS = "windows"
    PROGRAM_FILES = "program-files"
    PROGRAM_FILES_X86 = "program-files-x86"
    PROGRAM_DATA = "program-data"
    PUBLIC_DESKTOP = "public-desktop"
    COMMON_START_MENU = "common-start-menu"
    PROFILES = "profiles"
    """The folder that holds one folder for each user: ``C:\\Users``."""
    PROFILE = "profile"
    DESKTOP = "desktop"
    START_MENU = "start-menu"
    DOWNLOADS = "downloads"
    ROAMING = "roaming"
    LOCAL = "local"
    TEMP = "temp"


class Folders(Protocol):
    """Where this PC keeps things, and the variables in its paths."""

    def known(self, folder: KnownFolder) -> str | None:
        """The path of a folder, None where this PC has none."""
        ...

    def variables(self) -> Mapping[str, str]:
        """Environment variables of this process, by name in upper case."""
        ...


class ProcessTable(Protocol):
    """The programs that run on this PC."""

    def running(self) -> Sequence[ProcessSeen]:
        """Every process that can be seen; one that can't is left out."""
        ...


class Rights(Protocol):
    """What this user, and what others, may do here."""

    def elevated(self) -> bool:
        """Whether this run has administrator rights; on POSIX root is an ordinary user to us."""
        ...

    def can_write(self, path: str) -> bool:
        """Whether this user may make files in a folder, asked without writing anything."""
        ...

    def ordinary_can_write(self, path: str) -> bool:
        """Whether users who are no administrator may write a file or into a folder.

        True when it can't be told: what can't be told is not safe.
        """
        ...

    def ordinary_can_swap(self, path: str) -> bool:
        """Whether such users may put another thing in the place of what is in a folder.

        Less than writing there: who may only add can't. True when it can't be told.
        """
        ...

    def others_can_write(self, path: str) -> bool:
        """Whether anybody but this user and administrators may; True when it can't be told."""
        ...

    def multi_session(self) -> bool:
        """Whether several people work on this PC at once (Remote Desktop Services, Citrix)."""
        ...


@dataclass(frozen=True, slots=True)
class LockHolder:
    """A program that has a file open."""

    name: str
    """For people, as Windows names it."""
    pid: int


class Locks(Protocol):
    """Who keeps a file open."""

    def holders(self, paths: Sequence[Path]) -> Sequence[LockHolder]:
        """The programs that have one of these files open; empty where nobody can tell."""
        ...


class QuarantineRecords(Protocol):
    """What antivirus programs wrote down about files that they took away."""

    def mentions(self, root: Path) -> bool:
        """Whether a record names something below a root."""
        ...


class Volumes(Protocol):
    """What kind of disk a path is on."""

    def is_fixed_local(self, path: Path) -> bool:
        """Whether the path is on a disk that is built into this PC."""
        ...
