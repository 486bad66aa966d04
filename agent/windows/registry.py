"""The registry of this PC, read only.

https://learn.microsoft.com/windows/win32/sysinfo/registry
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from agent.ports import Hive, Key, Value, ValueKind, View

LARGEST_CHARACTERS = 64 * 1024
"""Characters of a text, or bytes of another value, that are kept: no path is longer than 32,767."""
MOST_NAMES = 100_000
"""Values or keys of one key that are read."""

_TEXT, _EXPANDABLE, _NUMBER, _LIST, _LARGE_NUMBER = 1, 2, 4, 7, 11
"""https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types"""
_NO_MORE = 259
"""``ERROR_NO_MORE_ITEMS``."""
_HIVES = {
    Hive.MACHINE: "HKEY_LOCAL_MACHINE",
    Hive.USER: "HKEY_CURRENT_USER",
    Hive.USERS: "HKEY_USERS",
}
_VIEWS = {View.BITS_64: "KEY_WOW64_64KEY", View.BITS_32: "KEY_WOW64_32KEY"}


class WindowsRegistry:
    """Implements `agent.ports.Registry` with `winreg`."""

    def values(self, key: Key) -> Mapping[str, Value]:
        """See `Registry`; what is longer than `LARGEST_CHARACTERS` is cut off there."""
        with _opened(key) as (winreg, handle):
            found = _all(lambda number: winreg.EnumValue(handle, number))
            return {str(name): value_of(data, kind) for name, data, kind in found}

    def subkeys(self, key: Key) -> Sequence[str]:
        """See `Registry`."""
        with _opened(key) as (winreg, handle):
            return tuple(_all(lambda number: winreg.EnumKey(handle, number)))


def value_of(data: object, kind: int) -> Value:
    """A value as `winreg` gives it; the type of the data decides where it disagrees with `kind`.

    Args:
        data: text, list of texts, number, bytes or None.
        kind: the type that the registry notes.
    """
    if isinstance(data, str) and kind in (_TEXT, _EXPANDABLE):
        text = ValueKind.EXPANDABLE if kind == _EXPANDABLE else ValueKind.TEXT
        return Value(text, data[:LARGEST_CHARACTERS])
    if isinstance(data, list) and kind == _LIST:
        return Value(ValueKind.LIST, tuple(_within(data)))
    if isinstance(data, int) and kind in (_NUMBER, _LARGE_NUMBER):
        return Value(ValueKind.NUMBER, data)
    raw = data if isinstance(data, bytes) else b""
    return Value(ValueKind.BINARY, raw[:LARGEST_CHARACTERS])


def _within(texts: Sequence[object]) -> Iterator[str]:
    left = LARGEST_CHARACTERS
    for text in texts:
        shown = str(text)[:left]
        left -= len(shown)
        yield shown
        if left <= 0:
            return


@contextmanager
def _opened(key: Key) -> Iterator[tuple[Any, Any]]:
    """The `winreg` module and an open key.

    The view is asked for, so ``Wow6432Node`` is never spelled:
    https://learn.microsoft.com/windows/win32/winprog64/accessing-an-alternate-registry-view
    """
    import winreg  # noqa: PLC0415 - Windows only

    module: Any = winreg
    if "\0" in key.path:
        raise FileNotFoundError(errno.ENOENT, "No such key", str(key))
    hive = getattr(module, _HIVES[key.hive])
    access = module.KEY_READ | getattr(module, _VIEWS[key.view])
    with module.OpenKeyEx(hive, key.path, 0, access) as handle:
        yield module, handle


def _all(item: Callable[[int], Any]) -> Iterator[Any]:
    """Items by number until there are no more; what is changed meanwhile may be missed."""
    for number in range(MOST_NAMES):
        try:
            yield item(number)
        except OSError as error:
            if getattr(error, "winerror", None) != _NO_MORE:
                raise
            return
