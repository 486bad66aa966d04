"""A disk of 1.1 million entries as a Windows PC has them: names only, every file is empty."""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.trees import COMPLETE_MARKER, EXTENSIONS, SEED

ENTRIES = 1_100_000
"""Files and folders."""
ENTRIES_PER_FOLDER = 7
"""Entries for every folder, itself among them."""
BRANCHES = 5
"""Folders straight in one folder."""
SHARES = {
    "Windows/WinSxS": 0.30,
    "Windows/System32": 0.14,
    "Windows/servicing": 0.03,
    "Program Files": 0.16,
    "Program Files (x86)": 0.12,
    "ProgramData": 0.06,
    "Users/Eigenaar": 0.10,
    "Users/Balie": 0.03,
    "$Recycle.Bin/S-1-5-21-1": 0.01,
    "Data": 0.05,
}
"""How the entries are spread; a sweep leaves out Windows, the other user and the bin."""
OWN_PROFILE = "Users/Eigenaar"
ROOT = "Praktijk/PP 2019/Medicom"
"""Where the program is."""
MAIN_PROGRAM = "medicom.exe"
FILES = (MAIN_PROGRAM, "bin/agenda.dll", "bin/recepten.dll", "bin/declaratie.dll")
WORDS = ("Common", "Data", "lib", "Resources", "nl-NL", "x64", "Packages", "Cache", "Modules")


@dataclass(frozen=True)
class Disk:
    """The disk that stands there."""

    folder: Path
    entries: int

    @property
    def drive(self) -> Path:
        """The root of the drive."""
        return self.folder / "disk"

    @property
    def root(self) -> Path:
        """The program folder on it."""
        return self.drive / ROOT


def find(folder: Path, entries: int = ENTRIES) -> Disk | None:
    """The disk that was made here before, whole."""
    marker = folder / COMPLETE_MARKER
    if not marker.exists():
        return None
    told = json.loads(marker.read_text(encoding="utf-8"))
    return Disk(folder, told["entries"]) if told["wanted"] == entries else None


def make(folder: Path, entries: int = ENTRIES) -> Disk:
    """The same names every time."""
    shutil.rmtree(folder, ignore_errors=True)
    drive = folder / "disk"
    chance = random.Random(SEED)
    made = sum(_fill(drive / area, int(entries * share), chance) for area, share in SHARES.items())
    for path in FILES:
        place = drive / ROOT / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    disk = Disk(folder, made)
    marker = json.dumps({"wanted": entries, "entries": made})
    (folder / COMPLETE_MARKER).write_text(marker, encoding="utf-8")
    return disk


def _fill(top: Path, wanted: int, chance: random.Random) -> int:
    """Folders below folders, each with some files, until there are as many entries as wanted."""
    top.mkdir(parents=True)
    pending, made = deque([str(top)]), 0
    while made < wanted:
        folder = pending.popleft()
        for number in range(BRANCHES):
            below = f"{folder}/{chance.choice(WORDS)}{number}"
            Path(below).mkdir()
            pending.append(below)
            files = chance.randrange(2 * (ENTRIES_PER_FOLDER - 1))
            for index in range(files):
                Path(f"{below}/component_{index}{chance.choice(EXTENSIONS)}").touch()
            made += 1 + files
    return made


if __name__ == "__main__":
    print(json.dumps(asdict(make(Path(sys.argv[1]))), default=str))
