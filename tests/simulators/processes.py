"""A process table in memory; implements `agent.ports.ProcessTable`."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.model import ProcessSeen


@dataclass
class SimulatedProcessTable:
    """Programs that run; start and end them by changing `names`."""

    names: list[str] = field(default_factory=list)
    folder: str = "C:\\Program"

    def running(self) -> tuple[ProcessSeen, ...]:
        """Every process, numbered as they were started."""
        return tuple(
            ProcessSeen(name, f"{self.folder}\\{name}", number)
            for number, name in enumerate(self.names, start=1)
        )
