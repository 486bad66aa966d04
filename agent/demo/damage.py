"""What the clean-up of 2 January did, and what else was wrong on some PCs.

What the clean-up deletes is moved to a wastebasket outside the PCs, all below the demo's folder: on
ext4 every new file is slow for a minute after thousands were deleted, for the file system passes
over each number that was in use until just now.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from agent.demo.practice import Damage, Pc
from agent.demo.software import NEW_VERSION, VENDOR_TIME, Software

HALF = 0.5
"""Share of the new version's files that the stopped update had put down."""
CUT_FILES = 1
"""Files that are cut off."""
SEED = 2023


def break_practice(pcs: tuple[Pc, ...], software: Software, wastebasket: Path) -> None:
    """Do to each PC what its `damage` says.

    Args:
        pcs: all of them, whole.
        software: what is installed on them.
        wastebasket: folder that is made for what is deleted.
    """
    for pc in pcs:
        if pc.damage is Damage.HALF_UPDATED:
            _update_halfway(pc.root, software)
        if pc.damage in {Damage.CLEANED, Damage.HALF_UPDATED, Damage.TRUNCATED}:
            _clean_up(pc, software, wastebasket / pc.name)
        if pc.damage is Damage.TRUNCATED:
            _cut_off(pc, software)


def _clean_up(pc: Pc, software: Software, wastebasket: Path) -> None:
    """Take away every program file whose path the newest version does not need."""
    wastebasket.mkdir(parents=True)
    needed = software.versions[NEW_VERSION]
    for number, path in enumerate(software.versions[pc.version]):
        if path not in needed:
            (pc.root / path).rename(wastebasket / str(number))
    for folder, _, _ in os.walk(pc.root, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()


def _update_halfway(root: Path, software: Software) -> None:
    """Put down half of the new version, as an update does that stops."""
    new = software.versions[NEW_VERSION]
    chosen = random.Random(SEED).sample(sorted(new), int(len(new) * HALF))
    for path in chosen:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(new[path])
        os.utime(target, (VENDOR_TIME, VENDOR_TIME))


def _cut_off(pc: Pc, software: Software) -> None:
    """Cut files in half that the clean-up left."""
    listed = software.versions[pc.version]
    left = sorted(path for path in listed if (pc.root / path).is_file())
    for path in random.Random(SEED).sample(left, min(CUT_FILES, len(left))):
        os.truncate(pc.root / path, len(listed[path]) // 2)
