"""The seven PCs: who they are, where the program stands on them, and what is theirs alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from agent.demo.software import NEW_VERSION, OLD_VERSION, Software

STANDARD_FOLDER = "C/PharmaPartners"
"""Where the notice said the program is."""


class Damage(StrEnum):
    """What happened to a PC on 2 January."""

    NONE = "none"
    """Nothing was deleted: it has the newest version."""
    SWITCHED_OFF = "switched-off"
    """It was off during the clean-up."""
    CLEANED = "cleaned"
    HALF_UPDATED = "half-updated"
    """An update stopped halfway, and then it was cleaned."""
    TRUNCATED = "truncated"
    """Cleaned, and a file was cut off."""


@dataclass(frozen=True)
class Pc:
    """One workstation of the practice."""

    name: str
    folder: str
    """The program folder below the PC's own folder."""
    version: str
    damage: Damage
    base: Path = Path()
    """The folder that is this PC; set when it is built."""

    @property
    def root(self) -> Path:
        """The program folder."""
        return self.base / self.folder

    @property
    def standard(self) -> bool:
        """Whether the program is where the notice said."""
        return self.folder == STANDARD_FOLDER

    @property
    def settings(self) -> Mapping[str, bytes]:
        """What is this PC's own."""
        text = f"[werkplek]\nnaam={self.name}\nprinter=\\\\SERVER\\{self.name}-printer\n"
        return {
            "instellingen/werkplek.ini": text.encode(),
            "instellingen/koppelingen.ini": f"[labor]\npoort={len(self.name)}\n".encode(),
        }


PRACTICE = (
    Pc("BALIE-1", STANDARD_FOLDER, OLD_VERSION, Damage.CLEANED),
    Pc("BALIE-2", "D/Praktijk/PP 2019/Medicom", OLD_VERSION, Damage.CLEANED),
    Pc("SPREEKKAMER-1", STANDARD_FOLDER, NEW_VERSION, Damage.NONE),
    Pc("SPREEKKAMER-2", "D/PharmaPartners", OLD_VERSION, Damage.SWITCHED_OFF),
    Pc("LAB", STANDARD_FOLDER, OLD_VERSION, Damage.HALF_UPDATED),
    Pc("APOTHEEK", "E/Programma's/Pharmacom", OLD_VERSION, Damage.TRUNCATED),
    Pc("KANTOOR", "C/Zorg/één map dieper/PharmaPartners", OLD_VERSION, Damage.CLEANED),
)


def build(software: Software, folder: Path) -> tuple[Pc, ...]:
    """Install every PC below `folder`, each with its own settings."""
    built = tuple(replace(pc, base=folder / pc.name) for pc in PRACTICE)
    for pc in built:
        software.write(pc.version, pc.root)
        for path, data in pc.settings.items():
            target = pc.root / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
    return built


def settings_intact(pc: Pc) -> bool:
    """Whether this PC still has its own settings, byte for byte."""
    return all((pc.root / path).read_bytes() == data for path, data in pc.settings.items())


def content(root: Path) -> dict[str, tuple[str, int]]:
    """Everything below a folder: path to SHA-256 and modification time in nanoseconds.

    Worked out without the engine: the demo looks with its own eyes.
    """
    found: dict[str, tuple[str, int]] = {}
    pending = [""]
    while pending:
        below = pending.pop()
        with os.scandir(f"{root}/{below}") as entries:
            for entry in entries:
                path = below + entry.name
                if entry.is_dir(follow_symlinks=False):
                    pending.append(path + "/")
                else:
                    found[path] = _read(entry.path)
    return found


def _read(place: str) -> tuple[str, int]:
    with open(place, "rb", buffering=0) as file:  # noqa: PTH123 - twice as fast as through a Path
        return hashlib.sha256(file.readall()).hexdigest(), os.fstat(file.fileno()).st_mtime_ns
