"""Run Windows Python without administrator rights: `python -m tests.windows.unelevated ARGUMENTS…`.

Under Wine every program starts elevated. Its token has a linked one without those rights, as on a
PC with user account control; a child that gets it, and all it starts, is an ordinary user's.
Standard handles and exit code are passed on.

https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-token_linked_token
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from ctypes import POINTER, byref, c_int, c_void_p, sizeof
from ctypes.wintypes import BOOL, DWORD, HANDLE, LPCWSTR, LPWSTR, WORD

from agent.windows import api

ALL_TOKEN_RIGHTS = 0xF01FF
LINKED_TOKEN = 19
IMPERSONATION, PRIMARY = 2, 1
USE_HANDLES = 0x100
FOR_EVER = 0xFFFFFFFF
STANDARD_HANDLES = (-10, -11, -12)
INHERIT = 1


class StartupInfo(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-startupinfow."""

    _fields_ = (
        ("size", DWORD),
        ("reserved", LPWSTR),
        ("desktop", LPWSTR),
        ("title", LPWSTR),
        ("geometry", DWORD * 7),
        ("flags", DWORD),
        ("show", WORD),
        ("reserved_size", WORD),
        ("reserved_bytes", c_void_p),
        ("handles", HANDLE * 3),
    )


class ProcessInformation(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-process_information."""

    _fields_ = (("process", HANDLE), ("thread", HANDLE), ("pid", DWORD), ("thread_id", DWORD))


DuplicateTokenEx = api.Function(
    "advapi32", "DuplicateTokenEx", BOOL, (HANDLE, DWORD, c_void_p, c_int, c_int, POINTER(HANDLE))
)
CreateProcessAsUserW = api.Function(
    "advapi32",
    "CreateProcessAsUserW",
    BOOL,
    (
        *(HANDLE, LPCWSTR, LPWSTR, c_void_p, c_void_p, BOOL, DWORD, c_void_p, LPCWSTR),
        *(POINTER(StartupInfo), POINTER(ProcessInformation)),
    ),
)
GetStdHandle = api.Function("kernel32", "GetStdHandle", HANDLE, (DWORD,))
SetHandleInformation = api.Function(
    "kernel32", "SetHandleInformation", BOOL, (HANDLE, DWORD, DWORD)
)
WaitForSingleObject = api.Function("kernel32", "WaitForSingleObject", DWORD, (HANDLE, DWORD))
GetExitCodeProcess = api.Function("kernel32", "GetExitCodeProcess", BOOL, (HANDLE, POINTER(DWORD)))


def ordinary_token() -> HANDLE:
    """The linked token of this process, to start another with."""
    own, linked, primary, size = HANDLE(), HANDLE(), HANDLE(), DWORD()
    api.OpenProcessToken.succeed(api.GetCurrentProcess(), ALL_TOKEN_RIGHTS, byref(own))
    api.GetTokenInformation.succeed(own, LINKED_TOKEN, byref(linked), sizeof(linked), byref(size))
    DuplicateTokenEx.succeed(linked, ALL_TOKEN_RIGHTS, None, IMPERSONATION, PRIMARY, byref(primary))
    return primary


def run(arguments: list[str]) -> int:
    """Start Windows Python with the linked token, wait for it, give its exit code."""
    started, made, code = StartupInfo(size=sizeof(StartupInfo)), ProcessInformation(), DWORD()
    started.flags = USE_HANDLES
    for place, number in enumerate(STANDARD_HANDLES):
        started.handles[place] = GetStdHandle(DWORD(number & 0xFFFFFFFF))
        SetHandleInformation(started.handles[place], INHERIT, INHERIT)
    line = ctypes.create_unicode_buffer(subprocess.list2cmdline([sys.executable, *arguments]))
    CreateProcessAsUserW.succeed(
        ordinary_token(), None, line, None, None, True, 0, None, None, byref(started), byref(made)
    )
    WaitForSingleObject(made.process, FOR_EVER)
    GetExitCodeProcess.succeed(made.process, byref(code))
    return int(code.value)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
