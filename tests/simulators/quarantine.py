"""Antivirus records in memory; implements `agent.ports.QuarantineRecords`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class SimulatedQuarantine:
    """Paths that a scanner took away; change `paths`."""

    paths: list[Path] = field(default_factory=list)

    def mentions(self, root: Path) -> bool:
        """Whether one of the paths was below `root`."""
        return any(path.is_relative_to(root) for path in self.paths)
