"""What this user, and what others, may do on this PC.

https://learn.microsoft.com/windows/win32/secauthz/access-control
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agent.ports import Volumes
from agent.windows import api, descriptors, sessions, tokens
from agent.windows.descriptors import ADMINISTRATIVE, Descriptor
from agent.windows.opening import BACKUP_SEMANTICS, opened, quiet_errors
from agent.windows.paths import openable
from agent.windows.volumes import WindowsVolumes

_FILE_OBJECT = 1
_OWNER, _LIST = 0x1, 0x4
_ADD_FILE, _ADD_FOLDER = 0x2, 0x4
"""https://learn.microsoft.com/windows/win32/fileio/file-access-rights-constants"""


class WindowsRights:
    """Implements `agent.ports.Rights`."""

    def __init__(
        self,
        describe: Callable[[str], Descriptor | None] | None = None,
        volumes: Volumes | None = None,
    ) -> None:
        """Take who tells owner and list of a path, and what kind of disk it is on."""
        self._describe = describe or descriptor_of
        self._volumes = volumes or WindowsVolumes()

    def elevated(self) -> bool:
        """See `Rights`; what can't be told is elevated: then less is done."""
        try:
            return tokens.is_elevated()
        except OSError:
            return True

    def can_write(self, path: str) -> bool:
        """See `Rights`; the folder is opened with the right to make files, nothing is made.

        https://learn.microsoft.com/windows/win32/fileio/file-security-and-access-rights
        """
        with suppress(OSError), opened(path, _ADD_FILE | _ADD_FOLDER, flags=BACKUP_SEMANTICS):
            return True
        return False

    def ordinary_can_write(self, path: str) -> bool:
        """See `Rights`; a person's own account counts as an ordinary user."""
        return self._ordinary_have(path, descriptors.WRITING)

    def ordinary_can_swap(self, path: str) -> bool:
        """See `Rights`."""
        return self._ordinary_have(path, descriptors.SWAPPING)

    def _ordinary_have(self, path: str, rights: int) -> bool:
        """A list on a stick or a share names the administrators of another PC: anybody's."""
        found = self._describe(path)
        if found is None or descriptors.others_write(found, rights=rights):
            return True
        return not self._volumes.is_fixed_local(Path(path))

    def others_can_write(self, path: str) -> bool:
        """See `Rights`."""
        found = self._describe(path)
        try:
            trusted = ADMINISTRATIVE | {tokens.user_sid()}
        except (OSError, ValueError):
            trusted = ADMINISTRATIVE
        return found is None or descriptors.others_write(found, trusted)

    def multi_session(self) -> bool:
        """See `Rights`; what can't be told is shared: looking stays possible, writing is not."""
        try:
            return sessions.is_multi_session()
        except OSError:
            return True


def is_elevated() -> bool:
    """Whether this run has administrator rights; on POSIX root is an ordinary user to us."""
    return os.name == "nt" and WindowsRights().elevated()


def descriptor_of(path: str) -> Descriptor | None:
    """Owner and list of a file or folder; None when they can't be told.

    https://learn.microsoft.com/windows/win32/api/aclapi/nf-aclapi-getnamedsecurityinfow

    Args:
        path: absolute; a link is followed.
    """
    pointer = ctypes.c_void_p()
    try:
        with quiet_errors():
            answer = api.GetNamedSecurityInfoW(
                openable(path), _FILE_OBJECT, _OWNER | _LIST,
                None, None, None, None, ctypes.byref(pointer),
            )  # fmt: skip
        if answer != api.NO_ERROR or not pointer.value:
            return None
        try:
            size = api.GetSecurityDescriptorLength(pointer)
            return descriptors.parse(ctypes.string_at(pointer.value, size))
        finally:
            api.LocalFree(pointer)
    except (OSError, ValueError):
        return None
