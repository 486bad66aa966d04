"""One simulated Windows PC: every port of a search, with the folders that every Windows has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from agent.discovery.probing import Pc
from agent.ports import KnownFolder
from tests.simulators.disks import SimulatedDisks
from tests.simulators.folders import SimulatedFolders
from tests.simulators.processes import SimulatedProcessTable
from tests.simulators.registry import SimulatedRegistry
from tests.simulators.rights import SimulatedRights

USER = "balie"
"""Name of the user who is logged on."""
USER_SID = "S-1-5-21-1000-2000-3000-1001"
PROFILE = f"C:\\Users\\{USER}"
STANDARD_FOLDERS = {
    KnownFolder.WINDOWS: "C:\\Windows",
    KnownFolder.PROGRAM_FILES: "C:\\Program Files",
    KnownFolder.PROGRAM_FILES_X86: "C:\\Program Files (x86)",
    KnownFolder.PROGRAM_DATA: "C:\\ProgramData",
    KnownFolder.PUBLIC_DESKTOP: "C:\\Users\\Public\\Desktop",
    KnownFolder.COMMON_START_MENU: "C:\\ProgramData\\Microsoft\\Windows\\Start Menu",
    KnownFolder.PROFILES: "C:\\Users",
    KnownFolder.PROFILE: PROFILE,
    KnownFolder.DESKTOP: f"{PROFILE}\\Desktop",
    KnownFolder.START_MENU: f"{PROFILE}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu",
    KnownFolder.DOWNLOADS: f"{PROFILE}\\Downloads",
    KnownFolder.ROAMING: f"{PROFILE}\\AppData\\Roaming",
    KnownFolder.LOCAL: f"{PROFILE}\\AppData\\Local",
    KnownFolder.TEMP: f"{PROFILE}\\AppData\\Local\\Temp",
}
STANDARD_VARIABLES = {
    "SYSTEMROOT": "C:\\Windows",
    "WINDIR": "C:\\Windows",
    "SYSTEMDRIVE": "C:",
    "PROGRAMFILES": "C:\\Program Files",
    "PROGRAMFILES(X86)": "C:\\Program Files (x86)",
    "PROGRAMDATA": "C:\\ProgramData",
    "PUBLIC": "C:\\Users\\Public",
    "USERPROFILE": PROFILE,
    "APPDATA": f"{PROFILE}\\AppData\\Roaming",
    "LOCALAPPDATA": f"{PROFILE}\\AppData\\Local",
    "TEMP": f"{PROFILE}\\AppData\\Local\\Temp",
}
GUARDED = {
    "C:\\Windows",
    "C:\\Program Files",
    "C:\\Program Files (x86)",
    "C:\\Users\\Public\\Desktop",
    "C:\\ProgramData\\Microsoft\\Windows\\Start Menu",
}
"""Where only administrators write, as Windows is installed."""


@dataclass
class SimulatedPc:
    """Drive C: with the usual folders; everything else is put there by the test."""

    base: Path
    registry: SimulatedRegistry = field(default_factory=SimulatedRegistry)
    folders: SimulatedFolders = field(
        default_factory=lambda: SimulatedFolders(dict(STANDARD_FOLDERS), dict(STANDARD_VARIABLES))
    )
    processes: SimulatedProcessTable = field(default_factory=SimulatedProcessTable)
    rights: SimulatedRights = field(
        default_factory=lambda: SimulatedRights(guarded=set(GUARDED), private={PROFILE})
    )
    disks: SimulatedDisks = field(init=False)

    def __post_init__(self) -> None:
        self.disks = SimulatedDisks(self.base)
        self.disks.add_drive("C")
        for folder in STANDARD_FOLDERS.values():
            self.disks.folder(folder)

    @property
    def pc(self) -> Pc:
        """The ports."""
        return Pc(self.registry, self.disks, self.folders, self.processes, self.rights)
