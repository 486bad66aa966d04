"""A registry in memory; implements `agent.ports.Registry`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.ports import Hive, Key, Value, ValueKind, View

MAX_HOPS = 64
"""Links that are followed before they are said to go round."""

Data = str | tuple[str, ...] | list[str] | int | bytes


def key_of(text: str, view: View = View.BITS_64) -> Key:
    """``HKLM\\SOFTWARE\\X`` as a key."""
    hive, _, path = text.partition("\\")
    return Key(Hive(hive), path, view)


def value_of(data: Data, *, expandable: bool = False) -> Value:
    """A value whose type follows from its data."""
    if isinstance(data, str):
        return Value(ValueKind.EXPANDABLE if expandable else ValueKind.TEXT, data)
    if isinstance(data, (tuple, list)):
        return Value(ValueKind.LIST, tuple(data))
    if isinstance(data, int):
        return Value(ValueKind.NUMBER, data)
    return Value(ValueKind.BINARY, data)


@dataclass
class SimulatedRegistry:
    """Keys and values; names are compared without case, as Windows does."""

    keys: dict[Key, dict[str, Value]] = field(default_factory=dict)
    denied: set[Key] = field(default_factory=set)
    """Keys that may not be read."""
    loops: dict[Key, Key] = field(default_factory=dict)
    """Keys that are links to others, round and round if one likes."""
    slow_s: float = 0.0
    """Seconds that every question takes."""

    def put(
        self,
        key: Key | str,
        name: str = "",
        data: Data = "",
        *,
        view: View = View.BITS_64,
        expandable: bool = False,
    ) -> Key:
        """Write one value, and the key if need be."""
        made = key_of(key, view) if isinstance(key, str) else key
        at = self._exact(made) or made
        self.keys.setdefault(at, {})[name] = value_of(data, expandable=expandable)
        return at

    def make(self, key: Key | str, *, view: View = View.BITS_64) -> Key:
        """An empty key."""
        made = key_of(key, view) if isinstance(key, str) else key
        self.keys.setdefault(self._exact(made) or made, {})
        return made

    def values(self, key: Key) -> Mapping[str, Value]:
        """The values of a key by name."""
        return dict(self.keys.get(self._open(key), {}))

    def subkeys(self, key: Key) -> tuple[str, ...]:
        """The names of the keys below a key, each once."""
        opened = self._open(key)
        prefix = opened.path.casefold() + "\\" if opened.path else ""
        names: dict[str, str] = {}
        for other in (*self.keys, *self.loops):
            path = other.path
            if not _same_place(other, opened) or not path.casefold().startswith(prefix):
                continue
            name = path[len(prefix) :].split("\\", 1)[0]
            if name:
                names.setdefault(name.casefold(), name)
        return tuple(names.values())

    def _open(self, key: Key) -> Key:
        if self.slow_s:
            time.sleep(self.slow_s)
        key = self._through_links(key)
        if any(_equal(key, other) for other in self.denied):
            raise PermissionError(13, "Access is denied", str(key))
        if self._exact(key) is None and not self._is_above(key):
            raise FileNotFoundError(2, "The system cannot find the file specified", str(key))
        return self._exact(key) or key

    def _through_links(self, key: Key) -> Key:
        for _ in range(MAX_HOPS):
            followed = self._through_link(key)
            if followed == key:
                return key
            key = followed
        raise OSError(1921, "The name of the file cannot be resolved by the system", str(key))

    def _through_link(self, key: Key) -> Key:
        for link, target in self.loops.items():
            start = link.path.casefold()
            path = key.path.casefold()
            inside = path == start or path.startswith(start + "\\")
            if _same_place(link, key) and inside:
                return Key(target.hive, target.path + key.path[len(link.path) :], target.view)
        return key

    def _exact(self, key: Key) -> Key | None:
        return next((other for other in self.keys if _equal(other, key)), None)

    def _is_above(self, key: Key) -> bool:
        if not key.path:
            return True
        prefix = key.path.casefold() + "\\"
        return any(
            _same_place(other, key) and other.path.casefold().startswith(prefix)
            for other in (*self.keys, *self.loops)
        )


def _equal(one: Key, other: Key) -> bool:
    return _same_place(one, other) and one.path.casefold() == other.path.casefold()


def _same_place(one: Key, other: Key) -> bool:
    """Views differ below the machine's and the users' software only."""
    if one.hive is not other.hive:
        return False
    path = one.path.casefold()
    split = path == "software" or path.startswith("software\\")
    return one.view is other.view or not split
