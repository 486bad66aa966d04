"""What POSIX does not have: a registry, and somebody who tells which program holds a file."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.ports import Key, LockHolder, Value


class EmptyRegistry:
    """Implements `agent.ports.Registry`: no key is there."""

    def values(self, key: Key) -> Mapping[str, Value]:
        """See `Registry`."""
        raise FileNotFoundError(errno.ENOENT, "There is no registry", str(key))

    def subkeys(self, key: Key) -> Sequence[str]:
        """See `Registry`."""
        raise FileNotFoundError(errno.ENOENT, "There is no registry", str(key))


class NoLocks:
    """Implements `agent.ports.Locks`: nobody can tell, and an open file is no obstacle here."""

    def holders(self, paths: Sequence[Path]) -> Sequence[LockHolder]:
        """See `Locks`."""
        del paths
        return ()
