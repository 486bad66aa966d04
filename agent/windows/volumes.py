"""What kind of volume a path is on.

https://learn.microsoft.com/windows/win32/fileio/volume-management-functions
"""

from __future__ import annotations

import ctypes
import os
from ctypes.wintypes import DWORD
from pathlib import Path

from agent.ports import DriveKind, KnownFolder
from agent.windows import api, drives, opening
from agent.windows.folders import WindowsFolders
from agent.windows.paths import openable, plain

_PATH_CHARACTERS = 32_768
_NAME_CHARACTERS = 261
UNTOLD_BUSES = frozenset({None, 0, 15})
"""The driver does not say, an unknown one, and an image file that was mounted.

https://learn.microsoft.com/windows-hardware/drivers/ddi/ntddstor/ne-ntddstor-storage_bus_type
"""


class WindowsVolumes:
    """Asks Windows what kind of drive a path is on; a share is never fixed."""

    def __init__(self) -> None:
        self._fixed: set[str] = set()
        """Volumes that are; asking a disk for its bus costs more than anything else here."""

    def is_fixed_local(self, path: Path) -> bool:
        """Whether the path, links followed, is on a disk that is built into this PC.

        A disk on USB is not, though Windows calls it fixed; nor is what can't be told.
        """
        if os.name != "nt":
            return False
        try:
            with opening.quiet_errors():
                root = volume_root(plain(os.path.realpath(openable(str(path)))))
                if root not in self._fixed and _is_fixed(root):
                    self._fixed.add(root)
        except (OSError, ValueError):
            return False
        return root in self._fixed


def is_built_in(bus: int | None, *, of_windows: bool) -> bool:
    """Whether a fixed disk stays with this PC.

    The disk that Windows itself runs from is one where nothing but its driver's silence or an
    image file speaks against it.

    Args:
        bus: number of the bus that it is on; None where its driver does not say.
        of_windows: whether Windows runs from it.
    """
    return bus not in drives.OUTSIDE_BUSES and (of_windows or bus not in UNTOLD_BUSES)


def _is_fixed(root: str) -> bool:
    if drives.KINDS.get(api.GetDriveTypeW(root)) is not DriveKind.FIXED:
        return False
    windows = WindowsFolders().known(KnownFolder.WINDOWS)
    of_windows = windows is not None and volume_root(windows).lower() == root.lower()
    return is_built_in(drives.bus_of(root), of_windows=of_windows)


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
        with opening.quiet_errors():
            api.GetVolumeInformationW.succeed(
                volume_root(path), None, 0, None, None, ctypes.byref(flags), name, _NAME_CHARACTERS
            )
    except OSError:
        return ""
    return name.value.upper()
