"""A small valid manifest as a plain document, to start from and break one thing."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import msgspec

from agent.manifest.reading import parse
from agent.model import Manifest, ManifestFile, Role


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_DOCUMENT: dict[str, Any] = {
    "created": "2022-12-20T10:00:00Z",
    "directories": ["bin", "spool"],
    "files": [
        {
            "mtime": "2022-11-30T09:12:44Z",
            "optional": False,
            "path": "bin/medicom.exe",
            "role": "program",
            "sha256": sha("medicom"),
            "size": 81920,
        },
        {
            "optional": True,
            "path": "bin/uitleg.chm",
            "role": "program",
            "sha256": sha("help"),
            "size": 12,
        },
        {
            "optional": False,
            "path": "medicom.ini",
            "role": "settings",
            "sha256": "0" * 64,
            "size": 0,
        },
    ],
    "origin": "made on WERKPLEK-1",
    "product": "medicom",
    "schema": "werkplekherstel.manifest/1",
    "sequence": 41,
    "stamp": "22.4.0.118",
    "version": "2022.4",
    "withdrawn": [sha("taken back")],
}


def document() -> dict[str, Any]:
    """A fresh copy of a valid document."""
    return copy.deepcopy(_DOCUMENT)


def canonical_bytes(value: object) -> bytes:
    """A document written as `writing` does it, also when its values are wrong."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def example(**changes: object) -> Manifest:
    """A valid manifest, some fields replaced."""
    return msgspec.structs.replace(parse(canonical_bytes(document()), "example"), **changes)


def listed(path: str, content: str = "", role: Role = Role.PROGRAM) -> ManifestFile:
    """A listed file with the hash of a text."""
    text = content or path
    return ManifestFile(path=path, role=role, sha256=sha(text), size=len(text))
