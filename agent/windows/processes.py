"""Running programs, through psutil (works on Linux too, so it is tested for real there)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from contextlib import suppress
from ctypes.wintypes import DWORD
from pathlib import Path
from typing import TYPE_CHECKING

from agent.model import ProcessSeen
from agent.windows import api

if TYPE_CHECKING:
    import psutil

_QUERY_LIMITED = 0x1000
"""https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights"""
_PATH_CHARACTERS = 32_768


class SystemProcessTable:
    """The process table of this PC; whoever can't wait for it calls it in a time box."""

    def running(self) -> Sequence[ProcessSeen]:
        """Every process that can be seen; one that ends or refuses meanwhile is left out."""
        import psutil  # noqa: PLC0415 - 30 ms that only a look needs

        seen = []
        for process in psutil.process_iter():
            executable = _executable(process, psutil.Error)
            try:
                name = process.name()
            except psutil.Error:
                continue
            except OSError:  # Wine does not answer the question that psutil asks
                if executable is None or os.name != "nt":
                    continue
                name = executable.rpartition("\\")[2]
            seen.append(ProcessSeen(name, executable, process.pid))
        return seen


def _executable(process: psutil.Process, refused: type[Exception]) -> str | None:
    # Raises OSError 87 under Wine and AccessDenied for other users' programs.
    try:
        return process.exe() or None
    except (refused, OSError):
        return image_of(process.pid) if os.name == "nt" else None


def image_of(pid: int) -> str | None:
    """The program file of a process, asked with the fewest rights; None where that is refused.

    https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-queryfullprocessimagenamew

    Args:
        pid: which process.
    """
    with suppress(OSError):
        handle = api.OpenProcess.succeed(_QUERY_LIMITED, False, pid)
        try:
            buffer = ctypes.create_unicode_buffer(_PATH_CHARACTERS)
            size = DWORD(_PATH_CHARACTERS)
            api.QueryFullProcessImageNameW.succeed(handle, 0, buffer, ctypes.byref(size))
            return buffer.value or None
        finally:
            api.CloseHandle(handle)
    return None


class NoQuarantineRecords:
    """Antivirus records can't be read on this system yet."""

    def mentions(self, root: Path) -> bool:
        """Whether a scanner's quarantine record names something below `root`."""
        del root
        return False
