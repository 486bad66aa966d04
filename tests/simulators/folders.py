"""Known folders and variables in memory; implements `agent.ports.Folders`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.ports import KnownFolder


@dataclass
class SimulatedFolders:
    """Change `paths` and `env`."""

    paths: dict[KnownFolder, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    """By name in upper case."""

    def known(self, folder: KnownFolder) -> str | None:
        """See `Folders`."""
        return self.paths.get(folder)

    def variables(self) -> Mapping[str, str]:
        """See `Folders`."""
        return {name.upper(): text for name, text in self.env.items()}
