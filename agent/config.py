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
_KEYS: dict[str, dict[str, type]] = {
    "installation": {"root": str, "product": str},
    "catalogue": {"manifests": list, "folders": list},
    "sources": {"paths": list},
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


def read_config(path: Path) -> Config:
    """Read a settings file.

    Args:
        path: of the file; relative paths in it are relative to its folder.

    Raises:
        UsageError: ``config-invalid`` because it can't be read or says what it may not; names
            file, line (0 when it has none) and key.
    """
    text = _read(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 0
        raise _invalid(path, line, "", "not-toml") from error
    except RecursionError as error:
        raise _invalid(path, 0, "", "not-toml") from error
    _check(path, text, document)
    installation = document.get("installation", {})
    catalogue = document.get("catalogue", {})
    root = installation.get("root")
    return Config(
        root=path.parent / root if root else None,
        product=installation.get("product"),
        manifests=_paths(path, catalogue.get("manifests", ())),
        catalogues=_paths(path, catalogue.get("folders", ())),
        sources=_paths(path, document.get("sources", {}).get("paths", ())),
        lang=document.get("output", {}).get("lang"),
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _invalid(path, 0, "", error.strerror or str(error)) from error
    if len(data) > MAX_BYTES:
        raise _invalid(path, 0, "", "too-large")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _invalid(path, 0, "", "not-utf-8") from error


def _check(path: Path, text: str, document: dict[str, object]) -> None:
    for table, values in document.items():
        known = _KEYS.get(table)
        if known is None or not isinstance(values, dict):
            raise _invalid(path, _line(text, table), table, "unknown-key")
        for key, value in values.items():
            if key not in known:
                raise _invalid(path, _line(text, key), f"{table}.{key}", "unknown-key")
            if not _fits(value, known[key]):
                raise _invalid(path, _line(text, key), f"{table}.{key}", "wrong-type")
    output = document.get("output", {})
    if isinstance(output, dict) and output.get("lang", "nl") not in LANGUAGES:
        raise _invalid(path, _line(text, "lang"), "output.lang", "wrong-value")


def _fits(value: object, wanted: type) -> bool:
    if not isinstance(value, wanted):
        return False
    return not isinstance(value, list) or all(isinstance(item, str) for item in value)


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*\[*\s*\"?{re.escape(key)}\b", line):
            return number
    return 0


def _paths(path: Path, given: list[str]) -> tuple[Path, ...]:
    return tuple(path.parent / one for one in given)


def _invalid(path: Path, line: int, key: str, what: str) -> UsageError:
    return UsageError("config-invalid", file=str(path), line=line, key=key, what=what)
