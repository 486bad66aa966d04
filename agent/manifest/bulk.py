"""The name rules for very many paths at once; owns no rule of its own.

A list of 100,000 files is read in tens of milliseconds, so nothing here works path by path as long
as all is well. Where something is wrong, `names` says what.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from operator import itemgetter

from agent.manifest.limits import MAX_PART_UNITS
from agent.manifest.names import LOCK_NAME, fold, is_ours, problems_of
from agent.model import Manifest, ManifestFile

_BAD = 1
"""The byte that every forbidden one becomes."""
_FORBIDDEN = bytes(range(32)).replace(b"\n", b"") + b'<>:"|?*\\'
_UPPER = bytes(range(256)).upper()


def _table(classes: Mapping[bytes, int]) -> bytes:
    """A translation that makes upper case, and one byte of each class."""
    table = bytearray(_UPPER)
    for members, image in classes.items():
        for byte in members:
            table[byte] = image
    return bytes(table)


_PARTS = _table({_FORBIDDEN: _BAD, b"/": ord("\n")})
"""Every part on a line of its own."""
_COARSE = _table(
    {_FORBIDDEN: _BAD, b"/. $": ord("\n"), b"123456789": ord("1")}
    | {b"CPANXLcpanxl": ord("C"), b"ORUoru": ord("O")}
)
"""Every run between separators on a line of its own, letters of device names thrown together."""
_SUSPECTS = (b"\n\n", b"\nCOC\n", b"\nCOM1\n", b"\nCCT1\n")
"""After `_COARSE`: an empty part, a dot or space before a separator, or a dot at the beginning (so
also every name of ours); CON, PRN, AUX, NUL (and some harmless names); COMn; LPTn. Without any of
these the parts need no second look."""
_DOLLAR_SUSPECTS = (b"\nCOCIC\n", b"\nCOCOOT\n")
"""The same for CONIN$ and CONOUT$."""
_DEVICE_LINE = re.compile(
    rb"\n(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)(?:[1-9]|\xc2[\xb9\xb2\xb3])) *[.\n]"
)
_OURS_SUSPECT = b"\n" + LOCK_NAME[:9].upper().encode()
"""What all our own names begin with, after `_PARTS`."""
_FILES = "files_by_key"


def checked_keys(paths: Sequence[str]) -> list[str] | None:
    """The keys of many paths, in their order, or None when any path breaks a rule.

    Says what `names.problems_of` says for each, at the speed of C: the joined text is looked
    through as a whole. Bytes suffice, because no byte of a longer UTF-8 sequence equals one of ours
    and a part has no more UTF-16 units than UTF-8 bytes.
    """
    if not paths:
        return []
    text = "\n".join(paths)
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return None
    if raw.count(b"\n") != len(paths) - 1:
        return None
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        return None
    if not _parts_good(raw, paths) or not _short_enough(paths, ascii_only=text.isascii()):
        return None
    return _split_keys(text, paths)


def _parts_good(raw: bytes, paths: Sequence[str]) -> bool:
    framed = b"".join((b"\n", raw, b"\n"))
    coarse = framed.translate(_COARSE)
    if _BAD in coarse:
        return False
    suspects = (*_SUSPECTS, *_DOLLAR_SUSPECTS) if b"$" in raw else _SUSPECTS
    if raw.isascii() and not any(suspect in coarse for suspect in suspects):
        return True
    lines = framed.translate(_PARTS)
    if any(bad in lines for bad in (b"\n\n", b".\n", b" \n")):
        return False
    if _OURS_SUSPECT in lines and any(map(is_ours, paths)):
        return False
    return _DEVICE_LINE.search(lines) is None


def _short_enough(paths: Sequence[str], *, ascii_only: bool) -> bool:
    size = len if ascii_only else _utf8_length
    if max(map(size, paths)) <= MAX_PART_UNITS:
        return True
    return not any(problems_of(path) for path in paths if size(path) > MAX_PART_UNITS)


def _utf8_length(path: str) -> int:
    return len(path.encode())


def remember_files(manifest: Manifest, files: dict[str, ManifestFile]) -> None:
    """Keep the files by key that reading worked out anyway; no field, and a copy has none."""
    vars(manifest)[_FILES] = files


def files_by_key(manifest: Manifest) -> dict[str, ManifestFile]:
    """The listed files by key, in their order; the caller's own."""
    kept: dict[str, ManifestFile] | None = vars(manifest).get(_FILES)
    if kept is not None:
        return kept.copy()
    keys = fold_many([file.path for file in manifest.files])
    return dict(zip(keys, manifest.files, strict=True))


def fold_many(paths: Sequence[str]) -> list[str]:
    """The keys of many paths, in their order; much faster than `fold` for each."""
    return _split_keys("\n".join(paths), paths)


def _split_keys(text: str, paths: Sequence[str]) -> list[str]:
    """`text` is the paths joined by line feeds."""
    upper = text.upper()
    keys = upper.split("\n")
    if len(upper) == len(text) and len(keys) == len(paths):
        return keys
    return [fold(path) for path in paths]


def ancestors(keys: Iterable[str]) -> set[str]:
    """Every folder above any of the keys, the root left out."""
    found: set[str] = set()
    for folder in set(map(itemgetter(0), map(str.rpartition, keys, repeat("/")))):
        above = folder
        while above and above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found


@contextmanager
def not_collecting() -> Iterator[None]:
    """No garbage collection meanwhile: a long list holds none, looking for it costs most."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
