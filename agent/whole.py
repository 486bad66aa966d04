"""Writing a document whole: the one way in which our own small files are written."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never a half one.

    A temporary file beside it, flushed, then put in its place; with the usual permissions, so that
    others can read what is left for them on a stick or a share.

    Raises:
        OSError: because the folder can't be written; an earlier file is then as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
