"""Which names may stand in a manifest, and how two names are compared.

The rules of Windows hold on every system, because a manifest is made on one PC and used on another:
https://learn.microsoft.com/windows/win32/fileio/naming-a-file
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agent.manifest.limits import MAX_PART_UNITS, MAX_PATH_CHARACTERS
from agent.profiles.patterns import fold

__all__ = [
    "LOCK_NAME",
    "STAGING_PREFIX",
    "UNDO_DIRECTORY",
    "fold",
    "is_device",
    "is_ours",
    "problems_of",
]

LOCK_NAME = ".werkplekherstel.lock"
"""The lock file, straight in the root of an installation."""
UNDO_DIRECTORY = ".werkplekherstel"
"""Our own folder, straight in the root of an installation."""
STAGING_PREFIX = ".werkplek-"
"""What every staged file begins with, in any folder."""

_OURS_HINT = ".WERKPLEK"
_LOCK_KEY, _UNDO_KEY, _STAGING_KEY = fold(LOCK_NAME), fold(UNDO_DIRECTORY), fold(STAGING_PREFIX)

_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f]")
_CHARACTER = re.compile(r'[<>:"|?*]')
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DEVICE = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[1-9\u00b9\u00b2\u00b3]) *",
    re.ASCII | re.IGNORECASE,
)


def is_ours(path: str) -> bool:
    """Whether a relative path is one of our own files or below our own folder."""
    key = fold(path)
    if _OURS_HINT not in key:
        return False
    parts = key.split("/")
    if parts[0] == _UNDO_KEY or key == _LOCK_KEY:
        return True
    return any(part.startswith(_STAGING_KEY) for part in parts)


def is_device(part: str) -> bool:
    """Whether Windows takes a name for a device, whatever follows its first dot."""
    return _DEVICE.fullmatch(part.partition(".")[0]) is not None


def problems_of(path: str) -> tuple[str, ...]:
    """Ids of every rule for names that a relative path breaks; empty when it is good."""
    if not path:
        return ("path-empty",)
    return tuple(dict.fromkeys((*_whole(path), *_parts(path))))


def _whole(path: str) -> Iterator[str]:
    if len(path) > MAX_PATH_CHARACTERS:
        yield "path-too-long"
    if path.startswith(("/", "\\")):
        yield "path-absolute"
    if _DRIVE.match(path):
        yield "path-drive"
    if "\\" in path:
        yield "path-backslash"
    if _CONTROL.search(path):
        yield "path-control"
    if _CHARACTER.search(path):
        yield "path-character"
    if _SURROGATE.search(path):
        yield "path-surrogate"
    if not unicodedata.is_normalized("NFC", path):
        yield "path-not-nfc"
    if is_ours(path):
        yield "path-ours"


def _parts(path: str) -> Iterator[str]:
    for part in path.split("/"):
        if not part:
            yield "path-part-empty"
        elif part == ".":
            yield "path-dot"
        elif part == "..":
            yield "path-parent"
        elif part[-1] in ". ":
            yield "path-trailing"
        if is_device(part):
            yield "path-device"
        if len(part) > MAX_PART_UNITS // 2 and _units(part) > MAX_PART_UNITS:
            yield "path-part-too-long"


def _units(part: str) -> int:
    return len(part.encode("utf-16-le", "surrogatepass")) // 2
