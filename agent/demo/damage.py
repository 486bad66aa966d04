"""What the clean-up of 2 January did, and what else was wrong on some PCs.

This is the only place that deletes program files, in folders that the demo made itself.
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


def break_practice(pcs: tuple[Pc, ...], software: Software) -> None:
    """Do to each PC what its `damage` says."""
    for pc in pcs:
        if pc.damage is Damage.HALF_UPDATED:
            _update_halfway(pc.root, software)
        if pc.damage in {Damage.CLEANED, Damage.HALF_UPDATED, Damage.TRUNCATED}:
            _clean_up(pc.root, software)
        if pc.damage is Damage.TRUNCATED:
            _cut_off(pc, software)


def _clean_up(root: Path, software: Software) -> None:
    """Delete every program file whose path the newest version does not need."""
    needed = software.versions[NEW_VERSION]
    for versions in software.versions.values():
        for path in versions:
            if path not in needed:
                (root / path).unlink(missing_ok=True)
    for folder, _, _ in os.walk(root, topdown=False):
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
