"""The other two PCs of the practice: PC-A is whole, PC-C is half broken and an older version."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.wine.practice import HOST, ON_SHARE, SHARE, Bench
from tests.wine.software import NEW, OLD

pytestmark = pytest.mark.wine

STANDARD = "C:\\PharmaPartners"
Furnish = Callable[..., Bench]


def test_the_whole_pc_is_found_in_the_standard_place_and_healthy(furnish: Furnish):
    pc_a = furnish(STANDARD, "uninstall key", "start menu")
    pc_a.lay(NEW)
    pc_a.prefix.link_share(HOST, SHARE, pc_a.folder)
    before = pc_a.seen()
    looked = pc_a.run("check")
    assert (looked.code, looked.one["root"], looked.one["version"]["id"]) == (0, STANDARD, NEW)
    assert looked.one["diagnosis"]["class"] == "healthy"
    assert pc_a.run("repair", "--yes").code == 0
    assert pc_a.seen() == before
    assert pc_a.ours() == []


def test_two_half_copies_complete_a_half_broken_pc(furnish: Furnish):
    pc_c = furnish("D:\\Programma\\Huisarts", "vendor key", "run key", "shortcut (user)")
    gone = pc_c.medicom.only_old()
    pc_c.lay(OLD, without=gone[::2])
    pc_c.medicom.lay(pc_c.share, OLD, pc="pc-a", without=gone[::4])
    on_stick = pc_c.at("E:\\half")
    pc_c.medicom.lay(on_stick, OLD, pc="pc-d", without=gone[2::4])
    before = pc_c.seen()
    for source in (ON_SHARE, "E:\\half"):
        alone = pc_c.run("repair", "--yes", "--source", source)
        assert alone.code == 11
        assert pc_c.seen() == before
    done = pc_c.run("repair", "--yes", "--source", ON_SHARE, "--source", "E:\\half")
    assert (done.code, done.one["root"]) == (0, pc_c.root)
    assert sorted(done.used().values()) == sorted([len(gone[::4]), len(gone[2::4])])
    assert pc_c.is_complete(OLD)
    assert pc_c.ours() == []
