"""What may not be in a report is taken out here: the profile folder and with it the user's name.

Owns no choice of *what* is listed (`report` does that), only how a value is written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from agent.reporting.documents import Fact

PROFILE = "%USERPROFILE%"
_SHARED_PROFILES = "public|default|all users|default user"
_WINDOWS_PROFILE = re.compile(
    rf"[a-z]:[\\/]users[\\/](?!(?:{_SHARED_PROFILES})(?:[\\/]|$))[^\\/:*?\"<>|]+",
    re.IGNORECASE,
)
"""Any person's profile folder: a run as SYSTEM meets those of others."""

_PRIVATE_FACTS = frozenset({"user", "account", "sid"})
"""Names of facts that say who; they belong in the local log only."""


class Scrub:
    """Writes values down without the profile folder."""

    def __init__(self, home: PurePath | None = None) -> None:
        """Take the profile folder of the user of this run, None when it is not known."""
        self._home = _pattern(home) if home else None

    def text(self, value: object) -> str:
        """A path or a sentence."""
        plain = str(value)
        if self._home is not None:
            plain = self._home.sub(lambda _: PROFILE, plain)
        return _WINDOWS_PROFILE.sub(lambda _: PROFILE, plain)

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
    start = r"(?<![\w.-])" + re.escape(home.drive) + r"[\\/]" + r"[\\/]".join(parts)
    return re.compile(rf"{start}(?=[\\/\s:,;'\")]|$)", re.IGNORECASE if home.drive else 0)
