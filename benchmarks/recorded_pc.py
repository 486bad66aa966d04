"""A PC with the registry and the shortcuts of a usual practice, in memory and in real files.

Hundreds of other programs, services and shortcuts stand around the traces of one installation; the
registry answers at once, as Windows' own does from memory, so what is measured is our own work.
"""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from agent.discovery.probing import Pc
from agent.model import FileId, ProcessSeen
from agent.ports import Drive, DriveKind, Entry, Hive, Key, KnownFolder, Value, ValueKind, View
from agent.posix.disks import PosixDisks
from tests.pc.shortcuts import shortcut
from tests.simulators.folders import SimulatedFolders
from tests.simulators.pc import STANDARD_FOLDERS, STANDARD_VARIABLES
from tests.simulators.processes import SimulatedProcessTable
from tests.simulators.rights import SimulatedRights

UNINSTALL_KEYS, SERVICES, SHORTCUTS, APP_PATHS, MSI_PRODUCTS = 400, 220, 100, 60, 150
PROCESSES = 120
ROOT = "D:\\Praktijk\\PP 2019\\Medicom"
_CURRENT = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
_INSTALLER = f"{_CURRENT}\\Installer\\UserData\\S-1-5-18\\Products"
_SERVICES = "SYSTEM\\CurrentControlSet\\Services"


@dataclass
class RecordedRegistry:
    """Keys by name, each with its values and the names below it; implements `Registry`."""

    held: dict[Key, dict[str, Value]] = field(default_factory=dict)
    below: defaultdict[Key, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def put(self, path: str, view: View = View.BITS_64, /, **values: str) -> None:
        """One key of the machine and its texts; ``default`` is the value without a name."""
        key = _folded(Key(Hive.MACHINE, path, view))
        texts = {("" if n == "default" else n): Value(ValueKind.TEXT, v) for n, v in values.items()}
        self.held.setdefault(key, {}).update(texts)
        while path:
            path, _, name = path.rpartition("\\")
            above = _folded(Key(Hive.MACHINE, path, view))
            self.below[above][name.casefold()] = name
            self.held.setdefault(above, {})

    def values(self, key: Key) -> Mapping[str, Value]:
        """See `Registry`."""
        held = self.held.get(_folded(key))
        if held is None:
            raise FileNotFoundError(errno.ENOENT, "The system cannot find the key", str(key))
        return held

    def subkeys(self, key: Key) -> Sequence[str]:
        """See `Registry`."""
        self.values(key)
        return tuple(self.below[_folded(key)].values())


def _folded(key: Key) -> Key:
    path = key.path.casefold()
    shared = not path.startswith("software")
    return Key(key.hive, path, View.BITS_64 if shared else key.view)


class Drives:
    """Drives ``C:`` and ``D:`` as folders of this disk; implements `Disks`."""

    flavour = PureWindowsPath

    def __init__(self, base: Path) -> None:
        """Each drive is a folder called like its letter."""
        self.base, self._real = base, PosixDisks()

    def drives(self) -> Sequence[Drive]:
        """See `Disks`."""
        return tuple(Drive(f"{letter}:\\", DriveKind.FIXED) for letter in "CD")

    def entry(self, path: str) -> Entry:
        """See `Disks`."""
        return self._real.entry(self._place(path))

    def identity(self, path: str) -> FileId:
        """See `Disks`."""
        return self._real.identity(self._place(path))

    def canonical(self, path: str) -> str:
        """See `Disks`; there are no links here."""
        self.entry(path)
        return path.rstrip("\\")

    def entries(self, path: str) -> Iterator[Entry]:
        """See `Disks`."""
        return self._real.entries(self._place(path))

    def names(self, path: str) -> tuple[list[str], list[str]]:
        """See `Disks`."""
        return self._real.names(self._place(path))

    def read(self, path: str, limit: int) -> bytes:
        """See `Disks`."""
        return self._real.read(self._place(path), limit)

    def sha256(self, path: str) -> str:
        """See `Disks`."""
        return self._real.sha256(self._place(path))

    def local(self, path: str) -> Path:
        """See `Disks`."""
        return Path(self._place(path))

    def _place(self, path: str) -> str:
        if path[1:2] != ":":
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return f"{self.base}/{path[0].upper()}{path[2:].replace(chr(92), '/')}".rstrip("/")

    def write(self, path: str, data: bytes) -> None:
        """A file with the folders above it."""
        place = self.local(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def furnished(base: Path, program: Mapping[str, bytes]) -> Pc:
    """The PC with one installation.

    Args:
        base: empty, or one that was furnished before.
        program: the files of the installation.
    """
    registry, disks = RecordedRegistry(), Drives(base)
    for folder in STANDARD_FOLDERS.values():
        disks.local(folder).mkdir(parents=True, exist_ok=True)
    for path, data in program.items():
        disks.write(f"{ROOT}\\{path}".replace("/", "\\"), data)
    _others(registry, disks)
    _ours(registry, disks)
    running = [
        ProcessSeen(f"prog{n}.exe", f"C:\\Windows\\System32\\prog{n}.exe", n)
        for n in range(PROCESSES)
    ]
    folders = SimulatedFolders(dict(STANDARD_FOLDERS), dict(STANDARD_VARIABLES))
    return Pc(registry, disks, folders, SimulatedProcessTable(running), SimulatedRights())


def _others(registry: RecordedRegistry, disks: Drives) -> None:
    views = (View.BITS_64, View.BITS_32)
    for n in range(UNINSTALL_KEYS):
        folder = f"C:\\Program Files\\Vendor {n % 40}\\Product {n}"
        registry.put(
            f"{_CURRENT}\\Uninstall\\Product {n}", views[n % 2],
            DisplayName=f"Product {n}", Publisher=f"Vendor {n % 40}", InstallLocation=folder,
            DisplayIcon=f"{folder}\\app{n}.exe,0", UninstallString=f'"{folder}\\unins{n}.exe" /S',
        )  # fmt: skip
    for n in range(SERVICES):
        image = f"C:\\Windows\\system32\\svchost{n}.exe -k Group{n % 12}"
        registry.put(f"{_SERVICES}\\Service{n}", ImagePath=image, DisplayName=f"Service {n}")
    for n in range(APP_PATHS):
        program = f"C:\\Program Files\\Vendor {n % 40}\\Product {n}\\app{n}.exe"
        registry.put(f"{_CURRENT}\\App Paths\\app{n}.exe", default=program)
    for n in range(MSI_PRODUCTS):
        properties = f"{_INSTALLER}\\{n:032X}\\InstallProperties"
        registry.put(properties, DisplayName=f"Product {n}", Publisher=f"Vendor {n % 40}")
    for n in range(SHORTCUTS):
        target = f"C:\\Program Files\\Vendor {n % 40}\\Product {n}\\app{n}.exe"
        folder = (KnownFolder.PUBLIC_DESKTOP, KnownFolder.COMMON_START_MENU)[n % 5 != 0]
        disks.write(f"{STANDARD_FOLDERS[folder]}\\Product {n}.lnk", shortcut(target))


def _ours(registry: RecordedRegistry, disks: Drives) -> None:
    main = f"{ROOT}\\medicom.exe"
    registry.put(
        f"{_CURRENT}\\Uninstall\\Medicom", View.BITS_32,
        DisplayName="Medicom", Publisher="PharmaPartners", InstallLocation=ROOT,
    )  # fmt: skip
    registry.put("SOFTWARE\\PharmaPartners\\Medicom", View.BITS_32, Path=ROOT)
    registry.put(f"{_SERVICES}\\MedicomSync", ImagePath=f'"{ROOT}\\medicom.exe" -service')
    registry.put(f"{_CURRENT}\\App Paths\\medicom.exe", default=main)
    disks.write("C:\\Users\\Public\\Desktop\\Medicom.lnk", shortcut(main))
