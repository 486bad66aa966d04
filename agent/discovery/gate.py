"""The only way to the disks while folders are judged: cleaned paths, time boxes, no strangers.

Owns four promises. A share is asked within `Limits.share_s` and, once silent, never again in this
search. All questions together take at most `Limits.looks_s`, those to shares half of it. An
elevated run touches no share whose host is not configured, and follows no link that an ordinary
user could have made, for it may lead to one. A cloud placeholder is never opened.
"""

from __future__ import annotations

import math
import ntpath
import posixpath
import re
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import PurePath, PureWindowsPath
from typing import TypeVar

from agent.discovery import command_lines
from agent.discovery.asking import Asker, SilentError
from agent.discovery.command_lines import host_of
from agent.discovery.links import leads_astray
from agent.discovery.probing import Inquiry
from agent.discovery.silences import Silences
from agent.ports import Disks, Drive, DriveKind, KnownFolder
from agent.profiles.patterns import fold

HOST_NOT_CONFIGURED = "host-not-configured"
SHARE_SILENT = "share-silent"
DISK_SILENT = "disk-silent"
DRIVE_NOT_READY = "drive-not-ready"
LINK_OPEN_TO_ALL = "link-open-to-all"
NO_ACCESS = "no-access"
BUDGET = "budget"

_LONG_UNC = re.compile(r"^\\\\[?.]\\UNC\\", re.IGNORECASE)
_LONG = re.compile(r"^(?:\\\\[?.]|\\\?\?)\\(?=[A-Za-z]:)")
_DEVICE = re.compile(r"^\\\\[?.]\\")

Answer = TypeVar("Answer")


def is_share(path: str) -> bool:
    r"""Whether a path is on another computer by its own words; ``\?\`` begins a local one."""
    return command_lines.is_share(path) and not _DEVICE.match(path)


class RefusedError(Exception):
    """A place is not touched, or did not answer; never leaves the search."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gate:
    """The disks of one search."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.disks: Disks = inquiry.pc.disks
        self._inquiry = inquiry
        self._silences = Silences()
        self._asked_s = {False: 0.0, True: 0.0}
        """Seconds spent on questions, by whether they were put to a share."""
        self._drives_told = True
        self._asker = Asker()
        self._pure: dict[str, PurePath] = {}

    # Paths.

    def clean(self, path: str) -> str | None:
        """An absolute path in this PC's own form, None for what is none."""
        windows = issubclass(self.disks.flavour, PureWindowsPath)
        if windows:
            path = _LONG.sub("", _LONG_UNC.sub(r"\\\\", path.strip()))
            if _DEVICE.match(path):
                return None
        if "\0" in path or not self.pure(path).is_absolute():
            return None
        return ntpath.normpath(path) if windows else posixpath.normpath(path)

    def pure(self, path: str) -> PurePath:
        """A path that can be taken apart; the same ones are asked for over and over."""
        known = self._pure.get(path)
        if known is None:
            known = self._pure[path] = self.disks.flavour(path)
        return known

    def inside(self, path: str, folder: str) -> bool:
        """Whether a path is a folder or lies below it, by name."""
        here, above = self._key(path), self._key(folder)
        return here == above or here.startswith(above + "/")

    @staticmethod
    def _key(path: str) -> str:
        return fold(path.replace("\\", "/")).rstrip("/")

    def too_high(self, path: str) -> bool:
        """Whether a folder holds a whole system, so that it can't be a program's root."""
        pure = self.pure(path)
        if pure.parent == pure and not is_share(path):
            return self._drive(path) is None or self._alias(path) is None
        windows = self._inquiry.pc.folders.known(KnownFolder.WINDOWS)
        if windows is not None and self.inside(path, windows):
            return True
        return self._key(path) in self._standard_folders

    @cached_property
    def _standard_folders(self) -> frozenset[str]:
        known = (self._inquiry.pc.folders.known(folder) for folder in KnownFolder)
        return frozenset(self._key(path) for path in known if path)

    # Drives and shares.

    @cached_property
    def drives(self) -> Mapping[str, Drive]:
        """The drives of this PC by letter and colon; none when the PC does not say in time."""
        told = self._inquiry.drives
        self._drives_told = told is not None
        return told or {}

    def _drive(self, path: str) -> Drive | None:
        return self.drives.get(path[:2].upper()) if path[1:2] == ":" else None

    def _alias(self, path: str) -> str | None:
        drive = self._drive(path)
        return drive.alias_of if drive is not None else None

    def _share(self, path: str) -> str | None:
        """The share that a path leads to by its own words or through a mapped letter."""
        if is_share(path):
            return path
        alias = self._alias(path)
        return alias if alias is not None and is_share(alias) else None

    def is_network(self, path: str) -> bool:
        """Whether a path is on another computer."""
        drive = self._drive(path)
        mapped = drive is not None and drive.kind is DriveKind.NETWORK
        return mapped or self._share(path) is not None

    def is_removable(self, path: str) -> bool:
        """Whether a path is on a disk that is carried about."""
        drive = self._drive(path)
        return drive is not None and drive.kind in {DriveKind.REMOVABLE, DriveKind.OPTICAL}

    def refusal(self, path: str) -> str | None:
        """Why a path is not touched, None when it may be; touches nothing but links on the way."""
        drive = self._drive(path)
        if drive is not None and not drive.ready:
            return DRIVE_NOT_READY
        if not self._inquiry.elevated:
            return None
        if not self._drives_told and not is_share(path):
            return DISK_SILENT
        if self.is_network(path):
            share = self._share(path)
            known = share is not None and host_of(share) in self._inquiry.hosts
            return None if known else HOST_NOT_CONFIGURED
        return self._open_link(path)

    def _open_link(self, path: str) -> str | None:
        return LINK_OPEN_TO_ALL if leads_astray(self._inquiry, path) else None

    # Asking.

    def ask(
        self, path: str, question: Callable[[], Answer], *, folder: str | None = None
    ) -> Answer:
        """Ask the disks something about a place, within its time box.

        Args:
            path: the place.
            question: what is asked.
            folder: what is taken to be silent when no answer comes; the place by default.

        Raises:
            RefusedError: because the place may not be touched, or is silent.
            OSError: as the question.
        """
        network, host = self.is_network(path), self._host(path)
        silent = SHARE_SILENT if network else DISK_SILENT
        if self._silences.has(path, host):
            raise RefusedError(silent)
        limits = self._inquiry.limits
        left = self._left(network=network)
        if left <= 0:
            raise RefusedError(BUDGET)

        def asked() -> Answer:
            reason = self.refusal(path)
            if reason is not None:
                raise RefusedError(reason)
            return question()

        seconds = limits.share_s if network else limits.look_s + limits.share_s
        started = time.monotonic()
        try:
            return self._asker.ask(asked, min(seconds, left))
        except SilentError:
            if left < seconds:
                raise RefusedError(BUDGET) from None
            self._silences.add(folder or path, host)
            raise RefusedError(silent) from None
        finally:
            self._asked_s[network] += time.monotonic() - started

    def _left(self, *, network: bool) -> float:
        """Seconds of the budget; dead servers never use up the time for disks of this PC."""
        budget = self._inquiry.limits.looks_s
        left = budget - math.fsum(self._asked_s.values())
        return min(left, budget / 2 - self._asked_s[True]) if network else left

    def _host(self, path: str) -> str | None:
        """What a share is silent with: its host, else the letter that leads to it."""
        if not self.is_network(path):
            return None
        share = self._share(path)
        return (host_of(share) or share) if share is not None else self.pure(path).anchor.upper()
