"""The functions of Windows that we call, each with its types; bound at the first call.

Owns the tables and how a failed call becomes an `OSError` with its real ``winerror``. Nothing is
loaded at import, so every module of `agent.windows` imports on Linux too.

https://learn.microsoft.com/windows/win32/winprog/windows-data-types
"""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_ubyte, c_void_p, c_wchar_p
from ctypes.wintypes import BOOL, DWORD, HANDLE, LPCWSTR, LPWSTR, UINT, WORD
from dataclasses import dataclass
from errno import EIO
from functools import cache
from types import ModuleType
from typing import Any

LONG = ctypes.c_int32
SEARCH_SYSTEM32 = 0x800
"""``LOAD_LIBRARY_SEARCH_SYSTEM32``."""
INVALID_HANDLE = c_void_p(-1).value
"""What `CreateFileW` gives instead of a handle."""
NO_ERROR = 0
ERROR_SHARING_VIOLATION = 32
ERROR_NOT_SUPPORTED = 50
ERROR_INVALID_PARAMETER = 87
ERROR_INVALID_NAME = 123
ERROR_ALREADY_EXISTS = 183
ERROR_MORE_DATA = 234
"""https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-"""
NOT_OFFERED = frozenset({1, ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER, 120})
"""Invalid function, not supported, invalid parameter, not implemented: another way is needed."""


@dataclass(frozen=True)
class Function:
    """One function of a system library."""

    library: str
    name: str
    result: Any
    arguments: tuple[Any, ...]

    def __call__(self, *values: object) -> Any:
        """Call it; what it gives is not judged here.

        Raises:
            OSError: because this Windows does not have it.
        """
        return _bound(self)(*values)

    def succeed(self, *values: object, path: str | None = None) -> Any:
        """Call a function that answers 0 for a failure.

        Args:
            values: its arguments.
            path: what the error will name.

        Raises:
            OSError: because it failed; with its ``winerror``.
        """
        answer = self(*values)
        if not answer:
            raise last_error(path)
        return answer


@cache
def _bound(function: Function) -> Any:
    try:
        bound = getattr(_library(function.library), function.name)
    except AttributeError as error:
        raise error_of(120, function.name) from error
    bound.restype, bound.argtypes = function.result, function.arguments
    return bound


@cache
def _library(name: str) -> Any:
    """A library from the system folder only: never one that somebody planted beside us.

    https://learn.microsoft.com/windows/win32/dlls/dynamic-link-library-security
    """
    loader = of_windows(ctypes, "WinDLL")
    return loader(f"{name}.dll", use_last_error=True, winmode=SEARCH_SYSTEM32)


def of_windows(module: ModuleType, name: str) -> Any:
    """What a module of the standard library has on Windows only."""
    return getattr(module, name)


def last_error(path: str | None = None) -> OSError:
    """The error of the last call of this thread.

    https://learn.microsoft.com/windows/win32/api/errhandlingapi/nf-errhandlingapi-getlasterror
    """
    return error_of(of_windows(ctypes, "get_last_error")(), path)


def error_of(number: int, path: str | None = None) -> OSError:
    """A Windows error number as the exception that Python makes of it.

    Args:
        number: `winerror`.
        path: what it was about.
    """
    if os.name != "nt":  # only in tests of what is decided by these numbers
        error = OSError(EIO, f"Windows error {number}", path)
        vars(error)["winerror"] = number
        return error
    return OSError(0, of_windows(ctypes, "FormatError")(number).strip(), path, number)


class FileTime(ctypes.Structure):
    """Steps of 100 ns since 1601, UTC.

    https://learn.microsoft.com/windows/win32/api/minwinbase/ns-minwinbase-filetime
    """

    _fields_ = (("low", DWORD), ("high", DWORD))


class FileInformation(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/fileapi/ns-fileapi-by_handle_file_information."""

    _fields_ = (
        ("attributes", DWORD),
        ("created", FileTime),
        ("accessed", FileTime),
        ("written", FileTime),
        ("volume", DWORD),
        ("size_high", DWORD),
        ("size_low", DWORD),
        ("links", DWORD),
        ("index_high", DWORD),
        ("index_low", DWORD),
    )


class FileIdInfo(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-file_id_info."""

    _fields_ = (("volume", ctypes.c_uint64), ("number", c_ubyte * 16))


class AttributeTag(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/winbase/ns-winbase-file_attribute_tag_info."""

    _fields_ = (("attributes", DWORD), ("tag", DWORD))


class Guid(ctypes.Structure):
    """https://learn.microsoft.com/windows/win32/api/guiddef/ns-guiddef-guid."""

    _fields_ = (("one", DWORD), ("two", WORD), ("three", WORD), ("rest", c_ubyte * 8))


# Files: https://learn.microsoft.com/windows/win32/api/fileapi/
CreateFileW = Function(
    "kernel32",
    "CreateFileW",
    HANDLE,
    (LPCWSTR, DWORD, DWORD, c_void_p, DWORD, DWORD, HANDLE),
)
CloseHandle = Function("kernel32", "CloseHandle", BOOL, (HANDLE,))
GetFileInformationByHandle = Function(
    "kernel32", "GetFileInformationByHandle", BOOL, (HANDLE, POINTER(FileInformation))
)
GetFileInformationByHandleEx = Function(
    "kernel32", "GetFileInformationByHandleEx", BOOL, (HANDLE, ctypes.c_int, c_void_p, DWORD)
)
GetFinalPathNameByHandleW = Function(
    "kernel32", "GetFinalPathNameByHandleW", DWORD, (HANDLE, LPWSTR, DWORD, DWORD)
)
GetFileAttributesW = Function("kernel32", "GetFileAttributesW", DWORD, (LPCWSTR,))
SetFileAttributesW = Function("kernel32", "SetFileAttributesW", BOOL, (LPCWSTR, DWORD))
ReadFile = Function(
    "kernel32", "ReadFile", BOOL, (HANDLE, c_void_p, DWORD, POINTER(DWORD), c_void_p)
)
WriteFile = Function(
    "kernel32", "WriteFile", BOOL, (HANDLE, c_void_p, DWORD, POINTER(DWORD), c_void_p)
)
FlushFileBuffers = Function("kernel32", "FlushFileBuffers", BOOL, (HANDLE,))
SetFileTime = Function(
    "kernel32", "SetFileTime", BOOL, (HANDLE, c_void_p, c_void_p, POINTER(FileTime))
)
MoveFileExW = Function("kernel32", "MoveFileExW", BOOL, (LPCWSTR, LPCWSTR, DWORD))
ReplaceFileW = Function(
    "kernel32", "ReplaceFileW", BOOL, (LPCWSTR, LPCWSTR, LPCWSTR, DWORD, c_void_p, c_void_p)
)

GetDiskFreeSpaceExW = Function(
    "kernel32",
    "GetDiskFreeSpaceExW",
    BOOL,
    (LPCWSTR, POINTER(ctypes.c_uint64), POINTER(ctypes.c_uint64), POINTER(ctypes.c_uint64)),
)

# Drives and volumes: https://learn.microsoft.com/windows/win32/fileio/volume-management-functions
GetLogicalDrives = Function("kernel32", "GetLogicalDrives", DWORD, ())
GetDriveTypeW = Function("kernel32", "GetDriveTypeW", UINT, (LPCWSTR,))
QueryDosDeviceW = Function("kernel32", "QueryDosDeviceW", DWORD, (LPCWSTR, LPWSTR, DWORD))
GetVolumePathNameW = Function("kernel32", "GetVolumePathNameW", BOOL, (LPCWSTR, LPWSTR, DWORD))
GetVolumeInformationW = Function(
    "kernel32",
    "GetVolumeInformationW",
    BOOL,
    (LPCWSTR, LPWSTR, DWORD, POINTER(DWORD), POINTER(DWORD), POINTER(DWORD), LPWSTR, DWORD),
)
GetVolumeNameForVolumeMountPointW = Function(
    "kernel32", "GetVolumeNameForVolumeMountPointW", BOOL, (LPCWSTR, LPWSTR, DWORD)
)
DeviceIoControl = Function(
    "kernel32",
    "DeviceIoControl",
    BOOL,
    (HANDLE, DWORD, c_void_p, DWORD, c_void_p, DWORD, POINTER(DWORD), c_void_p),
)
GetThreadErrorMode = Function("kernel32", "GetThreadErrorMode", DWORD, ())
SetThreadErrorMode = Function("kernel32", "SetThreadErrorMode", BOOL, (DWORD, POINTER(DWORD)))
WNetGetConnectionW = Function("mpr", "WNetGetConnectionW", DWORD, (LPCWSTR, LPWSTR, POINTER(DWORD)))

# Folders: https://learn.microsoft.com/windows/win32/api/shlobj_core/
SHGetKnownFolderPath = Function(
    "shell32",
    "SHGetKnownFolderPath",
    LONG,
    (POINTER(Guid), DWORD, HANDLE, POINTER(c_void_p)),
)
CoTaskMemFree = Function("ole32", "CoTaskMemFree", None, (c_void_p,))
GetSystemWindowsDirectoryW = Function(
    "kernel32", "GetSystemWindowsDirectoryW", UINT, (LPWSTR, UINT)
)

# Processes and tokens: https://learn.microsoft.com/windows/win32/api/processthreadsapi/
OpenProcess = Function("kernel32", "OpenProcess", HANDLE, (DWORD, BOOL, DWORD))
QueryFullProcessImageNameW = Function(
    "kernel32", "QueryFullProcessImageNameW", BOOL, (HANDLE, DWORD, LPWSTR, POINTER(DWORD))
)
GetCurrentProcess = Function("kernel32", "GetCurrentProcess", HANDLE, ())
OpenProcessToken = Function("advapi32", "OpenProcessToken", BOOL, (HANDLE, DWORD, POINTER(HANDLE)))
GetTokenInformation = Function(
    "advapi32",
    "GetTokenInformation",
    BOOL,
    (HANDLE, ctypes.c_int, c_void_p, DWORD, POINTER(DWORD)),
)

# Rights on files: https://learn.microsoft.com/windows/win32/api/aclapi/
GetNamedSecurityInfoW = Function(
    "advapi32",
    "GetNamedSecurityInfoW",
    DWORD,
    (LPCWSTR, ctypes.c_int, DWORD, c_void_p, c_void_p, c_void_p, c_void_p, POINTER(c_void_p)),
)
GetSecurityDescriptorLength = Function(
    "advapi32", "GetSecurityDescriptorLength", DWORD, (c_void_p,)
)
LocalFree = Function("kernel32", "LocalFree", c_void_p, (c_void_p,))

# The system and its sessions
RtlGetVersion = Function("ntdll", "RtlGetVersion", LONG, (c_void_p,))
GetSystemMetrics = Function("user32", "GetSystemMetrics", ctypes.c_int, (ctypes.c_int,))
WTSEnumerateSessionsW = Function(
    "wtsapi32",
    "WTSEnumerateSessionsW",
    BOOL,
    (HANDLE, DWORD, DWORD, POINTER(c_void_p), POINTER(DWORD)),
)
WTSFreeMemory = Function("wtsapi32", "WTSFreeMemory", None, (c_void_p,))

# Restart Manager: https://learn.microsoft.com/windows/win32/api/restartmanager/
RmStartSession = Function("rstrtmgr", "RmStartSession", DWORD, (POINTER(DWORD), DWORD, LPWSTR))
RmRegisterResources = Function(
    "rstrtmgr",
    "RmRegisterResources",
    DWORD,
    (DWORD, UINT, POINTER(c_wchar_p), UINT, c_void_p, UINT, c_void_p),
)
RmGetList = Function(
    "rstrtmgr",
    "RmGetList",
    DWORD,
    (DWORD, POINTER(UINT), POINTER(UINT), c_void_p, POINTER(DWORD)),
)
RmEndSession = Function("rstrtmgr", "RmEndSession", DWORD, (DWORD,))
