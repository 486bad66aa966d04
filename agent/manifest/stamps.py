"""The version stamp of a program: the file version in its PE version resource.

https://learn.microsoft.com/windows/win32/api/verrsrc/ns-verrsrc-vs_fixedfileinfo
"""

from __future__ import annotations

import stat
from pathlib import Path

MAX_PROGRAM_BYTES = 512 * 1024**2
"""Bytes of a program whose resources are worth looking for."""
_MAGIC = b"MZ"
_WORD_BITS = 16
_WORD = 0xFFFF


def read_stamp(path: Path) -> str | None:
    """``22.4.0.118``, or None when there is no stamp or it can't be read; never raises.

    A file version of nothing but zeros says nothing and is no stamp.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_PROGRAM_BYTES:
            return None
        with path.open("rb") as stream:
            if stream.read(len(_MAGIC)) != _MAGIC:
                return None
        return _file_version(path)
    except Exception:  # noqa: BLE001  (a damaged program makes the parser fail in any way)
        return None


def _file_version(path: Path) -> str | None:
    import pefile  # noqa: PLC0415  (60 ms that only a program with a stamp is worth)

    program = pefile.PE(str(path), fast_load=True)
    try:
        resources = pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]
        program.parse_data_directories(directories=[resources])
        fixed = getattr(program, "VS_FIXEDFILEINFO", None)
        if not fixed:
            return None
        return _dotted(fixed[0].FileVersionMS, fixed[0].FileVersionLS)
    finally:
        program.close()


def _dotted(most: int, least: int) -> str | None:
    words = (most >> _WORD_BITS, most & _WORD, least >> _WORD_BITS, least & _WORD)
    return ".".join(map(str, words)) if any(words) else None
