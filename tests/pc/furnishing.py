"""From a description to what stands on the disks and in the registry of that PC; writes nothing.

`Furniture` is what `simulated` and `inside_windows` have in common: plain Windows paths, bytes,
registry lines. A path that starts with ``~`` is below the profile of the user who runs the search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from agent.ports import Hive, Key, View
from tests.pc.damage import damaged
from tests.pc.describing import PROFILE, Description, File, Program, Shortcut, at_profile
from tests.pc.products import MAIN, made_at, settings
from tests.pc.shortcuts import shortcut
from tests.pc.traces import TRACES, Place

_VIEW_32 = " (32-bit)"


@dataclass(frozen=True, slots=True)
class Put:
    """One file."""

    data: bytes
    mtime: float | None = None
    """Seconds since 1970; None for now."""


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """One registry value, or an empty key when `data` is None."""

    key: Key
    name: str
    data: str | list[str] | int | bytes | None
    expandable: bool = False


@dataclass
class Furniture:
    """Everything that stands on one PC."""

    profile: str
    """Folder of the user who runs the search."""
    files: dict[str, Put] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    registry: list[RegistryLine] = field(default_factory=list)
    running: list[str] = field(default_factory=list)

    def put(self, path: str, data: bytes, mtime: float | None = None) -> None:
        """Add one file; the last one of a name stays."""
        self.files[self.at(path)] = Put(data, mtime)

    def value(self, key: str, name: str, data: Any) -> None:
        """Add one registry value as a description writes it."""
        expandable = isinstance(data, dict) and "expand" in data
        if isinstance(data, dict):
            data = data["expand"] if expandable else bytes.fromhex(data["binary"])
        if isinstance(data, str):
            data = self.at(data)
        self.registry.append(RegistryLine(key_of(key), name, data, expandable))

    def has_key(self, key: str) -> bool:
        """Whether a key was added already."""
        return any(line.key == key_of(key) for line in self.registry)

    def at(self, path: str) -> str:
        """A path with the user's profile filled in."""
        return at_profile(path, self.profile)


def key_of(text: str) -> Key:
    r"""``HKLM\SOFTWARE\X (32-bit)`` as a key."""
    view = View.BITS_32 if text.endswith(_VIEW_32) else View.BITS_64
    hive, _, path = text.removesuffix(_VIEW_32).partition("\\")
    return Key(Hive(hive), path, view)


def furnish(pc: Description, profile: str) -> Furniture:
    """Work out what stands on a PC.

    Args:
        pc: the description.
        profile: folder of the user who runs the search.
    """
    room = Furniture(profile, running=list(pc.running))
    room.folders += [room.at(folder) for folder in pc.folders]
    for program in pc.programs:
        _install(room, program)
    for key, values in pc.registry.items():
        if not values:
            room.registry.append(RegistryLine(key_of(key), "", None))
        for name, data in values.items():
            room.value(key, name, data)
    for one in pc.shortcuts:
        room.put(one.at, _shortcut(one, room))
    for file in pc.files:
        room.put(file.at, _text(file, room))
    return room


def _install(room: Furniture, program: Program) -> None:
    product, version = program.holds.split()
    root = room.at(program.at).rstrip("\\")
    if program.state != "gone":
        _lay(room, program, product, version, root)
    place = Place(product, version, root, MAIN[product])
    for trace in program.traces:
        TRACES[trace](room, place)


def _lay(room: Furniture, program: Program, product: str, version: str, root: str) -> None:
    for path, data in damaged(product, version, program.state).items():
        room.put(_join(root, path), data, made_at(version))
    used = program.used or datetime.fromtimestamp(made_at(version), UTC).date()
    at_noon = datetime.combine(used, time(12), UTC).timestamp()
    for path, data in settings(product).items():
        room.put(_join(root, path), data, at_noon)
    room.folders += _folders(root, damaged(product, version, "whole"))


def _folders(root: str, paths: Iterable[str]) -> list[str]:
    """A clean-up takes files, never folders."""
    inside = {path.rpartition("/")[0] for path in paths}
    return sorted({root, *(_join(root, folder) for folder in inside if folder)})


def _join(root: str, path: str) -> str:
    return root + "\\" + path.replace("/", "\\")


def _text(file: File, room: Furniture) -> bytes:
    text = file.text.replace(PROFILE + "\\", room.profile + "\\") * file.copies
    return text.replace("\n", "\r\n").encode(file.encoding)


def _shortcut(one: Shortcut, room: Furniture) -> bytes:
    return shortcut(room.at(one.to), kind=one.kind, made_on=one.made_on)
