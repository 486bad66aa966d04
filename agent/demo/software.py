"""Two versions of a real Windows program, fetched with pip; without network a generated pair."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from agent.workflow.request import APPLICATION

OLD_VERSION, NEW_VERSION = "3.31.6", "4.0.0"
PACKAGE = "cmake"
INSIDE = "cmake/"
"""The part of the wheel that is the program folder."""
DOWNLOAD_TIMEOUT_S = 180
VENDOR_TIME = 1_669_800_000
"""Modification time of every program file, seconds since 1970: 30 November 2022."""
WHEELS = {
    OLD_VERSION: "cmake-3.31.6-py3-none-win_amd64.whl",
    NEW_VERSION: "cmake-4.0.0-py3-none-win_amd64.whl",
}
GENERATED_FILES = 1_200
"""Files of each generated version."""
GENERATED_SHARED = 0.7
"""Share of the generated files whose bytes the new version has too, under another path."""
GENERATED_PROGRAMS, GENERATED_CHANGED = 30, 12
"""Program files at the same path in both versions, and how many of them differ."""
GENERATED_SEED = 20_230_102


@dataclass(frozen=True)
class Software:
    """Two versions of one program, as the bytes of its files by path."""

    title: str
    real: bool
    versions: Mapping[str, Mapping[str, bytes]]
    """Version to path to bytes."""

    def write(self, version: str, folder: Path) -> None:
        """Install one version in a folder that does not exist yet."""
        made: set[Path] = set()
        for path, data in self.versions[version].items():
            target = folder / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            target.write_bytes(data)
            os.utime(target, (VENDOR_TIME, VENDOR_TIME))


def get_software(tell: Callable[[str], None], *, offline: bool = False) -> Software:
    """The real program where it can be had, else the generated one; `tell` says which.

    Args:
        tell: takes one text id for a line to the person.
        offline: never touch the network, not even the cache.
    """
    if not offline:
        wheels = {version: _wheel(version, tell) for version in WHEELS}
        if all(wheels.values()):
            return Software(
                f"CMake {OLD_VERSION} → {NEW_VERSION}",
                real=True,
                versions={v: _unpack(path) for v, path in wheels.items() if path},
            )
    tell("demo-generated")
    return Software("Demo 3.31.6 → 4.0.0", real=False, versions=_generated())


def _wheel(version: str, tell: Callable[[str], None]) -> Path | None:
    cache = Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False)) / "wheels"
    path = cache / WHEELS[version]
    if path.is_file() and zipfile.is_zipfile(path):
        return path
    tell("demo-fetching")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--only-binary=:all:", "--platform", "win_amd64", "--dest", str(cache),
        f"{PACKAGE}=={version}",
    ]  # fmt: skip
    try:
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            timeout=DOWNLOAD_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return path if path.is_file() else None


def _unpack(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            info.filename.removeprefix(INSIDE): archive.read(info)
            for info in archive.infolist()
            if info.filename.startswith(INSIDE) and not info.is_dir()
        }


def _generated() -> dict[str, dict[str, bytes]]:
    # Like the real pair: most content moved to a path with the version in it, little stayed.
    chance = random.Random(GENERATED_SEED)
    old: dict[str, bytes] = {}
    new: dict[str, bytes] = {}
    for number in range(GENERATED_FILES):
        data = _bytes(chance, f"old {number}")
        old[f"data/share/demo-3.31/m{number % 40}/f{number}.txt"] = data
        moved = chance.random() < GENERATED_SHARED
        new[f"data/share/demo-4.0/m{number % 40}/f{number}.txt"] = (
            data if moved else _bytes(chance, f"new {number}")
        )
    for number in range(GENERATED_PROGRAMS):
        path = f"data/bin/part{number}.dll"
        old[path] = _bytes(chance, f"old dll {number}")
        changed = number < GENERATED_CHANGED
        new[path] = _bytes(chance, f"new dll {number}") if changed else old[path]
    return {OLD_VERSION: old, NEW_VERSION: new}


def _bytes(chance: random.Random, label: str) -> bytes:
    seed = hashlib.sha256(label.encode()).digest()
    return seed + chance.randbytes(chance.randint(200, 20_000))
