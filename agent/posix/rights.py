"""What this user, and what others, may do on POSIX: modes only, no access control lists."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_ROOT = 0


class PosixRights:
    """Implements `agent.ports.Rights`; the superuser takes the place of the administrators."""

    def elevated(self) -> bool:
        """Never: root is an ordinary user to us, on machines where things are developed."""
        return False

    def can_write(self, path: str) -> bool:
        """See `Rights`."""
        return Path(path).is_dir() and os.access(path, os.W_OK | os.X_OK)

    def ordinary_can_write(self, path: str) -> bool:
        """See `Rights`."""
        return _others(path, {_ROOT})

    def ordinary_can_swap(self, path: str) -> bool:
        """See `Rights`; the mode of a folder lets people do both or neither."""
        return self.ordinary_can_write(path)

    def others_can_write(self, path: str) -> bool:
        """See `Rights`."""
        return _others(path, {_ROOT, os.geteuid()})

    def multi_session(self) -> bool:
        """See `Rights`; not told apart here."""
        return False


def _others(path: str, trusted: set[int]) -> bool:
    """Whether somebody who is not trusted owns it, or the mode lets a group or all others in."""
    try:
        seen = Path(path).stat()
    except OSError:
        return True
    shared = stat.S_IWOTH | (stat.S_IWGRP if seen.st_gid != _ROOT else 0)
    return seen.st_uid not in trusted or bool(seen.st_mode & shared)
