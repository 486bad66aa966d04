"""What this user may do on Windows."""

from __future__ import annotations

import os


def is_elevated() -> bool:
    """Whether this run has administrator rights; on POSIX root is an ordinary user to us.

    https://learn.microsoft.com/windows/win32/api/shlobj_core/nf-shlobj_core-isuseranadmin
    """
    if os.name != "nt":
        return False
    import ctypes  # noqa: PLC0415 - Windows only

    shell32 = getattr(ctypes, "windll").shell32  # noqa: B009 - absent from Linux's stubs
    return bool(shell32.IsUserAnAdmin())
