"""What kind of volume a path is on.

https://learn.microsoft.com/windows/win32/fileio/volume-management-functions
"""

from __future__ import annotations

import ctypes
import os
from ctypes.wintypes import DWORD
from pathlib import Path

from agent.ports import DriveKind
from agent.windows import api, drives
from agent.windows.paths import openable, plain

_PATH_CHARACTERS = 32_768
_NAME_CHARACTERS = 261


class WindowsVolumes:
    """Asks Windows what kind of drive a path is on; a share is never fixed."""

    def is_fixed_local(self, path: Path) -> bool:
        """Whether the path, links followed, is on a disk that is built into this PC.

        A disk on USB is not, though Windows calls it fixed; nor is what can't be told.
        """
        if os.name != "nt":
            return False
        try:
            root = volume_root(os.path.realpath(path))
            with drives.quiet_errors():
                return drives.kind_of(root) is DriveKind.FIXED
        except OSError:
            return False


def volume_root(path: str) -> str:
    r"""Where the volume of a path is mounted: ``C:\``, a folder, or a share, with ``\`` at its end.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumepathnamew

    Args:
        path: absolute.

    Raises:
        OSError: because the system did not say.
    """
    buffer = ctypes.create_unicode_buffer(_PATH_CHARACTERS)
    api.GetVolumePathNameW.succeed(openable(path), buffer, _PATH_CHARACTERS, path=path)
    root = plain(buffer.value)
    return root if root.endswith("\\") else root + "\\"


def file_system(path: str) -> str:
    """The name of the file system that a path is on, in upper case; empty where it does not say.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumeinformationw

    Args:
        path: absolute.
    """
    name = ctypes.create_unicode_buffer(_NAME_CHARACTERS)
    flags = DWORD()
    try:
        with drives.quiet_errors():
            api.GetVolumeInformationW.succeed(
                volume_root(path), None, 0, None, None, ctypes.byref(flags), name, _NAME_CHARACTERS
            )
    except OSError:
        return ""
    return name.value.upper()
