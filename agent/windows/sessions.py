"""Whether several people work on this PC at once.

https://learn.microsoft.com/windows/win32/termserv/terminal-services-portal
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from ctypes.wintypes import DWORD, LPWSTR, WCHAR, WORD

from agent.windows import api

_REMOTE_SESSION = 0x1000
"""``SM_REMOTESESSION``: https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getsystemmetrics"""
_WORKSTATION, _DOMAIN_CONTROLLER, _SERVER = 1, 2, 3
_SUITE_TERMINAL, _SUITE_SINGLE_USER = 0x10, 0x100
_LOGGED_ON = frozenset({0, 4})
"""Active, disconnected.

https://learn.microsoft.com/windows/win32/api/wtsapi32/ne-wtsapi32-wts_connectstate_class
"""
_SEVERAL = 2


class VersionInfo(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-osversioninfoexw."""

    _fields_ = (
        ("size", DWORD),
        ("major", DWORD),
        ("minor", DWORD),
        ("build", DWORD),
        ("platform", DWORD),
        ("service_pack", WCHAR * 128),
        ("service_pack_major", WORD),
        ("service_pack_minor", WORD),
        ("suite", WORD),
        ("product_type", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
    )


class _Session(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/wtsapi32/ns-wtsapi32-wts_session_infow."""

    _fields_ = (("number", DWORD), ("station", LPWSTR), ("state", ctypes.c_int))


def version_info() -> VersionInfo:
    """The version as it is, whatever the manifest of our executable says.

    What can't be told stays 0: no kind of Windows.
    https://learn.microsoft.com/windows/win32/devnotes/rtlgetversion
    """
    found = VersionInfo(size=ctypes.sizeof(VersionInfo))
    api.RtlGetVersion(ctypes.byref(found))
    return found


def is_multi_session() -> bool:
    """What `shared_by_several` makes of what this Windows says."""
    version = version_info()
    remote = bool(api.GetSystemMetrics(_REMOTE_SESSION))
    return shared_by_several(version.product_type, version.suite, _people(), remote=remote)


def shared_by_several(product_type: int, suite: int, people: int | None, *, remote: bool) -> bool:
    """A server (or Windows for virtual desktops, which says it is one) that people log on to.

    A workstation is not: there one person works at a time, also from afar, and others who stayed
    logged on wait. Windows sets the terminal suite always; a server for administration alone has
    the single-user suite too. A server that does not say who is logged on counts as shared, and
    so does a Windows of no known kind: looking stays possible there, writing does not.
    https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-osversioninfoexw

    Args:
        product_type: ``wProductType``.
        suite: ``wSuiteMask``.
        people: sessions in which somebody is logged on; None when that can't be told.
        remote: whether this session is one from afar.
    """
    if product_type == _WORKSTATION:
        return False
    if people is None or product_type not in {_DOMAIN_CONTROLLER, _SERVER}:
        return True
    hosts_sessions = bool(suite & _SUITE_TERMINAL) and not suite & _SUITE_SINGLE_USER
    return hosts_sessions or remote or people >= _SEVERAL


def _people() -> int | None:
    """Sessions of users, on screen or disconnected; None when Windows does not say.

    Session 0 belongs to services.

    https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtsenumeratesessionsw
    """
    pointer, count = ctypes.c_void_p(), DWORD()
    with suppress(OSError):
        if api.WTSEnumerateSessionsW(None, 0, 1, ctypes.byref(pointer), ctypes.byref(count)):
            try:
                sessions = (_Session * count.value).from_address(pointer.value or 0)
                return sum(1 for one in sessions if one.number and one.state in _LOGGED_ON)
            finally:
                api.WTSFreeMemory(pointer)
    return None
