"""Strict reading of product profiles from TOML: every key known, every value of its type."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from agent.errors import UsageError
from agent.model import Role
from agent.profiles.profile import NAME_PATTERN, Profile

MAX_PROFILE_BYTES = 256 * 1024
"""Bytes of one profile."""
MAX_QUIET_MINUTES = 24 * 60
"""Minutes; a whole day without a write is never waited for."""

_LISTS = (
    "program",
    "settings",
    "ignored",
    "main_programs",
    "updater_processes",
    "staging_names",
    "vendor_names",
    "folder_names",
    "stamp_from",
)
_REQUIRED = ("name", "title", "verified", "unknown", "program")
_KEYS = frozenset((*_REQUIRED, *_LISTS, "quiet_minutes"))
_PATHS = frozenset(_LISTS) - {"vendor_names"}


def read_all(extra: Sequence[Path] = ()) -> Iterator[Profile]:
    """Our own profiles first, then the extra ones in the order given.

    Args:
        extra: TOML files, or folders of them.

    Raises:
        UsageError: because a profile does not say what it must.
    """
    ours = resources.files("agent.profiles")
    for entry in sorted(ours.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            yield parse(entry.read_bytes(), entry.name)
    for path in extra:
        for file in _files(path):
            yield parse(_bytes_of(file), str(file))


def _files(path: Path) -> Sequence[Path]:
    return sorted(path.glob("*.toml")) if path.is_dir() else (path,)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_PROFILE_BYTES + 1)
    except OSError as error:
        raise UsageError(
            "profile-unreadable", file=str(path), error=error.strerror or str(error)
        ) from error
    return data


def parse(data: bytes, place: str) -> Profile:
    """One profile from the bytes of its file.

    Args:
        data: TOML, UTF-8.
        place: the file, for the message.

    Raises:
        UsageError: because a key is unknown, absent, or of the wrong type.
    """
    if len(data) > MAX_PROFILE_BYTES:
        raise UsageError("profile-too-large", file=place, limit=MAX_PROFILE_BYTES)
    try:
        table = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError("profile-not-toml", file=place, error=str(error)) from error
    for key in sorted(table.keys() - _KEYS):
        raise UsageError("profile-unknown-key", file=place, key=key)
    for key in _REQUIRED:
        if key not in table:
            raise UsageError("profile-key-absent", file=place, key=key)
    return _profile(_Table(table, place))


class _Table:
    """Typed access to one TOML table; every complaint names file and key."""

    def __init__(self, table: dict[str, object], place: str) -> None:
        self._table = table
        self._place = place

    def wrong(self, key: str, expected: str) -> UsageError:
        return UsageError("profile-wrong-value", file=self._place, key=key, expected=expected)

    def text(self, key: str) -> str:
        value = self._table[key]
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "text")
        return value

    def name(self, key: str) -> str:
        value = self.text(key)
        if NAME_PATTERN.fullmatch(value) is None:
            raise self.wrong(key, NAME_PATTERN.pattern)
        return value

    def flag(self, key: str) -> bool:
        value = self._table[key]
        if not isinstance(value, bool):
            raise self.wrong(key, "true | false")
        return value

    def role(self, key: str) -> Role:
        value = self.text(key)
        if value not in {Role.PROGRAM, Role.IGNORED}:
            raise self.wrong(key, "program | ignored")
        return Role(value)

    def minutes(self, key: str, default: int) -> int:
        value = self._table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "minutes")
        if not 0 <= value <= MAX_QUIET_MINUTES:
            raise self.wrong(key, f"0-{MAX_QUIET_MINUTES}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._table.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "[text]")
        return tuple(self._entry(key, entry) for entry in value)

    def _entry(self, key: str, entry: object) -> str:
        if not isinstance(entry, str) or not entry.strip():
            raise self.wrong(key, "[text]")
        if key in _PATHS and (entry.startswith("/") or entry.endswith("/") or "\\" in entry):
            raise self.wrong(key, "a/b")
        return entry


def _profile(table: _Table) -> Profile:
    lists = {key: table.texts(key) for key in _LISTS}
    return Profile(
        name=table.name("name"),
        title=table.text("title"),
        verified=table.flag("verified"),
        unknown=table.role("unknown"),
        quiet_minutes=table.minutes("quiet_minutes", Profile.quiet_minutes),
        **lists,
    )
