"""What may not be in a report is taken out here: profile folders and with them people's names.

What no document can hold, half a character (Windows allows it in names), is made readable here too.
Owns no choice of *what* is listed (`report` does that), only how a value is written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from agent.reporting.documents import Fact

PROFILE = "%USERPROFILE%"
_SHARED_PROFILES = "public|default|all users|default user"
_OF_A_PERSON = rf"(?!(?:{_SHARED_PROFILES})(?:[\\/]|$))[^\\/:*?\"<>|]+"
_WINDOWS_PROFILE = re.compile(
    rf"[a-z]:[\\/](?:users|documents and settings)[\\/]{_OF_A_PERSON}", re.IGNORECASE
)
"""Any person's profile folder: a run as SYSTEM meets those of others."""
_SHARED_OUT = re.compile(
    rf"([\\/]{{2}}(?:[?.][\\/]unc[\\/])?[^\\/\s]+[\\/](?:[a-z]\$[\\/])?)users[\\/]{_OF_A_PERSON}",
    re.IGNORECASE,
)
"""The same by way of a share of a PC; which PC it is stays readable."""
_POSIX_PROFILE = re.compile(r"(?<![\w.-])/home/[^/\s:,;'\")]+")

_SID = re.compile(r"S-1-(?:5-21|12-1)(?:-\d+){1,14}", re.IGNORECASE)
"""The number of a person's account: of a PC, a domain or a cloud.

https://learn.microsoft.com/windows/win32/secauthz/well-known-sids
"""
SOMEBODY = "%SID%"

_PRIVATE_FACTS = frozenset({"user", "account", "sid"})
"""Names of facts that say who; they belong in the local log only."""


def is_profile(path: str) -> bool:
    """Whether a path is somebody's profile folder by its own words, so that it is known as such."""
    return _WINDOWS_PROFILE.fullmatch(path) is not None


def readable(text: str) -> str:
    """A text with halves of characters written out, which UTF-8 can't hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Scrub:
    """Writes values down without the profile folders."""

    def __init__(self, *homes: PurePath) -> None:
        """Take the profile folder of the user of this run, by each of its paths, and of others."""
        # The longest first: one path may be the beginning of another.
        ordered = sorted(homes, key=lambda home: -len(str(home)))
        self._homes = [pattern for home in ordered if (pattern := _pattern(home))]

    def text(self, value: object) -> str:
        """A path or a sentence."""
        plain = readable(str(value))
        for pattern in (*self._homes, _WINDOWS_PROFILE, _POSIX_PROFILE):
            plain = pattern.sub(lambda _: PROFILE, plain)
        plain = _SID.sub(SOMEBODY, plain)
        return _SHARED_OUT.sub(lambda found: found[1] + PROFILE, plain)

    def maybe(self, value: object | None) -> str | None:
        """A path or a sentence, or nothing."""
        return None if value is None else self.text(value)

    def facts(self, facts: Mapping[str, object]) -> dict[str, Fact]:
        """The values of an error, as they can stand in a document."""
        return {
            name: self._fact(value) for name, value in facts.items() if name not in _PRIVATE_FACTS
        }

    def _fact(self, value: object) -> Fact:
        if isinstance(value, bool | int | float):
            return value
        if isinstance(value, Iterable) and not isinstance(value, str | bytes | PurePath):
            return [self.text(one) for one in value]
        return "" if value is None else self.text(value)


def _pattern(home: PurePath) -> re.Pattern[str] | None:
    parts = [re.escape(part) for part in home.parts[1:]]
    if not parts:
        return None  # a profile at the top of a drive would hide every path
    start = r"(?<![\w.-])" + _drive(home.drive) + r"[\\/]" + r"[\\/]".join(parts)
    return re.compile(rf"{start}(?=[\\/\s:,;'\")]|$)", re.IGNORECASE if home.drive else 0)


def _drive(drive: str) -> str:
    """A letter, or a host and its share in each form that such a path has."""
    if not drive.startswith("\\\\"):
        return re.escape(drive)
    host_and_share = r"[\\/]".join(map(re.escape, drive[2:].split("\\")))
    return rf"[\\/]{{2}}(?:[?.][\\/]unc[\\/])?{host_and_share}"
