"""Run by Windows Python: make described PCs real one after the other, search each, print JSON.

``python -m tests.pc.inside_windows CATALOGUE FILE…`` prints one line a description: its name and
what was answered about each product, or what went wrong. Drives and shares stand already; files
and registry values are written here and taken back before the next PC, so that one start of
Windows Python serves all of them. Works under Windows only.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import winreg
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any

import msgspec

from agent.discovery.finding import find
from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, Pc, Sought
from agent.ports import Drive, Hive, KnownFolder, View
from agent.progress import Watch
from agent.windows.disks import WindowsDisks
from agent.windows.folders import WindowsFolders
from agent.windows.paths import openable
from agent.windows.processes import SystemProcessTable
from agent.windows.registry import WindowsRegistry
from agent.windows.rights import WindowsRights
from tests.pc.describing import Description, read
from tests.pc.furnishing import Furniture, RegistryLine, furnish
from tests.pc.judging import answers
from tests.pc.products import sought

FOREIGN_DRIVE = "Z:"
"""In a Wine prefix the whole Linux machine: no drive of the PC."""
HIVES = {
    Hive.MACHINE: winreg.HKEY_LOCAL_MACHINE,
    Hive.USER: winreg.HKEY_CURRENT_USER,
    Hive.USERS: winreg.HKEY_USERS,
}
VIEWS = {View.BITS_64: winreg.KEY_WOW64_64KEY, View.BITS_32: winreg.KEY_WOW64_32KEY}


class _Disks(WindowsDisks):
    """The real ones, but for the drive that no PC has."""

    def drives(self) -> Sequence[Drive]:
        return [one for one in super().drives() if not one.root.startswith(FOREIGN_DRIVE)]


def main(arguments: Sequence[str]) -> None:
    """Search every described PC."""
    catalogue, *files = map(Path, arguments)
    products = sought(catalogue)
    for file in files:
        started = time.monotonic()
        line: dict[str, Any] = {"pc": file.stem}
        try:
            line["answers"] = msgspec.to_builtins(search(read(file), products))
        except Exception as error:  # noqa: BLE001 - the others are still to be searched
            line["error"] = repr(error)
        line["took_s"] = round(time.monotonic() - started, 3)
        print(json.dumps(line), flush=True)  # noqa: T201 - a program of its own


def search(pc: Description, products: Sequence[Sought]) -> dict[str, Any]:
    """Make one PC real, search it, and take it away."""
    folders, disks = WindowsFolders(), _Disks()
    profile = folders.known(KnownFolder.PROFILE) or "C:\\"
    ports = Pc(WindowsRegistry(), disks, folders, SystemProcessTable(), WindowsRights())
    inquiry = Inquiry(
        pc=ports,
        sought=tuple(products),
        configured=pc.configured,
        hosts=frozenset(pc.hosts),
        elevated=pc.elevated,
        limits=Limits(),
    )
    with standing(furnish(pc, profile)):
        return answers(find(inquiry, watch=Watch()), pc, disks, profile)


@contextmanager
def standing(furniture: Furniture) -> Iterator[None]:
    """Files and registry of one PC, while the block runs."""
    made = _Made()
    try:
        for folder in furniture.folders:
            made.folder(folder)
        for path, put in furniture.files.items():
            made.file(path, put.data, put.mtime)
        for line in furniture.registry:
            made.value(line)
        yield
    finally:
        made.take_back()


@dataclass
class _Made:
    """What was made for one PC, in order."""

    places: list[str] = field(default_factory=list)
    """Highest folder or file of each that was not there before."""
    keys: list[tuple[Hive, str, View]] = field(default_factory=list)
    values: list[tuple[RegistryLine, tuple[Any, int] | None]] = field(default_factory=list)
    """Values, and what stood there before."""

    def folder(self, path: str) -> None:
        missing = [str(p) for p in _upwards(path) if not os.path.lexists(openable(p))]
        for folder in reversed(missing):
            Path(openable(folder)).mkdir()
        self.places += missing[-1:]

    def file(self, path: str, data: bytes, mtime: float | None) -> None:
        self.folder(str(PureWindowsPath(path).parent))
        if not os.path.lexists(openable(path)):
            self.places.append(path)
        Path(openable(path)).write_bytes(data)
        if mtime is not None:
            os.utime(openable(path), (mtime, mtime))

    def value(self, line: RegistryLine) -> None:
        hive, view = HIVES[line.key.hive], VIEWS[line.key.view]
        self._note_missing_keys(line)
        access = winreg.KEY_ALL_ACCESS | view
        with winreg.CreateKeyEx(hive, line.key.path, 0, access) as key:
            if line.data is None:
                return
            before = None
            with suppress(FileNotFoundError):
                before = winreg.QueryValueEx(key, line.name)
            self.values.append((line, before))
            winreg.SetValueEx(key, line.name, 0, _kind(line), line.data)

    def take_back(self) -> None:
        for line, before in reversed(self.values):
            hive, view = HIVES[line.key.hive], VIEWS[line.key.view]
            with winreg.OpenKey(hive, line.key.path, 0, winreg.KEY_ALL_ACCESS | view) as key:
                if before is None:
                    winreg.DeleteValue(key, line.name)
                else:
                    winreg.SetValueEx(key, line.name, 0, before[1], before[0])
        for hive_name, path, view_name in reversed(self.keys):
            winreg.DeleteKeyEx(HIVES[hive_name], path, VIEWS[view_name])
        for place in reversed(self.places):
            if Path(place).is_dir():
                shutil.rmtree(_extended(place))
            else:
                Path(place).unlink(missing_ok=True)

    def _note_missing_keys(self, line: RegistryLine) -> None:
        parts = line.key.path.split("\\")
        for count in range(1, len(parts) + 1):
            path = "\\".join(parts[:count])
            if not _is_key(HIVES[line.key.hive], path, VIEWS[line.key.view]):
                self.keys.append((line.key.hive, path, line.key.view))
                winreg.CreateKeyEx(
                    HIVES[line.key.hive], path, 0, winreg.KEY_ALL_ACCESS | VIEWS[line.key.view]
                ).Close()


def _extended(path: str) -> str:
    """The path in the form that takes names below it of more than 260 characters."""
    return "\\\\?\\UNC" + path[1:] if path.startswith("\\\\") else "\\\\?\\" + path


def _upwards(path: str) -> Iterator[str]:
    """The path, then each folder above it, the root of its drive left out."""
    pure = PureWindowsPath(path)
    yield from (str(one) for one in (pure, *pure.parents) if one != one.parent)


def _is_key(hive: int, path: str, view: int) -> bool:
    try:
        winreg.OpenKey(hive, path, 0, winreg.KEY_READ | view).Close()
    except FileNotFoundError:
        return False
    return True


def _kind(line: RegistryLine) -> int:
    if isinstance(line.data, str):
        return winreg.REG_EXPAND_SZ if line.expandable else winreg.REG_SZ
    if isinstance(line.data, list):
        return winreg.REG_MULTI_SZ
    return winreg.REG_DWORD if isinstance(line.data, int) else winreg.REG_BINARY


if __name__ == "__main__":
    main(sys.argv[1:])
