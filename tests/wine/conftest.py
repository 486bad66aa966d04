"""The Wine prefix for tests that drive it from Linux, and the practice that is built inside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.pc.table import pytest_terminal_summary, rows
from tests.real.conftest import FindWheel, find_wheel, unpack
from tests.wine.practice import Bench
from tests.wine.software import WHEELS, Medicom
from wine_prefix import Prefix, default_folder
from wine_recipe import is_ready

__all__ = ["find_wheel", "pytest_terminal_summary", "rows"]

LANE = "wine"
WAIT_SECONDS = 600.0
"""For others that use the prefix."""
ROOT_OF_B = "D:\\Praktijk\\PP 2019\\Medicom"
TRACES_OF_B = ("uninstall key", "service", "shortcut", "app paths")


@pytest.fixture(scope="session")
def prefix() -> Iterator[Prefix]:
    """The prefix, ours alone; nothing runs in it any more afterwards."""
    found = Prefix(default_folder())
    if not is_ready(found):
        reason = f"no Wine prefix in {found.folder}: python3 build/wine.py setup"
        if LANE in os.environ.get("WERKPLEK_REQUIRE_LANES", "").replace(",", " ").split():
            pytest.fail(reason)
        pytest.skip(reason)
    with found.held(alone=True, wait_seconds=WAIT_SECONDS):
        yield found


@pytest.fixture(scope="session")
def medicom(find_wheel: FindWheel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Medicom]:
    """The program of the practice: ``whole`` and ``light``."""
    trees = {ours: unpack(find_wheel("cmake", v), "cmake/") for ours, v in WHEELS.items()}
    base = tmp_path_factory.mktemp("medicom")
    return {
        "whole": Medicom.whole(trees, base / "heel"),
        "light": Medicom.light(trees, base / "licht"),
    }


@pytest.fixture(scope="module")
def furnish(
    prefix: Prefix, medicom: dict[str, Medicom], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Bench]]:
    """Makes the prefix another PC, by the root of its installation and the traces of it."""
    base = tmp_path_factory.mktemp("pc")

    def make(root: str, *traces: str) -> Bench:
        bench = Bench(prefix, base, medicom["light"], root)
        bench.furnish(traces)
        return bench.emptied()

    yield make
    prefix.clean()
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def furnished_b(furnish: Callable[..., Bench]) -> Bench:
    """PC-B with its registry, before anything is on its drives."""
    return furnish(ROOT_OF_B, *TRACES_OF_B)


@pytest.fixture
def pc_b(furnished_b: Bench) -> Bench:
    """PC-B after the clean-up, on the light tree; nothing behind the share and on the stick."""
    bench = furnished_b.emptied()
    bench.cleaned_up()
    return bench
