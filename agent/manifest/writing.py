"""Writing a manifest: the same values give the same bytes, always."""

from __future__ import annotations

import os
import tempfile
from operator import attrgetter
from pathlib import Path

import msgspec

from agent.manifest.bulk import not_collecting
from agent.model import Manifest


def canonical(manifest: Manifest) -> Manifest:
    """The same manifest with every list in its one order."""
    return msgspec.structs.replace(
        manifest,
        directories=tuple(sorted(manifest.directories)),
        files=tuple(sorted(manifest.files, key=attrgetter("path"))),
        withdrawn=tuple(sorted(manifest.withdrawn)),
    )


def to_bytes(manifest: Manifest) -> bytes:
    """The document: compact UTF-8 JSON, keys and lists sorted, integers only, one final LF."""
    with not_collecting():
        document = bytearray()
        msgspec.json.Encoder().encode_into(canonical(manifest), document)
        document += b"\n"
        return bytes(document)


def write(manifest: Manifest, path: Path) -> None:
    """Write the document whole: a temporary file beside it, flushed, then put in its place.

    Raises:
        OSError: because the folder can't be written; an earlier file is then as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(to_bytes(manifest))
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
