"""Two versions of real Windows software, as wheels: given, cached, or fetched with pip.

`WERKPLEK_WHEELS` names a folder that has the wheels. Without it they are fetched once into the
user's cache folder. Where that fails the tests are skipped with the reason, unless
`WERKPLEK_REQUIRE_LANES` lists ``real``: then they fail.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from tests.simulators.inventories import Content

LANE = "real"
FETCH_SECONDS = 300
"""Time limit of one download of at most 40 MB."""

FindWheel = Callable[[str, str], Path]
"""Name and version of a package to the path of its wheel for Windows."""
ReadTree = Callable[[str, str, str], dict[str, Content]]
"""Name, version and the path in the wheel that files must begin with, to path and content."""


@pytest.fixture(scope="session")
def find_wheel() -> FindWheel:
    """Finds the wheel of a package for Windows, or skips."""
    given = os.environ.get("WERKPLEK_WHEELS")

    def find(name: str, version: str) -> Path:
        if given is None:
            folder = Path(platformdirs.user_cache_dir("werkplekherstel")) / "wheels"
            return in_folder(folder, name, version) or fetch(folder, name, version)
        wheel = in_folder(Path(given), name, version)
        if wheel is None:
            pytest.fail(f"WERKPLEK_WHEELS names a folder without a wheel of {name} {version}")
        return wheel

    return find


@pytest.fixture(scope="session")
def read_tree(find_wheel: FindWheel) -> ReadTree:
    """Reads the program files out of a wheel; what pip itself adds (dist-info) is left out."""

    def read(name: str, version: str, prefix: str) -> dict[str, Content]:
        tree = {}
        with zipfile.ZipFile(find_wheel(name, version)) as wheel:
            for entry in wheel.infolist():
                wanted = entry.filename.startswith(prefix) and ".dist-info/" not in entry.filename
                if wanted and not entry.is_dir():
                    digest = hashlib.sha256(wheel.read(entry)).hexdigest()
                    tree[entry.filename] = Content(digest, entry.file_size)
        return tree

    return read


def in_folder(folder: Path, name: str, version: str) -> Path | None:
    return next(iter(sorted(folder.glob(f"{name}-{version}-*win_amd64.whl"))), None)


def fetch(folder: Path, name: str, version: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--platform", "win_amd64"]
    command += ["--only-binary=:all:", "--dest", str(folder), f"{name}=={version}"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=FETCH_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        absent(f"{name} {version} can't be fetched: {error} {said.decode(errors='replace')}")
    wheel = in_folder(folder, name, version)
    if wheel is None:
        absent(f"pip fetched {name} {version} under another name")
    return wheel


def absent(reason: str) -> None:
    required = os.environ.get("WERKPLEK_REQUIRE_LANES", "").replace(",", " ").split()
    if LANE in required:
        pytest.fail(reason)
    pytest.skip(reason)
