"""Who this process runs as: its user, and whether it has administrator rights.

https://learn.microsoft.com/windows/win32/secauthz/access-tokens
"""

from __future__ import annotations

import ctypes
from ctypes.wintypes import DWORD, HANDLE

from agent.windows import api
from agent.windows.descriptors import sid_of

_QUERY = 0x0008
_USER, _ELEVATION = 1, 20
"""https://learn.microsoft.com/windows/win32/api/winnt/ne-winnt-token_information_class"""
_MOST_BYTES = 1024


def is_elevated() -> bool:
    """Whether the token of this process carries administrator rights.

    Not `IsUserAnAdmin`, which looks at groups: an administrator whose rights were not asked for
    is in the group too.
    https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_elevation

    Raises:
        OSError: because the system did not say.
    """
    return bool(int.from_bytes(_token(_ELEVATION).raw[:4], "little"))


def user_sid() -> str:
    """The SID of the user.

    https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_user

    Raises:
        OSError: because the system did not say.
        ValueError: because it said something else.
    """
    answer = _token(_USER)
    pointer = int.from_bytes(answer.raw[: ctypes.sizeof(ctypes.c_void_p)], "little")
    return sid_of(answer.raw[pointer - ctypes.addressof(answer) :])


def _token(kind: int) -> ctypes.Array[ctypes.c_char]:
    """What the system says; pointers in it lead into the same buffer."""
    handle = HANDLE()
    process = api.GetCurrentProcess()
    api.OpenProcessToken.succeed(process, _QUERY, ctypes.byref(handle))
    try:
        buffer = ctypes.create_string_buffer(_MOST_BYTES)
        size = DWORD()
        api.GetTokenInformation.succeed(handle, kind, buffer, _MOST_BYTES, ctypes.byref(size))
        return buffer
    finally:
        api.CloseHandle(handle)
