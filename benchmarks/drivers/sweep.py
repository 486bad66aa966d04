"""Our own sweep over one drive, to the end or to the first folder of the program."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, Pc, Sought
from agent.discovery.sweep import sweep
from agent.ports import Drive, DriveKind, KnownFolder
from agent.posix.absent import EmptyRegistry
from agent.posix.disks import PosixDisks
from agent.posix.rights import PosixRights
from agent.profiles.loading import read_all
from agent.progress import Watch
from agent.windows.processes import SystemProcessTable
from benchmarks.windows_disk import MAIN_PROGRAM, OWN_PROFILE

SECONDS = 600.0


class OneDrive(PosixDisks):
    """The real disk, of which one folder is a drive."""

    def __init__(self, root: Path, until: str | None) -> None:
        """Remember the drive, and the folder at which this program is to end."""
        self.root, self.until = root, until

    def drives(self) -> Sequence[Drive]:
        """See `Disks`."""
        return (Drive(f"{self.root}/", DriveKind.FIXED),)

    def names(self, path: str) -> tuple[list[str], list[str]]:
        """See `Disks`; ends the program where it was to end."""
        folders, files = super().names(path)
        if self.until == path and MAIN_PROGRAM in files:
            tell(1)
            os._exit(0)
        return folders, files


class Places:
    """Where this drive has the folders of Windows; implements `Folders`."""

    def __init__(self, root: Path, *, prune: bool) -> None:
        """Without pruning it has none."""
        below = {KnownFolder.WINDOWS: "Windows", KnownFolder.PROFILES: "Users"}
        below[KnownFolder.PROFILE] = OWN_PROFILE
        self._known = {folder: f"{root}/{path}" for folder, path in below.items() if prune}

    def known(self, folder: KnownFolder) -> str | None:
        """See `Folders`."""
        return self._known.get(folder)

    def variables(self) -> dict[str, str]:
        """See `Folders`."""
        return {}


def main() -> None:
    """Sweep, and say how many program folders were found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--until")
    parser.add_argument("--everything", action="store_true")
    given = parser.parse_args()
    disks = OneDrive(given.root, given.until)
    places = Places(given.root, prune=not given.everything)
    pc = Pc(EmptyRegistry(), disks, places, SystemProcessTable(), PosixRights())
    sought = tuple(Sought(one) for one in read_all() if one.name == "medicom")
    inquiry = Inquiry(pc, sought, limits=Limits(sweep_s=SECONDS))
    found, report = sweep(inquiry, sought, watch=Watch())
    if not report.complete:
        sys.exit("the sweep did not come to its end")
    tell(len(found), report.entries)


def tell(found: int, entries: int = 0) -> None:
    """What was done, for the benchmark."""
    print(json.dumps({"files": found, "entries": entries}), flush=True)


main()
