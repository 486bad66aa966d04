"""A recovery stick (FORMATS section 5) and a folder of bytes named by hash, made by hand."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from agent.sources import wanted_list
from agent.sources.stick import GATHERED, MANIFESTS, MARKER, TREES
from tests.real.practice import Product, lay, put


def make_stick(
    place: Path,
    product: Product,
    versions: Iterable[str],
    *,
    whole: bool = True,
    made: datetime | None = None,
) -> Path:
    """The layout of FORMATS section 5, the complete marker last.

    Args:
        place: the stick, a folder that may exist.
        product: whose program files it carries.
        versions: which of them.
        whole: write the complete marker; without it the stick was pulled out too early.
        made: aware moment; now when not given.
    """
    names = []
    for version in versions:
        name = f"{product.name}-{version}"
        names.append(name)
        tree = lay(product.files[version], place / TREES / name)
        put(place / MANIFESTS / f"{name}.json", product.list_of(version).read_bytes())
        sums = "".join(f"{sha} *{path}\n" for path, sha in sorted(product.content(version).items()))
        put(tree / "SHA256SUMS", sums.encode())
    put(place / "LEES-MIJ.txt", b"Herstelstick\r\n")
    put(place / "herstel.toml", b'helpdesk = "Helpdesk"\n')
    if whole:
        moment = f"{made or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        marker = {"id": "stick-1", "made": moment, "versions": names, "complete": True}
        put(place / MARKER, json.dumps(marker).encode())
    return place


def on_stick(stick: Path, product: Product, version: str, path: str) -> Path:
    """Where a program file stands on the stick."""
    return stick / TREES / f"{product.name}-{version}" / path


def supply(wanted: Path, root: Path, place: Path) -> int:
    """What another PC has of a wanted list, put on a stick by hand under `verzameld`.

    Returns:
        How many files were put there.
    """
    asked = {each.sha256 for each in wanted_list.read(wanted).files}
    given = 0
    for folder, _, names in os.walk(root):
        for name in names:
            data = Path(folder, name).read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            target = place / GATHERED / "sha256" / sha256[:2] / sha256[2:]
            if sha256 in asked and not target.exists():
                put(target, data)
                given += 1
    return given
