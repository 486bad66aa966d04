"""A folder of 100,000 files is checked, and 1,000 of them are put back."""

from __future__ import annotations

import os
import shutil

import pytest

from agent.demo.practice import content
from agent.manifest.names import LOCK_NAME
from tests.real.practice import Pc, Product, put, vendor_ns

pytestmark = pytest.mark.large

FILES, FOLDERS, GONE, CONTENTS = 100_000, 400, 1_000, 990


@pytest.fixture
def pc(tmp_path):
    """The 1,000 that will be missing have bytes of their own; the others share some.

    A name more on the same file costs a fifth of a new file, and a look reads it all the same.
    """
    product = Product("groot", tmp_path / "product", "1.0", "1.0", {"1.0": {}})
    pc = Pc(product, tmp_path / "BALIE-1", lists=("1.0",))
    base, pool = pc.root, tmp_path / "inhoud"
    for folder in range(FOLDERS):
        (base / f"map{folder:03}").mkdir(parents=True)
    for number in range(CONTENTS):
        put(pool / str(number), b"inhoud %d\n" % number, vendor_ns(str(number)))
    for number in range(FILES):
        path = path_of(number)
        if number < GONE:
            put(base / path, b"eigen inhoud %d\n" % number, vendor_ns(path))
        else:
            os.link(pool / str(number % CONTENTS), base / path)
    product.base.mkdir()
    product.list_from(base, "1.0", 1)
    yield pc
    shutil.rmtree(base)


def path_of(number: int) -> str:
    return f"map{number % FOLDERS:03}/bestand {number:06}.dat"


def test_is_checked_and_a_thousand_come_back_exactly(pc, tmp_path):
    source = tmp_path / "usb"
    source.mkdir()
    whole = seen(pc)
    missing = {path_of(number): number for number in range(GONE)}
    for path, number in missing.items():
        (pc.root / path).rename(source / f"{number}.bin")

    answer = pc.repair(source)

    assert (answer.kind, answer.code) == ("files-deleted", 0)
    assert (answer.one["before"]["listed"], answer.one["before"]["missing"]) == (FILES, GONE)
    assert answer.source(0)["used"] == GONE
    assert answer.one["after"]["ok"] == FILES
    assert seen(pc) == whole
    assert pc.undo().code == 0
    assert seen(pc) == {path: one for path, one in whole.items() if path not in missing}


def seen(pc: Pc) -> dict[str, tuple[str, int]]:
    """Bytes and times of everything but our lock."""
    return {path: one for path, one in content(pc.root).items() if path != LOCK_NAME}
