"""Settings from a TOML file (``--config``); options of the command line win over them.

Strict: an unknown key or a value of the wrong type is an error that names file, line and key.
Nothing is ever read from the program folder.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from agent.errors import UsageError

MAX_BYTES = 1024 * 1024
"""A settings file is small; more than this is something else."""
LANGUAGES = ("nl", "en")
SHOWN = 40
"""Characters of a line without a key that are named."""
_HEADER = re.compile(r"\s*\[+\s*\"?([\w-]+)\"?\s*\]")
_KEYS: dict[str, dict[str, type]] = {
    "installation": {"root": str, "product": str},
    "catalogue": {"manifests": list, "folders": list},
    "sources": {"paths": list},
    "search": {"removable": bool, "seconds": int, "hosts": list},
    "output": {"lang": str},
}
"""Every table and key, with the type of its value; lists hold text."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a settings file says; empty where it says nothing."""

    root: Path | None = None
    product: str | None = None
    manifests: tuple[Path, ...] = ()
    catalogues: tuple[Path, ...] = ()
    sources: tuple[Path, ...] = ()
    lang: str | None = None
    removable: bool = False
    """Whether a search goes over sticks and cards too."""
    sweep_s: float | None = None
    """Seconds that going through the disks may take; None for the usual budget."""
    hosts: frozenset[str] = frozenset()
    """PCs whose shares an elevated run may open, in lower case."""


def read_config(path: Path) -> Config:
    """Read a settings file.

    Args:
        path: of the file; relative paths in it are relative to its folder.

    Raises:
        UsageError: ``config-unreadable`` because it is no settings file at all, ``config-invalid``
            because it says what it may not; names file, line (0 when it has none) and key.
    """
    text = _read(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        # An unclosed value ends with the document, so it is the last line that is wrong.
        line = int(found[1]) if found else len(text.splitlines())
        raise _invalid(path, line, _key_at(text, line), "not-toml") from error
    except RecursionError as error:
        raise _unreadable(path, "too-deep") from error
    _check(path, text, document)
    installation = document.get("installation", {})
    catalogue = document.get("catalogue", {})
    search = document.get("search", {})
    root = installation.get("root")
    return Config(
        root=(path.parent / root).absolute() if root else None,
        product=installation.get("product"),
        manifests=_paths(path, catalogue.get("manifests", ())),
        catalogues=_paths(path, catalogue.get("folders", ())),
        sources=_paths(path, document.get("sources", {}).get("paths", ())),
        lang=document.get("output", {}).get("lang"),
        removable=search.get("removable", False),
        sweep_s=search.get("seconds"),
        hosts=frozenset(host.lower() for host in search.get("hosts", ())),
    )


def _read(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise _unreadable(path, "not-a-file")  # a pipe would be waited for
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    if len(data) > MAX_BYTES:
        raise _unreadable(path, "too-large")
    try:
        return data.decode("utf-8-sig")  # Notepad writes a byte order mark
    except UnicodeDecodeError as error:
        raise _unreadable(path, "not-utf-8") from error


def _check(path: Path, text: str, document: dict[str, object]) -> None:
    for table, values in document.items():
        known = _KEYS.get(table)
        if known is None or not isinstance(values, dict):
            raise _invalid(path, _line(text, table), table, "unknown-key")
        for key, value in values.items():
            if key not in known:
                raise _invalid(path, _line(text, table, key), f"{table}.{key}", "unknown-key")
            if not _fits(value, known[key]):
                raise _invalid(path, _line(text, table, key), f"{table}.{key}", "wrong-type")
            if not _allowed(table, key, value):
                raise _invalid(path, _line(text, table, key), f"{table}.{key}", "wrong-value")


def _fits(value: object, wanted: type) -> bool:
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        return False
    return not isinstance(value, list) or all(isinstance(item, str) for item in value)


def _allowed(table: str, key: str, value: object) -> bool:
    if (table, key) == ("output", "lang"):
        return value in LANGUAGES
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return value > 0
    # An empty path would mean the folder of this file.
    return all(value) if isinstance(value, list) else bool(value)


def _line(text: str, table: str, key: str = "") -> int:
    """The line of a table, or of a key below it; 0 where it is written in another way."""
    found, inside = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            inside = header[1] == table
            if inside and not key:
                return number
        elif _names(line, f"{table}.{key}" if key else table):
            found = found or number
        elif inside and _names(line, key):
            return number
    return found


def _names(line: str, key: str) -> bool:
    return bool(key) and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[.=]", line) is not None


def _key_at(text: str, line: int) -> str:
    """What stands before the ``=`` on a line that is no TOML."""
    lines = text.splitlines()
    said = lines[line - 1] if 0 < line <= len(lines) else ""
    return said.partition("=")[0].strip() if "=" in said else said.strip()[:SHOWN]


def _paths(path: Path, given: list[str]) -> tuple[Path, ...]:
    return tuple(path.parent / one for one in given)


def _unreadable(path: Path, what: str) -> UsageError:
    return UsageError("config-unreadable", file=str(path), what=what)


def _invalid(path: Path, line: int, key: str, what: str) -> UsageError:
    return UsageError("config-invalid", file=str(path), line=line, key=key, what=what)
