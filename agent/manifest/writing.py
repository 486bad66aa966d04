"""Writing a manifest: the same values give the same bytes, always."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path

import msgspec

from agent.manifest.bulk import not_collecting
from agent.model import Manifest
from agent.whole import write_whole


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
    write_whole(path, to_bytes(manifest))
