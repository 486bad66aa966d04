"""Folders with known bytes, and questions about them."""

from __future__ import annotations

import hashlib
import json

import pytest

from agent.manifest import writing
from agent.model import Manifest, ManifestFile, Role, Wanted


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def wanted(data, path="bin/medicom.exe"):
    return Wanted(sha256(data), len(data), path)


def put(root, files):
    for path, data in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return root


def manifest(files, version="2022.4", product="medicom", role=Role.PROGRAM):
    listed = tuple(
        ManifestFile(path=path, role=role, sha256=sha256(data), size=len(data))
        for path, data in files.items()
    )
    return Manifest(
        created="2022-12-20T10:00:00Z",
        files=listed,
        origin="made on WERKPLEK-1",
        product=product,
        version=version,
    )


def make_stick(root, *versions, complete=True):
    """A recovery stick with these `(version, files)`."""
    (root / "manifesten").mkdir(parents=True)
    for version, files in versions:
        data = writing.to_bytes(manifest(files, version))
        put(root, {f"manifesten/medicom-{version}.json": data})
        put(root / "bestanden" / f"medicom-{version}", files)
    marker = {"complete": True, "id": "s1"} if complete else {"id": "s1"}
    put(root, {"werkplekherstel.json": json.dumps(marker).encode()})
    return root


def taken(stream):
    with stream:
        return stream.read()


@pytest.fixture
def place(tmp_path):
    """Where the source is; beside it the target."""
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    return folder
