"""Links to folders for tests under Windows Python.

A junction on Windows, which needs no rights. Wine 8 makes none, and no symbolic links either
(it says it did); there a link of the system below leads to the folder, which Windows programs see
as a folder with the identity and the final path of the other: all of a junction but its mark.
"""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

WAIT_SECONDS = 5.0


def is_wine() -> bool:
    """Whether this Windows is Wine; https://wiki.winehq.org/Developer_FAQ#How_can_I_detect_Wine?."""
    return os.name == "nt" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


def make_link(link: str, target: str) -> None:
    """Let `link` lead to the folder `target`, which need not exist."""
    if not is_wine():
        import _winapi

        _winapi.CreateJunction(target, link)
        return
    made = _posix_name(str(Path(link).parent)) + "/" + Path(link).name
    os.spawnv(os.P_NOWAIT, "Z:\\bin\\ln", ["ln", "-s", _posix_name(target), made])
    end = time.monotonic() + WAIT_SECONDS
    while not Path(link).exists() and time.monotonic() < end:
        if not Path(target).exists():  # a link that leads nowhere is not shown
            return
        time.sleep(0.01)


def remove_link(link: str) -> None:
    """Take a link away; one that leads nowhere can't be seen under Wine, and blocks its folder."""
    if is_wine():
        os.spawnv(os.P_NOWAIT, "Z:\\bin\\rm", ["rm", "-f", _posix_name(link)])
    else:
        Path(link).rmdir()


def _posix_name(path: str) -> str:
    call = ctypes.CDLL("kernel32").wine_get_unix_file_name
    call.restype, call.argtypes = ctypes.c_void_p, (ctypes.c_wchar_p,)
    parent, name = os.path.split(path)
    return ctypes.string_at(call(parent)).decode() + "/" + name
