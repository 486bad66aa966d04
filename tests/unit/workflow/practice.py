"""A workstation on a simulated Windows PC: the search is simulated, everything after it is real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.pc import SimulatedPc
from tests.unit.workstation import (
    EMPTY,
    OLD,
    SETTINGS,
    Said,
    lay,
    werkplek,
    workstation,
)

ROOT = r"D:\Praktijk\PP 2019\Medicom"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Medicom"
SERVICE = r"HKLM\SYSTEM\CurrentControlSet\Services\MedicomService"


class Practice:
    """A workstation whose program folder is on drive D: of a simulated PC."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pc = SimulatedPc(base / "windows")
        self.pc.disks.add_drive("D")
        self.station = workstation(base, monkeypatch)
        self.station.overrides["pc"] = self.pc.pc
        self.station.know()
        self.root = self.pc.disks.local(ROOT)
        self.pc.rights.private.add(str(self.station.state / "finds"))

    def install(self, tree: dict[str, bytes] = OLD, path: str = ROOT) -> Path:
        place = lay(self.pc.disks.local(path), {**tree, **SETTINGS})
        (place / EMPTY).mkdir(exist_ok=True)
        self.pc.disks.forget_names()
        return place

    def register(self, path: str = ROOT) -> None:
        self.pc.registry.put(UNINSTALL, "InstallLocation", path)
        self.pc.registry.put(UNINSTALL, "DisplayName", "Medicom")
        self.pc.registry.put(SERVICE, "ImagePath", f'"{path}\\medicom.exe" -service')

    def as_host(self, **more: Any) -> None:
        host = replace(self.station.ports().host, **more)
        self.station.overrides["host"] = host

    def do(self, verb: str, *more: object, json: bool = True) -> Said:
        options = ["--state", str(self.station.state), "--catalogue", str(self.station.lists)]
        return werkplek(verb, *options, *(["--json"] if json else []), *more)
