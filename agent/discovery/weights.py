"""The weights of a search, read strictly from `weights.toml`; owns no number of its own.

Every entry has a ``why``; an unknown, an absent or a senseless one is our own mistake.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from agent.errors import OurError
from agent.model import ProbeGroup
from agent.outcomes import ExitCode

FILE = "weights.toml"


class PenaltyName(StrEnum):
    """What makes a folder less likely to be the installation."""

    BACKUP_NAME = "backup-name"
    PASSING_PLACE = "passing-place"
    RECYCLE_BIN = "recycle-bin"
    REMOVABLE = "removable"
    NETWORK = "network"
    OTHER_PROFILE = "other-profile"


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number that the choice of a folder depends on; all fractions from 0 to 1."""

    provenance: Mapping[ProbeGroup, float]
    penalties: Mapping[PenaltyName, float]
    backup_words: tuple[str, ...]
    """Names of copies, looked for as whole words in every part of a path."""
    town_words: tuple[str, ...]
    """Those of them that names of towns begin with: ``Oud-Beijerland``."""
    passing_folders: tuple[str, ...]
    recycle_folders: tuple[str, ...]
    content_share: float
    """Of C in S."""
    provenance_share: float
    """Of P in S."""
    score: float
    """S that is needed."""
    content: float
    """C that is needed."""
    margin: float
    """Lead in S that is needed."""
    named: float
    """P from which a folder counts as named."""
    outclassed: float
    """Lead in P that blocks even a registered rival."""
    few_right: int
    """Files: with fewer right ones C is scaled down."""


@lru_cache
def load() -> Weights:
    """The weights that this program comes with.

    Raises:
        OurError: ``weights-wrong`` because the file is not what it must be.
    """
    return parse(resources.files("agent.discovery").joinpath(FILE).read_bytes())


def parse(data: bytes) -> Weights:
    """Weights from the bytes of their file; raises as `load`."""
    try:
        document = tomllib.loads(data.decode())
    except ValueError as error:
        raise _wrong("", str(error)) from error
    table = _Table(document)
    weights = Weights(
        provenance={group: table.weight("provenance", group.value) for group in ProbeGroup},
        penalties={name: table.weight("penalty", name.value) for name in PenaltyName},
        backup_words=table.names("penalty", PenaltyName.BACKUP_NAME, "words"),
        town_words=table.names("penalty", PenaltyName.BACKUP_NAME, "town_words"),
        passing_folders=table.names("penalty", PenaltyName.PASSING_PLACE, "folders"),
        recycle_folders=table.names("penalty", PenaltyName.RECYCLE_BIN, "folders"),
        content_share=table.value("score", "content"),
        provenance_share=table.value("score", "provenance"),
        score=table.value("threshold", "score"),
        content=table.value("threshold", "content"),
        margin=table.value("threshold", "margin"),
        named=table.value("threshold", "named"),
        outclassed=table.value("threshold", "outclassed"),
        few_right=table.count("threshold", "few-right"),
    )
    table.refuse_unread()
    return weights


def _wrong(key: str, expected: str) -> OurError:
    return OurError("weights-wrong", ExitCode.INTERNAL_ERROR, file=FILE, key=key, expected=expected)


class _Table:
    """Typed access to the document; remembers what was read."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._unread = {
            f"{section}.{entry}.{key}": value
            for section, entries in document.items()
            for entry, keys in _items(section, entries)
            for key, value in _items(f"{section}.{entry}", keys)
        }

    def weight(self, section: str, entry: str) -> float:
        return self._fraction(section, entry, "weight")

    def value(self, section: str, entry: str) -> float:
        return self._fraction(section, entry, "value")

    def count(self, section: str, entry: str) -> int:
        number = self._with_why(section, entry, "value")
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise _wrong(f"{section}.{entry}.value", "1-")
        return number

    def names(self, section: str, entry: str, key: str) -> tuple[str, ...]:
        names = self._take(section, entry, key)
        if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
            raise _wrong(f"{section}.{entry}.{key}", "[text]")
        return tuple(names)

    def refuse_unread(self) -> None:
        for key in sorted(self._unread):
            raise _wrong(key, "nothing")

    def _fraction(self, section: str, entry: str, key: str) -> float:
        number = self._with_why(section, entry, key)
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
            raise _wrong(f"{section}.{entry}.{key}", "0-1")
        return float(number)

    def _with_why(self, section: str, entry: str, key: str) -> object:
        why = self._take(section, entry, "why")
        if not isinstance(why, str) or not why.strip():
            raise _wrong(f"{section}.{entry}.why", "text")
        return self._take(section, entry, key)

    def _take(self, section: str, entry: str, key: str) -> object:
        name = f"{section}.{entry}.{key}"
        if name not in self._unread:
            raise _wrong(name, "a value")
        return self._unread.pop(name)


def _items(name: str, table: object) -> list[tuple[str, Any]]:
    if not isinstance(table, dict):
        raise _wrong(name, "a table")
    return list(table.items())
