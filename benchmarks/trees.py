"""The trees that are measured: the same bytes every time, sizes spread like a real program.

A tree stands in the layout of a recovery stick, so that it is at once what is looked at, the source
to put back from, and (through its list) the reference. Nothing is measured here.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

GB = 10**9
PRODUCT, VERSION = "benchmark", "1"
SEED = 20230102
FILES_PER_FOLDER = 25
SIZE_SPREAD = 2.1
"""Sigma of the logarithm of the sizes: many small files, few that hold most of the bytes."""
LARGEST_SHARE = 1 / 40
"""No file holds more of the bytes than this."""
SMALLEST_BYTES = 40
POOL_BYTES = 4 << 20
"""Every content begins with bytes of its own and goes on with those of one random pool."""
FIXED_TIME_S = 1_660_000_000
"""Modification time of all: long ago, so that nothing looks like an update."""
MISSING_EVERY = 10
"""Which share of the files is deleted and put back: one in so many."""
EXTENSIONS = (".dll", ".dll", ".exe", ".xml", ".png", ".resx", ".txt", ".chm", ".ocx", ".xsd")
AREAS = ("bin", "Modules", "Resources", "Help", "Templates", "Lib", "Drivers", "Data")
COMPLETE_MARKER = "complete.json"
STICK_MARKER = "werkplekherstel.json"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a tree is."""

    name: str
    files: int
    bytes: int


SIZES = {
    size.name: size
    for size in (
        Size("S", 2_000, int(0.43 * GB)),
        Size("M", 20_000, int(3.1 * GB)),
        Size("L", 100_000, int(6.3 * GB)),
    )
}


class Spec(msgspec.Struct, frozen=True):
    """One file of a tree, before it is written."""

    path: str
    size: int


class Marker(msgspec.Struct, frozen=True):
    """Says that a tree is whole, and which one it is."""

    files: int
    bytes: int
    seed: int
    fingerprint: str
    """Of all digests and paths, in any order (`work.Fingerprint`)."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree on the disk with everything that belongs to it."""

    folder: Path
    marker: Marker

    @property
    def root(self) -> Path:
        """The program folder itself."""
        return program_folder(self.folder)

    @property
    def stick(self) -> Path:
        """The stick that the program folder stands on."""
        return self.folder / "stick"

    @property
    def manifest(self) -> Path:
        """The list."""
        return manifest_file(self.folder)

    @property
    def paths(self) -> Path:
        """Absolute paths of all files, each ended by a zero byte, for `xargs -0`."""
        return self.folder / "paths.nul"

    @property
    def missing(self) -> Path:
        """Relative paths of the tenth that is put back, one a line."""
        return self.folder / "missing.txt"


def program_folder(folder: Path) -> Path:
    """Where the files of the tree in `folder` stand."""
    return folder / "stick" / "bestanden" / f"{PRODUCT}-{VERSION}"


def manifest_file(folder: Path) -> Path:
    """Where the list of the tree in `folder` is."""
    return folder / "stick" / "manifesten" / f"{PRODUCT}-{VERSION}.json"


def specs(size: Size, seed: int = SEED) -> list[Spec]:
    """Paths and sizes of a tree, sorted by path; their sizes add up to exactly `size.bytes`."""
    chance = random.Random(seed)
    weights = [chance.lognormvariate(0, SIZE_SPREAD) for _ in range(size.files)]
    top = sum(weights) * LARGEST_SHARE
    weights = [min(weight, top) for weight in weights]
    scale = (size.bytes - SMALLEST_BYTES * size.files) / sum(weights)
    sizes = [SMALLEST_BYTES + int(weight * scale) for weight in weights]
    sizes[0] += size.bytes - sum(sizes)
    found = [Spec(_path(index, chance), each) for index, each in enumerate(sizes)]
    return sorted(found, key=lambda spec: spec.path)


def _path(index: int, chance: random.Random) -> str:
    folder = index // FILES_PER_FOLDER
    parts = [AREAS[folder % len(AREAS)], f"Component{folder // len(AREAS):03d}"]
    if folder % 3 == 0:
        parts.insert(1, f"Version {folder % 5}.0")
    name = f"Praktijk.Module{index:06d}{chance.choice(EXTENSIONS)}"
    return "/".join([*parts, name])


def content(spec: Spec, pool: bytes) -> Iterator[memoryview]:
    """The bytes of a file in pieces; no two files of a tree have the same."""
    own = hashlib.sha256(spec.path.encode()).digest()[: min(32, spec.size)]
    yield memoryview(own)
    start = int.from_bytes(own[:4], "little") % len(pool)
    left = spec.size - len(own)
    view = memoryview(pool)
    while left:
        piece = view[start : start + left]
        yield piece
        left -= len(piece)
        start = 0


def make(folder: Path, size: Size, seed: int = SEED) -> Tree:
    """The tree in a folder: made, or found whole from an earlier run.

    Args:
        folder: of this tree alone; what is half made there is made again.
        size: which tree.
        seed: another one gives other bytes.
    """
    found = find(folder, size, seed)
    if found is not None:
        return found
    shutil.rmtree(folder, ignore_errors=True)
    for needed in (program_folder(folder), manifest_file(folder).parent):
        needed.mkdir(parents=True)
    marker = _write_all(folder, size, seed)
    (folder / COMPLETE_MARKER).write_bytes(msgspec.json.encode(marker))
    return Tree(folder, marker)


def find(folder: Path, size: Size, seed: int = SEED) -> Tree | None:
    """The tree that an earlier run made here, None when it is another one or not whole."""
    try:
        marker = msgspec.json.decode((folder / COMPLETE_MARKER).read_bytes(), type=Marker)
    except (OSError, msgspec.MsgspecError):
        return None
    same = (marker.files, marker.bytes, marker.seed) == (size.files, size.bytes, seed)
    return Tree(folder, marker) if same else None


def _write_all(folder: Path, size: Size, seed: int) -> Marker:
    from agent.manifest.writing import to_bytes  # noqa: PLC0415
    from agent.model import Manifest, ManifestFile  # noqa: PLC0415
    from benchmarks.work import Fingerprint  # noqa: PLC0415

    root = program_folder(folder)
    pool = random.Random(seed).randbytes(POOL_BYTES)
    fingerprint = Fingerprint()
    files: list[ManifestFile] = []
    folders: dict[str, None] = {}
    for spec in specs(size, seed):
        above = spec.path.rpartition("/")[0]
        if above not in folders:
            (root / above).mkdir(parents=True, exist_ok=True)
            folders[above] = None
        digest = _write(root / spec.path, content(spec, pool))
        fingerprint.add(digest, spec.path, spec.size)
        files.append(ManifestFile(path=spec.path, size=spec.size, sha256=digest))
    manifest = Manifest(
        created="2022-12-20T10:00:00Z",
        directories=tuple(folders),
        files=tuple(files),
        origin="benchmark",
        product=PRODUCT,
        version=VERSION,
        sequence=1,
    )
    manifest_file(folder).write_bytes(to_bytes(manifest))
    (folder / "stick" / STICK_MARKER).write_text('{"complete": true}\n', encoding="utf-8")
    _write_lists(folder, [file.path for file in files])
    return Marker(fingerprint.files, fingerprint.bytes, seed, fingerprint.text)


def _write(path: Path, pieces: Iterator[memoryview]) -> str:
    digest = hashlib.sha256()
    with path.open("wb", buffering=0) as stream:
        for piece in pieces:
            digest.update(piece)
            stream.write(piece)
    os.utime(path, (FIXED_TIME_S, FIXED_TIME_S))
    return digest.hexdigest()


def _write_lists(folder: Path, paths: list[str]) -> None:
    root = program_folder(folder)
    (folder / "paths.nul").write_bytes(b"".join(os.fsencode(root / path) + b"\0" for path in paths))
    missing = paths[::MISSING_EVERY]
    (folder / "missing.txt").write_text("\n".join(missing) + "\n", encoding="utf-8")
