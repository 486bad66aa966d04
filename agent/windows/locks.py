"""Who keeps a file open, asked of the Restart Manager; it lists only, nothing is ever closed.

https://learn.microsoft.com/windows/win32/rstmgr/using-restart-manager-with-a-secondary-installer
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes.wintypes import BOOL, DWORD, UINT, WCHAR
from pathlib import Path

from agent.ports import LockHolder
from agent.windows import api
from agent.windows.paths import plain

MOST_FILES = 64
"""Files that are asked about at once: each costs Windows time."""
MOST_HOLDERS = 256
"""That are told; nobody reads more names."""
FIRST_ROOM, MOST_ROOM = 8, 8192
"""Places in the list that Windows fills, first and at most (5 MB): it fills all or none."""
_KEY_CHARACTERS = 33
"""``CCH_RM_SESSION_KEY`` and its NUL."""
_ATTEMPTS = 4
"""The list may grow between two questions."""


class Process(ctypes.Structure):
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
            return _holders([shown(str(path)) for path in paths[:MOST_FILES]])
        except OSError:
            return ()


def _holders(paths: Sequence[str]) -> tuple[LockHolder, ...]:
    session = DWORD()
    key = ctypes.create_unicode_buffer(_KEY_CHARACTERS)
    _check(api.RmStartSession(ctypes.byref(session), 0, key))
    try:
        names = (ctypes.c_wchar_p * len(paths))(*paths)
        _check(api.RmRegisterResources(session.value, len(paths), names, 0, None, 0, None))
        found = listed(lambda room: _list(session.value, room))
    finally:
        api.RmEndSession(session.value)
    return tuple(dict.fromkeys(LockHolder(one.name, one.pid) for one in found))


def shown(path: str) -> str:
    r"""A path as the Restart Manager knows it: without ``\\?\``."""
    return plain(path)


def _list(session: int, room: int) -> tuple[int, int, Sequence[Process]]:
    needed, count, reasons = UINT(), UINT(room), DWORD()
    processes = (Process * room)()
    answer = api.RmGetList(
        session, ctypes.byref(needed), ctypes.byref(count), processes, ctypes.byref(reasons)
    )
    return answer, needed.value, processes[: min(count.value, room)]


def listed(ask: Callable[[int], tuple[int, int, Sequence[Process]]]) -> Sequence[Process]:
    """Whoever holds the files of a session, the first `MOST_HOLDERS` of them.

    Args:
        ask: with so much room; gives the error number, the room that is needed, and the list.

    Raises:
        OSError: because the system refused.
    """
    room = FIRST_ROOM
    for _attempt in range(_ATTEMPTS):
        answer, needed, found = ask(room)
        if answer != api.ERROR_MORE_DATA:
            _check(answer)
            return found[:MOST_HOLDERS]
        room = min(max(needed, room * 2), MOST_ROOM)
    return ()


def _check(answer: int) -> None:
    if answer != api.NO_ERROR:
        raise api.error_of(answer)
