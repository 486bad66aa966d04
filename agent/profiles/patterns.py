"""Matching relative paths against the patterns of a profile; owns how names are folded.

A pattern is a glob on the path relative to the root, ``/`` between the parts, without regard to
case: ``*`` and ``?`` stay within one part, ``**`` stands for any number of parts. A pattern without
``/`` matches the file name in any folder. Everything else, brackets too, is meant literally.

Most patterns are ``*.ext``, a plain name or ``folder/**``. Those are answered from sets and
once per folder, so that a list of 100,000 paths is not a million regular expression matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WILDCARDS = frozenset("*?")
_BELOW = "/**"


def fold(path: str) -> str:
    """The key two names are compared by: a one-to-one upper case for each character, as NTFS does.

    Characters whose upper case is longer stay as they are, so ``straße`` and ``strasse`` differ.
    """
    upper = path.upper()
    if len(upper) == len(path):
        return upper
    return "".join(u if len(u := character.upper()) == 1 else character for character in path)


def expression(pattern: str) -> str:
    """A regular expression for a folded path; `pattern` is a glob as described above."""
    key = fold(pattern)
    if "/" not in key:
        return "(?:.*/)?" + _part(key)
    parts = key.split("/")
    last = len(parts) - 1
    pieces: list[str] = []
    for place, part in enumerate(parts):
        if part == "**":
            pieces.append(".+" if place == last else "(?:.+/)?")
        else:
            pieces.append(_part(part) + ("" if place == last else "/"))
    return "".join(pieces)


def _part(glob: str) -> str:
    wild = re.sub(r"\*+", "*", glob)
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(c) or re.escape(c) for c in wild)


def _union(patterns: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = [expression(pattern) for pattern in patterns]
    return (
        re.compile("|".join(f"(?:{one})" for one in alternatives), re.DOTALL)
        if alternatives
        else None
    )


def _is_suffix(key: str) -> bool:
    return key.startswith("*.") and not _WILDCARDS.intersection(key[1:]) and "." not in key[2:]


@dataclass(frozen=True)
class Matcher:
    """The patterns of one role, sorted by how they are answered."""

    everything: bool
    suffixes: frozenset[str]
    """``.EXT``, folded."""
    names: frozenset[str]
    """Whole file names, folded."""
    below: re.Pattern[str] | None
    """Patterns that end in ``/**``: they depend on the folder alone."""
    other: re.Pattern[str] | None

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Matcher:
        """Compile patterns; the order does not matter."""
        keys = sorted({fold(pattern) for pattern in patterns})
        suffixes = {key for key in keys if "/" not in key and _is_suffix(key)}
        names = {key for key in keys if "/" not in key and not _WILDCARDS.intersection(key)}
        below = {key for key in keys if key.endswith(_BELOW)}
        everything = {key for key in keys if key in {"*", "**"}}
        other = set(keys) - suffixes - names - below - everything
        return cls(
            bool(everything),
            frozenset(key[1:] for key in suffixes),
            frozenset(names),
            _union(sorted(below)),
            _union(sorted(other)),
        )

    @property
    def empty(self) -> bool:
        """Whether nothing can match."""
        return not (self.everything or self.suffixes or self.names or self.below or self.other)

    def matches(self, key: str) -> bool:
        """Whether one folded path matches."""
        if self.everything:
            return True
        name = key[key.rfind("/") + 1 :]
        if name in self.names or name[name.rfind(".") :] in self.suffixes:
            return True
        if self.below is not None and self.below.fullmatch(key):
            return True
        return self.other is not None and self.other.fullmatch(key) is not None

    def select(self, keys: Iterable[str]) -> Iterator[str]:
        """Those of many folded paths that match, in their order."""
        if self.empty:
            return
        folders: dict[str, bool] = {}
        names, suffixes, other = self.names, self.suffixes, self.other
        for key in keys:
            folder, _, name = key.rpartition("/")
            inside = folders.get(folder)
            if inside is None:
                inside = folders[folder] = self._takes_folder(folder)
            if (
                inside
                or name in names
                or name[name.rfind(".") :] in suffixes
                or (other is not None and other.fullmatch(key))
            ):
                yield key

    def _takes_folder(self, folder: str) -> bool:
        """Whether every file straight in this folder matches; ``""`` is the root."""
        if self.everything:
            return True
        return (
            self.below is not None and self.below.fullmatch(f"{folder}/?".lstrip("/")) is not None
        )
