"""Who keeps a file open, asked of the Restart Manager; it lists only, nothing is ever closed.

https://learn.microsoft.com/windows/win32/rstmgr/using-restart-manager-with-a-secondary-installer
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes.wintypes import BOOL, DWORD, UINT, WCHAR
from pathlib import Path

from agent.ports import LockHolder
from agent.windows import api

MOST_FILES = 64
"""Files that are asked about at once: each costs Windows time."""
MOST_HOLDERS = 256
_KEY_CHARACTERS = 33
"""``CCH_RM_SESSION_KEY`` and its NUL."""
_ATTEMPTS = 4
"""The list may grow between two questions."""


class _Process(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/restartmanager/ns-restartmanager-rm_process_info."""

    _fields_ = (
        ("pid", DWORD),
        ("started", api.FileTime),
        ("name", WCHAR * 256),
        ("service", WCHAR * 64),
        ("kind", ctypes.c_int),
        ("status", DWORD),
        ("session", DWORD),
        ("restartable", BOOL),
    )


class WindowsLocks:
    """Implements `agent.ports.Locks`."""

    def holders(self, paths: Sequence[Path]) -> Sequence[LockHolder]:
        """See `Locks`.

        https://learn.microsoft.com/windows/win32/api/restartmanager/nf-restartmanager-rmgetlist
        """
        try:
            return _holders([str(path) for path in paths[:MOST_FILES]])
        except OSError:
            return ()


def _holders(paths: Sequence[str]) -> tuple[LockHolder, ...]:
    session = DWORD()
    key = ctypes.create_unicode_buffer(_KEY_CHARACTERS)
    _check(api.RmStartSession(ctypes.byref(session), 0, key))
    try:
        names = (ctypes.c_wchar_p * len(paths))(*paths)
        _check(api.RmRegisterResources(session.value, len(paths), names, 0, None, 0, None))
        found = _listed(session.value)
    finally:
        api.RmEndSession(session.value)
    return tuple(dict.fromkeys(LockHolder(one.name, one.pid) for one in found))


def _listed(session: int) -> Sequence[_Process]:
    room = 8
    for _attempt in range(_ATTEMPTS):
        needed, count, reasons = UINT(), UINT(room), DWORD()
        processes = (_Process * room)()
        answer = api.RmGetList(
            session, ctypes.byref(needed), ctypes.byref(count), processes, ctypes.byref(reasons)
        )
        if answer != api.ERROR_MORE_DATA:
            _check(answer)
            return processes[: min(count.value, room)]
        room = min(max(needed.value, room * 2), MOST_HOLDERS)
    return ()


def _check(answer: int) -> None:
    if answer != api.NO_ERROR:
        raise api.error_of(answer)
