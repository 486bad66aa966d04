"""A process table in memory; implements `agent.ports.ProcessTable`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from agent.model import ProcessSeen


@dataclass
class SimulatedProcessTable:
    """Programs that run; start and end them by changing `names` and `executables`."""

    names: list[str] = field(default_factory=list)
    """Programs of `folder`."""
    folder: str = "C:\\Program"
    executables: list[str | None] = field(default_factory=list)
    """Full paths of further programs; None is one whose path can't be seen."""
    hang_s: float = 0.0
    """Seconds until the list comes."""

    def running(self) -> tuple[ProcessSeen, ...]:
        """Every process, numbered as they were started."""
        if self.hang_s:
            time.sleep(self.hang_s)
        paths = [f"{self.folder}\\{name}" for name in self.names]
        return tuple(
            ProcessSeen(path.rsplit("\\", 1)[-1] if path else "unknown.exe", path, number)
            for number, path in enumerate((*paths, *self.executables), start=1)
        )
