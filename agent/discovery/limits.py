"""Time boxes, caps and budgets of a search."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much a search may look; a test or the command line gives others."""

    probe_s: float = 5.0
    """Seconds that one probe gets; what it found until then counts."""
    look_s: float = 5.0
    """Seconds that looking into one candidate on a disk of this PC may take."""
    share_s: float = 2.0
    """The same on a share: a dead server answers after a minute."""
    looks_s: float = 30.0
    """Seconds that all looks into candidates take together, a sweep not counted."""
    evidence_per_probe: int = 2_000
    """Pieces of evidence after which a probe is ended."""
    registry_depth: int = 4
    """Levels of keys below a vendor's key."""
    registry_keys: int = 50_000
    """Keys that one probe opens."""
    shortcut_bytes: int = 1 << 20
    """A larger ``.lnk`` is not read."""
    shortcuts: int = 5_000
    """Shortcuts that are read."""
    ini_bytes: int = 4 << 20
    """A larger ini file is not read."""
    task_bytes: int = 1 << 20
    """A larger description of a scheduled task is not read."""
    candidates: int = 200
    """Folders that are looked into; the ones named most often come first."""
    removable: bool = False
    """Whether a sweep also goes over sticks and cards."""
    sweep_s: float = 120.0
    """Seconds of a sweep over the disks."""
    sweep_entries: int = 5_000_000
    """Files and folders that a sweep sees."""
