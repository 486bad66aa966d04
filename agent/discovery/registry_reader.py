"""Reading the registry as a probe may: nothing raises, keys are counted, wrong types are named.

Both views of the machine's and of the users' hives; the users of an elevated run are those whose
hive is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.discovery.probing import Inquiry, Log
from agent.ports import Hive, Key, Value, View

DEFAULT = "(Default)"
"""How the value without a name is called."""

_PERSON = re.compile(r"S-1-(?:5-21|12-1)-[\d-]+", re.IGNORECASE)


def is_person(sid: str) -> bool:
    """Whether a security identifier is that of a user account, local, of a domain or in a cloud.

    https://learn.microsoft.com/windows/win32/secauthz/well-known-sids
    """
    return _PERSON.fullmatch(sid) is not None


class KeyValues:
    """The values of one key; names in any case."""

    def __init__(self, key: Key, values: Mapping[str, Value], log: Log) -> None:
        self.key = key
        self._by_name = {name.lower(): (name, value) for name, value in values.items()}
        self._log = log

    def where(self, name: str) -> str:
        """What a person looks up to see a value."""
        return f"{self.key}: {name or DEFAULT}"

    def text(self, name: str) -> str | None:
        """A text that is not blank; a value of another type is noted as trouble."""
        found = self._by_name.get(name.lower())
        if found is None:
            return None
        text = found[1].text
        if text is None:
            self._log.trouble(self.where(found[0]), "wrong-type")
            return None
        return text.strip() or None

    def binary(self, name: str) -> bytes | None:
        """The bytes of a binary value, None where there is none."""
        found = self._by_name.get(name.lower())
        return found[1].data if found is not None and isinstance(found[1].data, bytes) else None

    def words(self, *names: str) -> tuple[str, ...]:
        """The texts of some values, those that are there, each once."""
        texts = (self.text(name) for name in names)
        return tuple(dict.fromkeys(text for text in texts if text is not None))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text and every line of a list, with the name of its value."""
        for name, value in self._by_name.values():
            if value.text is not None:
                yield name, value.text
            elif isinstance(value.data, tuple):
                yield from ((name, one) for one in value.data)


class RegistryReader:
    """The registry of one inquiry; keys that are opened are counted."""

    def __init__(self, inquiry: Inquiry, log: Log) -> None:
        self._registry = inquiry.pc.registry
        self._elevated = inquiry.elevated
        self._left = inquiry.limits.registry_keys
        self._refused = False
        self._log = log

    @property
    def spent(self) -> bool:
        """Whether a key was not opened because it would have been one too many."""
        return self._refused

    def values(self, key: Key) -> KeyValues:
        """The values of a key, none where it is absent or can't be read."""
        if not self._may_open(key):
            return KeyValues(key, {}, self._log)
        try:
            found = self._registry.values(key)
        except FileNotFoundError:
            found = {}
        except OSError as error:
            self._log.trouble(key, error)
            found = {}
        return KeyValues(key, found, self._log)

    def subkeys(self, key: Key) -> Sequence[str]:
        """The names of the keys below a key, none where it is absent or can't be read."""
        if not self._may_open(key):
            return ()
        try:
            return self._registry.subkeys(key)
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._log.trouble(key, error)
            return ()

    def below(self, key: Key) -> Iterator[KeyValues]:
        """The values of each key straight below a key."""
        for name in self.subkeys(key):
            yield self.values(key / name)

    def _may_open(self, key: Key) -> bool:
        if self._left <= 0:
            if not self._refused:
                self._log.trouble(key, "too-many-keys")
            self._refused = True
            return False
        self._left -= 1
        self._log.looked(key)
        return True

    def users(self) -> Iterator[Key]:
        """The roots of the users' hives: of this user; elevated also of who is logged on."""
        yield Key(Hive.USER, "")
        if self._elevated:
            for sid in self.subkeys(Key(Hive.USERS, "")):
                if is_person(sid):
                    yield Key(Hive.USERS, sid)

    def everywhere(self, path: str) -> Iterator[Key]:
        """One path in the machine's hive and the users', each in both views."""
        roots = (Key(Hive.MACHINE, ""), *self.users())
        for root in roots:
            for view in View:
                yield Key(root.hive, root.path, view) / path
