"""Drive letters that another logon has: mapped and ``subst`` drives are kept for each logon.

A service or an elevated run does not see the letters of the person at the desk. What stands in the
registry about them turns a path with such a letter into one that means the same for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.discovery.command_lines import is_share
from agent.discovery.registry_reader import RegistryReader
from agent.ports import Hive, Key

DEVICES = Key(Hive.MACHINE, "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\DOS Devices")
"""``subst`` made permanent: ``P:`` = ``\\??\\D:\\Praktijk``.

https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-definedosdevicew
"""
MAX_HOPS = 4
"""A letter may lead to a path with another letter."""

_LETTER = re.compile(r"[A-Za-z]:?")
_DRIVE_PATH = re.compile(r"[A-Za-z]:\\")
_NT_PREFIX = "\\??\\"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a letter stands for, according to one place in the registry."""

    target: str
    """A folder or a share, without a backslash at its end."""
    where: str
    open_to_all: bool


@dataclass(frozen=True)
class Letters:
    """What the letters of all logons stand for."""

    meanings: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    """By letter in upper case, without colon."""

    @classmethod
    def read(cls, registry: RegistryReader) -> Letters:
        """Everything that the registry says about letters."""
        found: dict[str, tuple[Meaning, ...]] = {}
        for letter, meaning in (*_machine(registry), *_mapped(registry)):
            known = found.get(letter, ())
            if all(one.target.lower() != meaning.target.lower() for one in known):
                found[letter] = (*known, meaning)
        return cls(found)

    def resolve(self, path: str) -> tuple[Meaning, ...]:
        """Every path that a path may mean; empty when nothing is known about its letter.

        Args:
            path: absolute, with a letter that this logon does not have.
        """
        return tuple(self._resolved(path, MAX_HOPS))

    def _resolved(self, path: str, hops: int) -> Iterator[Meaning]:
        for one in self.meanings.get(path[:1].upper(), ()) if path[1:2] == ":" else ():
            whole = one.target + path[2:].rstrip("\\")
            deeper = whole[:1].upper() in self.meanings and not is_share(whole)
            if not deeper:
                yield Meaning(whole, one.where, one.open_to_all)
            elif hops:
                for further in self._resolved(whole, hops - 1):
                    where = f"{one.where} + {further.where}"
                    open_to_all = one.open_to_all or further.open_to_all
                    yield Meaning(further.target, where, open_to_all)


def _machine(registry: RegistryReader) -> Iterator[tuple[str, Meaning]]:
    values = registry.values(DEVICES)
    for name, text in values.texts():
        path = text.removeprefix(_NT_PREFIX)
        if path.lower().startswith("unc\\"):
            path = "\\\\" + path[len("unc\\") :]
        if _LETTER.fullmatch(name) and (_DRIVE_PATH.match(path) or is_share(path)):
            yield name[0].upper(), Meaning(path.rstrip("\\"), values.where(name), False)


def _mapped(registry: RegistryReader) -> Iterator[tuple[str, Meaning]]:
    for root in registry.users():
        network = root / "Network"
        for letter in registry.subkeys(network):
            values = registry.values(network / letter)
            share = values.text("RemotePath")
            if share is not None and is_share(share) and _LETTER.fullmatch(letter):
                meaning = Meaning(share.rstrip("\\"), values.where("RemotePath"), True)
                yield letter[0].upper(), meaning
