"""What a probe may touch on the disks: no share of a stranger, no drive that is not ready.

An elevated run that opens a UNC path logs its account on to whoever answers there, and a server
that is gone keeps the caller waiting for a minute. So probes ask the disks through `Reach` only,
and an elevated run follows no link that ordinary users could have made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.discovery.command_lines import host_of, is_share
from agent.discovery.links import leads_astray
from agent.discovery.probing import Inquiry, Log
from agent.ports import Drive, DriveKind, Entry


class Reach:
    """The disks of one inquiry, as far as they may be touched."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._disks = inquiry.pc.disks
        self._hosts = inquiry.hosts
        self._inquiry = inquiry

    @property
    def _drives(self) -> Mapping[str, Drive]:
        """Empty while the PC does not say which it has: then no letter is touched."""
        return self._inquiry.drives or {}

    @property
    def _untold(self) -> bool:
        return self._inquiry.drives is None

    def has_letter(self, path: str) -> bool:
        """Whether this logon knows the drive letter of a path; True for a path without letter."""
        return path[1:2] != ":" or self._untold or path[:2].upper() in self._drives

    def fixed_roots(self) -> tuple[str, ...]:
        """The roots of the drives that are built in and ready; no alias of another."""
        drives = self._drives.values()
        return tuple(
            d.root for d in drives if d.kind is DriveKind.FIXED and d.ready and d.alias_of is None
        )

    def is_bare_drive(self, path: str) -> bool:
        """Whether a path leads to a whole disk, or nowhere because it is not absolute.

        A share, and a letter that stands for a folder or a share, may be a program folder.
        """
        pure = self._disks.flavour(path)
        if not pure.is_absolute():
            return True
        if len(pure.parts) > 1 or is_share(path):
            return False
        drive = self._drives.get(path[:2].upper())
        return drive is None or (drive.alias_of is None and drive.kind is not DriveKind.NETWORK)

    def allowed(self, path: str) -> bool:
        """Whether a path may be touched at all."""
        return self._may_be_named(path) and not self._leads_astray(path)

    def open_to_all(self, path: str) -> bool:
        """Whether ordinary users may write there; True where that may not be asked.

        Asking for the rights on a share of a stranger would log on to it.
        """
        return not self.allowed(path) or self._inquiry.pc.rights.ordinary_can_write(path)

    def _leads_astray(self, path: str) -> bool:
        return self._inquiry.elevated and leads_astray(self._inquiry, path)

    def _may_be_named(self, path: str) -> bool:
        """Whether the words of a path forbid nothing."""
        if is_share(path):
            return host_of(path) in self._hosts
        if path[1:2] != ":":
            return True
        drive = self._drives.get(path[:2].upper())
        if drive is None or not drive.ready:
            return False
        if drive.alias_of is not None and is_share(drive.alias_of):
            return host_of(drive.alias_of) in self._hosts
        return drive.kind is not DriveKind.NETWORK

    def stands(self, path: str) -> bool | None:
        """Whether something stands there; None when it was not looked at or can't be told.

        On a drive that is not ready, or that this logon does not have, it can't be told.
        """
        if not self.allowed(path):
            return None
        try:
            self._disks.entry(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return None
        return True

    def _is_far(self, path: str) -> bool:
        drive = self._drives.get(path[:2].upper())
        if is_share(path) or self._untold:
            return True
        return drive is not None and drive.kind is DriveKind.NETWORK

    def canonical(self, path: str) -> str:
        """A path without 8.3 names, the path itself where that can't be told.

        What is gone keeps its name below the nearest folder that is there.
        """
        flavour = self._disks.flavour(path)
        if not self.allowed(path):
            return path
        for parent in (flavour, *flavour.parents):
            try:
                known = self._disks.canonical(str(parent))
            except OSError:
                continue
            return str(self._disks.flavour(known) / flavour.relative_to(parent))
        return path

    def entries(self, folder: str, log: Log) -> Iterator[Entry]:
        """What a folder holds, as far as it may be listed; a folder that is not there is empty."""
        if not self._may_be_named(folder):
            if self._is_far(folder):
                log.trouble(folder, "on-a-share")
            return
        if self._leads_astray(folder):
            log.trouble(folder, "link-open-to-all")
            return
        log.looked(folder)
        try:
            yield from self._disks.entries(folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            log.trouble(folder, error)

    def read(self, path: str, limit: int, log: Log) -> bytes | None:
        """A small file whole, None where it can't be read or is larger than `limit` bytes."""
        if not self.allowed(path):
            return None
        log.looked(path)
        try:
            return self._disks.read(path, limit)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.trouble(path, error)
            return None

    def below(
        self, folder: str, log: Log, *, depth: int, limit: int
    ) -> Iterator[tuple[str, Entry]]:
        """Files below a folder, breadth first, with their paths; no link is followed.

        Args:
            folder: absolute.
            log: where what was looked at is noted.
            depth: levels of folders below it.
            limit: entries that are seen at most.
        """
        level, seen = [folder], 0
        for left in range(depth, -1, -1):
            deeper: list[str] = []
            for place in level:
                for entry in self.entries(place, log):
                    seen += 1
                    if seen > limit:
                        log.trouble(folder, "too-many-entries")
                        return
                    path = str(self._disks.flavour(place) / entry.name)
                    if entry.is_directory and left and not entry.is_link:
                        deeper.append(path)
                    elif not entry.is_directory:
                        yield path, entry
            level = deeper
