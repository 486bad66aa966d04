"""What this user may do on Windows."""

from __future__ import annotations

import sys


def is_elevated() -> bool:
    """Whether this run has administrator rights; on POSIX root is an ordinary user to us.

    https://learn.microsoft.com/windows/win32/api/shlobj_core/nf-shlobj_core-isuseranadmin
    """
    if sys.platform != "win32":
        return False
    import ctypes  # noqa: PLC0415 - Windows only

    return bool(ctypes.windll.shell32.IsUserAnAdmin())
