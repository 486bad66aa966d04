"""Files opened so that nobody is kept out, and so that the reason of a refusal is known.

Python's `open` goes through the C runtime: it forbids others to delete the file meanwhile, and
hides why it was refused (``winerror`` is None). `CreateFileW` does neither.

https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.wintypes import DWORD
from typing import Final

from agent.windows import api, attributes
from agent.windows.paths import openable

GENERIC_READ = 0x80000000
GENERIC_WRITE = 0x40000000
READ_ATTRIBUTES = 0x80
DELETE = 0x10000
SHARE_READ = 0x1
SHARE_ALL = 0x7
"""Others may read, write and delete meanwhile."""
CREATE_NEW = 1
OPEN_EXISTING = 3
BACKUP_SEMANTICS = 0x02000000
"""Needed to open a folder."""
OPEN_REPARSE_POINT = 0x00200000
"""A link itself, not what it leads to."""
NO_RECALL = 0x00100000
"""Content that is elsewhere stays there."""
ERROR_CLOUD_FILE_ACCESS_DENIED = 395

_FAIL_CRITICAL_ERRORS: Final = 0x1
_FILE_BASIC_TAG: Final = 9
"""``FileAttributeTagInfo``."""


def create(
    path: str,
    access: int,
    *,
    share: int = SHARE_ALL,
    disposition: int = OPEN_EXISTING,
    flags: int = 0,
) -> int:
    """Open a file, folder or device; the caller closes the handle.

    Args:
        path: absolute.
        access: rights asked for.
        share: what others may do meanwhile.
        disposition: make it or expect it.
        flags: attributes and flags.

    Raises:
        OSError: because it was refused; with its ``winerror``.
    """
    long = openable(path)
    with quiet_errors():
        handle = api.CreateFileW(long, access, share, None, disposition, flags, None)
        if handle is None or handle == api.INVALID_HANDLE:
            raise api.last_error(path)
    return int(handle)


@contextmanager
def quiet_errors() -> Iterator[None]:
    """No window asks for a disc while this thread looks at an empty drive.

    https://learn.microsoft.com/windows/win32/api/errhandlingapi/nf-errhandlingapi-setthreaderrormode
    """
    before = DWORD()
    mode = api.GetThreadErrorMode() | _FAIL_CRITICAL_ERRORS
    api.SetThreadErrorMode(mode, ctypes.byref(before))
    try:
        yield
    finally:
        api.SetThreadErrorMode(before.value, None)


@contextmanager
def opened(path: str, access: int, *, flags: int = 0) -> Iterator[int]:
    """A handle that is closed at the end of the block; raises as `create`."""
    handle = create(path, access, flags=flags)
    try:
        yield handle
    finally:
        api.CloseHandle(handle)


def descriptor_of(handle: int, flags: int) -> int:
    """A C file descriptor that owns a handle from now on.

    https://learn.microsoft.com/cpp/c-runtime-library/reference/open-osfhandle

    Raises:
        OSError: because there are too many open files; the handle is closed then.
    """
    import msvcrt  # noqa: PLC0415 - Windows only

    binary = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
    try:
        return int(api.of_windows(msvcrt, "open_osfhandle")(handle, flags | binary))
    except BaseException:
        api.CloseHandle(handle)
        raise


def open_following(path: str) -> int:
    """A descriptor of a file, every link followed; others may do all with it meanwhile.

    Args:
        path: absolute.

    Raises:
        OSError: because it was refused, or is a cloud placeholder, which reading would fetch.
    """
    handle = create(path, GENERIC_READ, flags=NO_RECALL)
    try:
        refuse_placeholder(tag_of(handle, path)[0], path)
    except BaseException:
        api.CloseHandle(handle)
        raise
    return descriptor_of(handle, os.O_RDONLY)


def open_to_read(path: str) -> int:
    """A descriptor of a regular file; others may write, rename and delete it meanwhile.

    A link is refused, never followed; so is a cloud placeholder, because reading would fetch it.
    Other reparse points (deduplicated or compressed files) are read through their filter.

    Args:
        path: absolute.

    Raises:
        OSError: because it was refused; `ELOOP` for a link.
    """
    handle = create(path, GENERIC_READ, flags=OPEN_REPARSE_POINT)
    try:
        seen = refuse_link(handle, path)
        refuse_placeholder(seen, path)
        if seen & attributes.REPARSE_POINT:
            again = reopened(handle, path)
            api.CloseHandle(handle)
            handle = again
    except BaseException:
        api.CloseHandle(handle)
        raise
    return descriptor_of(handle, os.O_RDONLY)


def reopened(handle: int, path: str) -> int:
    """Another handle on an open file, to read it through its filter; the caller closes both.

    Args:
        handle: keeps the number of the file from being given to another one.
        path: absolute.

    Raises:
        OSError: because it was refused; `ELOOP` because another file stands there by now, which a
            link that somebody put there meanwhile leads to.
    """
    again = create(path, GENERIC_READ)
    try:
        _refuse_another(handle, again, path)
    except BaseException:
        api.CloseHandle(again)
        raise
    return again


def _refuse_another(one: int, other: int, path: str) -> None:
    if _number(one, path) != _number(other, path):
        raise OSError(errno.ELOOP, "Another file took its place", path)


def _number(handle: int, path: str) -> tuple[int, int, int]:
    seen = information(handle, path)
    return int(seen.volume), int(seen.index_high), int(seen.index_low)


def refuse_link(handle: int, path: str) -> int:
    """The attributes of an open file that is no link.

    Raises:
        OSError: `ELOOP` because it is one, or the system did not say.
    """
    seen, tag = tag_of(handle, path)
    if attributes.is_link(seen, tag):
        raise OSError(errno.ELOOP, "A link is not followed", path)
    return seen


def refuse_placeholder(bits: int, path: str) -> None:
    """Nothing, when the content of a file is here.

    Raises:
        OSError: because it is in a cloud, and reading would fetch it.
    """
    if attributes.is_placeholder(bits):
        raise api.error_of(ERROR_CLOUD_FILE_ACCESS_DENIED, path)


def tag_of(handle: int, path: str) -> tuple[int, int]:
    """Attributes and reparse tag of an open file.

    https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getfileinformationbyhandleex

    Raises:
        OSError: because the system did not say.
    """
    found = api.AttributeTag()
    size = ctypes.sizeof(found)
    if api.GetFileInformationByHandleEx(handle, _FILE_BASIC_TAG, ctypes.byref(found), size):
        return int(found.attributes), int(found.tag)
    seen = information(handle, path)
    tag = attributes.NAME_SURROGATE if seen.attributes & attributes.REPARSE_POINT else 0
    return int(seen.attributes), tag


def information(handle: int, path: str) -> api.FileInformation:
    """What the system keeps about an open file.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfileinformationbyhandle

    Raises:
        OSError: because the system did not say.
    """
    found = api.FileInformation()
    api.GetFileInformationByHandle.succeed(handle, ctypes.byref(found), path=path)
    return found
