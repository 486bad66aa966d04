"""A small product, and PCs with their program folder on a mounted file system, state elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.manifest.names import is_ours
from agent.progress import Watch
from agent.state import open_state
from agent.workflow.request import Ports
from agent.workflow.this_pc import real_ports
from tests.disks.images import Volume
from tests.real.practice import EMPTY_FOLDERS, Pc, Product, lay, put, vendor_ns
from tests.unit import workstation

OLD, NEW = "2022.4", "2023.1"
BIG = "gegevens/artikelen.dat"
"""More than one buffer of the copier, many clusters; other bytes in each version."""
BIG_TIMES = 64 * 1024
"""How often the version stands in it."""


def product(base: Path, letter: str = "ë") -> Product:
    """Both versions with their lists; some names have `letter` in them."""
    files = {}
    for version, tree in ((OLD, workstation.OLD), (NEW, workstation.NEW)):
        files[version] = tree | {
            BIG: version.encode() * BIG_TIMES,
            f"help/h{letter}lp over recepten.chm": f"hulp {version}".encode() * 100,
            f"help/pati{letter}nten/overzicht.html": f"{letter} {version}".encode(),
            "leeg.txt": b"",
        }
    return Product.make("medicom", base, files)


@dataclass(frozen=True, kw_only=True)
class DiskPc(Pc):
    """A PC whose program folder is on a volume; `base` holds its state."""

    volume: Volume

    @property
    def root(self) -> Path:
        return self.volume.place / "Zorg" / f"Praktijk {self.volume.kind.letter}"

    @property
    def ports(self) -> Ports:
        state = open_state(self.base / "state", create=True)
        return replace(real_ports(state, Watch()), machine_catalogue=None, ops=self.ops)

    def install(self, version: str, *, without: Iterable[str] = ()) -> DiskPc:
        """Lay a version down, short of some files, with what is this PC's own."""
        gone = set(without)
        lay({p: d for p, d in self.product.files[version].items() if p not in gone}, self.root)
        for path, data in self.own_files.items():
            put(self.root / path, data, vendor_ns(path))
        return self

    def files(self) -> dict[str, tuple[Any, ...]]:
        """See `Pc`; without times where they say nothing."""
        seen = super().files()
        if not math.isinf(self.volume.kind.tick_ns):
            return seen
        return {p: (s[0], 0, *s[2:]) if len(s) > 2 else s for p, s in seen.items()}

    def is_complete(self, version: str) -> bool:
        """Every byte, every folder, and every time as near as this file system can say it."""
        seen = self.files()
        near = self.volume.kind.tick_ns
        right = all(
            path in seen and seen[path][0] == sha and abs(seen[path][1] - vendor_ns(path)) < near
            for path, sha in self.product.content(version).items()
        )
        return right and all(f"{folder}/" in seen for folder in EMPTY_FOLDERS)

    def leftovers(self) -> list[str]:
        """Everything of ours that stands in the installation, the lock apart."""
        return sorted(path for path in self.files() if is_ours(path.rstrip("/")))
