"""Drive types on Windows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DRIVE_FIXED = 3
"""https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew"""


class WindowsVolumes:
    """Asks Windows what kind of drive a path is on; a share is never fixed."""

    def is_fixed_local(self, path: Path) -> bool:
        """Whether the path, links followed, is on a disk that is built into this PC."""
        if sys.platform != "win32":
            return False
        import ctypes  # noqa: PLC0415 - Windows only

        drive, _ = os.path.splitdrive(os.path.realpath(path))
        if not drive or drive.startswith("\\\\"):
            return False
        kind = ctypes.windll.kernel32.GetDriveTypeW(ctypes.c_wchar_p(drive + "\\"))
        return int(kind) == DRIVE_FIXED
