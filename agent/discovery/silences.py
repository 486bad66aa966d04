"""Which hosts and folders did not answer in time, so that nobody waits for them again; pure.

One folder that hangs (a link to a dead server, a damaged file) says nothing about its whole disk.
Of two that lie apart the nearest folder around both is taken to be silent: two in one folder make
that folder silent, two at the top of a disk the disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.discovery.interest import parts_of
from agent.manifest.names import fold


@dataclass
class Silences:
    """What is silent in one search."""

    _hosts: set[str] = field(default_factory=set)
    _folders: set[tuple[str, ...]] = field(default_factory=set)

    def has(self, path: str, host: str | None) -> bool:
        """Whether a place is not asked any more.

        Args:
            path: absolute.
            host: of the share that it is on; None on a disk of this PC.
        """
        if host is not None:
            return host in self._hosts
        parts = _parts(path)
        return any(parts[: len(silent)] == silent for silent in self._folders)

    def add(self, path: str, host: str | None) -> None:
        """Note a place that did not answer; arguments as of `has`."""
        if host is not None:
            self._hosts.add(host)
            return
        silent = _parts(path)
        for other in tuple(self._folders):
            shared = _common(silent, other)
            if shared and shared not in {silent, other}:
                self._folders.add(shared)
        self._folders.add(silent)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(fold(part) for part in parts_of(path))


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return one[:count]
