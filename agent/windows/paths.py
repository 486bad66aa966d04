r"""How Windows wants long paths written, and what it puts before the ones it gives back.

Pure text: nothing here asks a disk.
https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation
"""

from __future__ import annotations

import os
import re

from agent.windows.api import ERROR_INVALID_NAME, error_of

EXTENDED_FROM_CHARACTERS = 248
r"""Windows takes no longer folder path without the ``\\?\`` prefix; a file path may have 259."""
_EXTENDED = "\\\\?\\"
_EXTENDED_SHARE = "\\\\?\\UNC\\"
_DRIVE = re.compile(r"[A-Za-z]:\\")
_DEVICE = re.compile(r"\\\\[?.]\\")
_WINDOWS = os.name == "nt"


def openable(path: str, *, windows: bool = _WINDOWS) -> str:
    r"""The path as the system takes it: with ``\\?\`` where Windows needs it, else unchanged.

    What names a device (``\\.\``, ``\\?\``, in either slash) or starts nowhere is left alone.

    Args:
        path: absolute.
        windows: whose rules apply.

    Raises:
        OSError: 123 on Windows, because of a NUL: the system would take what stands before it.
    """
    if not windows:
        return path
    if "\0" in path:
        raise error_of(ERROR_INVALID_NAME, path)
    if len(path) < EXTENDED_FROM_CHARACTERS:
        return path
    native = path.replace("/", "\\")
    if native.startswith("\\\\"):
        return path if _DEVICE.match(native) else _EXTENDED_SHARE + native[2:]
    return _EXTENDED + native if _DRIVE.match(native) else path


def plain(path: str) -> str:
    r"""The path as people write it: without ``\\?\``; a path by volume name keeps it."""
    if path.startswith(_EXTENDED_SHARE):
        return "\\\\" + path[len(_EXTENDED_SHARE) :]
    if path.startswith(_EXTENDED) and path[len(_EXTENDED) + 1 : len(_EXTENDED) + 2] == ":":
        return path[len(_EXTENDED) :]
    return path
