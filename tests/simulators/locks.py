"""Who keeps files open, in memory; implements `agent.ports.Locks`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.ports import LockHolder


@dataclass
class SimulatedLocks:
    """Change `held`: path to the programs that have it open."""

    held: dict[Path, list[LockHolder]] = field(default_factory=dict)

    def holders(self, paths: Sequence[Path]) -> tuple[LockHolder, ...]:
        """See `Locks`."""
        found = (holder for path in paths for holder in self.held.get(path, ()))
        return tuple(dict.fromkeys(found))
