"""Which names and paths concern the products that are looked for.

Owns the words of a product: how it, its vendor and its folders are called, and the programs that
its profile and its manifests name. Says nothing about whether a folder is the installation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agent.discovery.probing import Sought
from agent.profiles import Profile
from agent.profiles.patterns import Matcher, fold
from agent.profiles.profile import GENERIC

COMMON_PROGRAMS = frozenset(
    map(
        fold,
        (
            "setup.exe", "install.exe", "installer.exe", "uninstall.exe", "uninst.exe",
            "unins000.exe", "update.exe", "updater.exe", "launcher.exe", "helper.exe", "start.exe",
            "crashpad_handler.exe", "vcredist_x86.exe", "vcredist_x64.exe", "vc_redist.x86.exe",
            "vc_redist.x64.exe", "regsvr32.exe", "7z.exe", "7za.exe", "curl.exe", "python.exe",
            "java.exe", "javaw.exe", "node.exe",
        ),
    )
)  # fmt: skip
"""Programs that many products bring along: their name says nothing about whose they are."""
_WILD = re.compile(r"[*?\[]")
"""What makes a pattern of a name."""
_SEPARATORS = re.compile(r"[\\/]+")


def parts_of(path: str) -> list[str]:
    """The parts of an absolute path, drive or host first, whichever way the separators lean."""
    return [part for part in _SEPARATORS.split(path) if part]


@dataclass(frozen=True)
class Words:
    """Names that are looked for in text as whole words, whatever their case."""

    _expression: re.Pattern[str] | None

    @classmethod
    def of(cls, names: Iterable[str]) -> Words:
        """Names of one or more words; a line, dot or digit beside one ends a word, a letter not."""
        keys = sorted({fold(name.strip()) for name in names} - {""}, key=lambda n: (-len(n), n))
        if not keys:
            return cls(None)
        union = "|".join(r"[ ._-]+".join(map(re.escape, key.split())) for key in keys)
        return cls(re.compile(rf"(?<![^\W_])(?:{union})(?![^\W_\d])"))

    def within(self, text: str) -> bool:
        """Whether one of the names stands in a text."""
        return self._expression is not None and self._expression.search(fold(text)) is not None


def product_names(profile: Profile) -> tuple[str, ...]:
    """What the product itself is called; nothing for the profile that stands for any product."""
    return () if profile.name == GENERIC else (profile.name, profile.title)


def main_names(profile: Profile) -> tuple[str, ...]:
    """The patterns of the main programs without their folders."""
    return tuple(pattern.rpartition("/")[2] for pattern in profile.main_programs)


def program_names(sought: Sought) -> frozenset[str]:
    """Folded names of the programs (``.exe``) that any manifest lists, common ones left out."""
    return sought.programs - COMMON_PROGRAMS


@dataclass(frozen=True)
class Interest:
    """Tells what concerns any of the products that are looked for."""

    _words: Words
    _mains: Matcher
    _programs: frozenset[str]
    _anywhere: Words | None
    """Every such name, also those of the programs; None where a pattern stands for any name."""

    @classmethod
    def of(cls, sought: Iterable[Sought]) -> Interest:
        """The interest in some products together."""
        products = tuple(sought)
        words: set[str] = set()
        for one in products:
            words.update(product_names(one.profile))
            words.update((*one.profile.vendor_names, *one.profile.folder_names))
        mains = (name for one in products for name in main_names(one.profile))
        programs = frozenset[str]().union(*(program_names(one) for one in products))
        names = tuple(mains)
        literal = not any(_WILD.search(name) for name in names)
        anywhere = Words.of((*words, *names, *programs)) if literal else None
        return cls(Words.of(words), Matcher.of(names), programs, anywhere)

    def in_text(self, *texts: str) -> bool:
        """Whether a raw text, not taken apart yet, may concern a product at all."""
        anywhere = self._anywhere
        return anywhere is None or any(anywhere.within(text) for text in texts if text)

    def in_words(self, *texts: str | None) -> bool:
        """Whether a text holds the name of a product, of its vendor or of its folder."""
        return any(text and self._words.within(text) for text in texts)

    def in_path(self, path: str) -> bool:
        """Whether a part of a path holds such a name, or its last part is one of the programs."""
        parts = parts_of(path)
        if not parts:
            return False
        last = fold(parts[-1])
        if last in self._programs or self._mains.matches(last):
            return True
        return any(self._words.within(part) for part in parts)
