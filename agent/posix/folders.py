"""Where a POSIX system keeps what Windows keeps in its known folders.

https://specifications.freedesktop.org/basedir-spec/latest/
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.ports import KnownFolder


@dataclass(frozen=True)
class PosixFolders:
    """Implements `agent.ports.Folders`; most of those folders are not there."""

    home: Path = field(default_factory=Path.home)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def known(self, folder: KnownFolder) -> str | None:
        """See `Folders`."""
        below_home = {KnownFolder.PROFILE: "", KnownFolder.DESKTOP: "Desktop"}
        below_home[KnownFolder.DOWNLOADS] = "Downloads"
        if folder in below_home:
            return str(self.home / below_home[folder])
        if folder is KnownFolder.LOCAL:
            return self.environment.get("XDG_DATA_HOME") or str(self.home / ".local/share")
        if folder is KnownFolder.ROAMING:
            return self.environment.get("XDG_CONFIG_HOME") or str(self.home / ".config")
        return tempfile.gettempdir() if folder is KnownFolder.TEMP else None

    def variables(self) -> Mapping[str, str]:
        """See `Folders`."""
        return {name.upper(): text for name, text in self.environment.items()}
