"""Drive types on Windows."""

from __future__ import annotations

import os
from pathlib import Path

DRIVE_FIXED = 3
"""https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew"""


class WindowsVolumes:
    """Asks Windows what kind of drive a path is on; a share is never fixed."""

    def is_fixed_local(self, path: Path) -> bool:
        """Whether the path, links followed, is on a disk that is built into this PC."""
        if os.name != "nt":
            return False
        import ctypes  # noqa: PLC0415 - Windows only

        drive, _ = os.path.splitdrive(os.path.realpath(path))
        if not drive or drive.startswith("\\\\"):
            return False
        kernel32 = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent from Linux's stubs
        kind = kernel32.GetDriveTypeW(ctypes.c_wchar_p(drive + "\\"))
        return int(kind) == DRIVE_FIXED
