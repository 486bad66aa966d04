"""The shell's own reader and writer of shortcuts, through COM; for Windows Python only."""

from __future__ import annotations

import contextlib
import ctypes
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHELL_LINK = uuid.UUID("00021401-0000-0000-C000-000000000046")
ISHELL_LINK = uuid.UUID("000214F9-0000-0000-C000-000000000046")
IPERSIST_FILE = uuid.UUID("0000010B-0000-0000-C000-000000000046")
_IN_PROCESS = 1
_RAW_PATH = 4
_LENGTH = 1_024
_QUERY, _RELEASE = 0, 2
_GET_PATH, _SET_FOLDER, _GET_ARGUMENTS, _SET_ARGUMENTS, _SET_PATH = 3, 9, 10, 11, 20
_LOAD, _SAVE = 5, 6


@dataclass(frozen=True)
class Object:
    """A COM object and its methods by their place in the table.

    https://learn.microsoft.com/windows/win32/api/shobjidl_core/nn-shobjidl_core-ishelllinkw
    """

    pointer: ctypes.c_void_p

    def call(self, place: int, *arguments: object) -> None:
        """Call one method; a failing result raises `OSError`."""
        table = ctypes.cast(self.pointer, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
        kinds = [ctypes.c_void_p if not isinstance(one, int) else ctypes.c_int for one in arguments]
        method = ctypes.WINFUNCTYPE(ctypes.HRESULT, ctypes.c_void_p, *kinds)(table[place])
        made = [ctypes.c_wchar_p(one) if isinstance(one, str) else one for one in arguments]
        cast = [
            ctypes.cast(one, ctypes.c_void_p) if not isinstance(one, int) else one for one in made
        ]
        method(self.pointer, *cast)

    def text(self, place: int, *more: int) -> str:
        """A text that a method writes into a buffer."""
        buffer = ctypes.create_unicode_buffer(_LENGTH)
        self.call(place, buffer, _LENGTH, *more)
        return buffer.value

    def also(self, interface: uuid.UUID) -> Object:
        """The same object by another of its interfaces."""
        found = ctypes.c_void_p()
        self.call(_QUERY, _guid(interface), ctypes.byref(found))
        return Object(found)


def _guid(value: uuid.UUID) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(value.bytes_le, 16)


@contextlib.contextmanager
def _link() -> Iterator[tuple[Object, Object]]:
    ole = ctypes.OleDLL("ole32")
    ole.CoInitialize(None)
    pointer = ctypes.c_void_p()
    ole.CoCreateInstance(
        _guid(SHELL_LINK), None, _IN_PROCESS, _guid(ISHELL_LINK), ctypes.byref(pointer)
    )
    link = Object(pointer)
    yield link, link.also(IPERSIST_FILE)


def shell_writes(path: Path, target: str, arguments: str, folder: str) -> None:
    """Let the shell make a shortcut."""
    with _link() as (link, file):
        link.call(_SET_PATH, target)
        link.call(_SET_ARGUMENTS, arguments)
        link.call(_SET_FOLDER, folder)
        file.call(_SAVE, str(path), 1)


def shell_reads(path: Path) -> tuple[str, str]:
    """Target and arguments of a shortcut, as the shell reads them."""
    with _link() as (link, file):
        file.call(_LOAD, str(path), 0)
        buffer = ctypes.create_unicode_buffer(_LENGTH)
        link.call(_GET_PATH, buffer, _LENGTH, ctypes.c_void_p(), _RAW_PATH)
        return buffer.value, link.text(_GET_ARGUMENTS)
