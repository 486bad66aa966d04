from __future__ import annotations

import pytest

from agent.diagnosis.mixing import Mixture, mixture
from agent.model import Mode
from tests.simulators.inventories import Folder, known_manifest, numbered

TREE = numbered(100, "1.0 {}".format)


def version(name, count=100):
    return known_manifest(numbered(count, (name + " {}").format), version=name)


@pytest.fixture
def old():
    return version("1.0")


@pytest.fixture
def new():
    return version("2.0")


def half(old, of_new, nobodys=0):
    folder = Folder.of(old)
    for number in range(of_new):
        folder.change(f"bin/{number:04}.dat", f"2.0 {number}")
    for number in range(of_new, of_new + nobodys):
        folder.change(f"bin/{number:04}.dat", "of nobody")
    return folder.inventory()


def test_one_version_alone_is_no_mixture(old, new):
    assert mixture([old, new], Folder.of(old).inventory()) is None
    assert mixture([old], Folder.of(old).inventory()) is None
    assert mixture([], Folder.of(old).inventory()) is None


def test_the_version_that_explains_more_on_its_own_comes_first(old, new):
    assert mixture([old, new], half(old, 60)) == Mixture("2.0", "1.0", 60, 40, 1.0)
    assert mixture([new, old], half(old, 50)) == Mixture("1.0", "2.0", 50, 50, 1.0)


@pytest.mark.parametrize(("of_new", "is_half"), [(3, True), (2, False), (97, True), (98, False)])
def test_a_half_update_needs_three_files_of_each(old, new, of_new, is_half):
    assert mixture([old, new], half(old, of_new)).is_half_update is is_half


@pytest.mark.parametrize(("nobodys", "is_half"), [(5, True), (6, False)])
def test_a_half_update_explains_95_of_100_files_together(old, new, nobodys, is_half):
    found = mixture([old, new], half(old, 10, nobodys))
    assert found.together == (100 - nobodys) / 100
    assert found.is_half_update is is_half


def test_files_that_only_one_version_lists_count_too():
    old = known_manifest(numbered(5, folder="old"), version="1.0")
    new = known_manifest(numbered(4, folder="new"), version="2.0")
    folder = Folder.of(old)
    for path, data in numbered(4, folder="new").items():
        folder.add(path, data)
    assert mixture([old, new], folder.inventory()) == Mixture("1.0", "2.0", 5, 4, 1.0)


def test_strangers_and_unreadable_files_are_not_part_of_what_is_here(old, new):
    folder = Folder.of(old)
    for number in range(10):
        folder.change(f"bin/{number:04}.dat", f"2.0 {number}")
        folder.make_unreadable(f"bin/{number + 50:04}.dat")
        folder.add(f"mine/{number}.txt")
    assert mixture([old, new], folder.inventory()) == Mixture("1.0", "2.0", 80, 10, 1.0)


def test_of_three_versions_the_pair_that_explains_most_is_named(old, new):
    third = version("3.0")
    folder = Folder.of(old)
    for number in range(40):
        folder.change(f"bin/{number:04}.dat", f"3.0 {number}")
    folder.change("bin/0099.dat", "2.0 99")
    found = mixture([third, new, old], folder.inventory())
    assert (found.first, found.second, found.is_half_update) == ("1.0", "3.0", True)


def test_a_pair_that_leaves_little_unexplained_goes_before_one_that_explains_more_files(old, new):
    third = known_manifest(
        {**numbered(100, "3.0 {}".format), **numbered(20, folder="more")}, version="3.0"
    )
    folder = Folder.of(old)
    for number in range(3):
        folder.change(f"bin/{number:04}.dat", f"2.0 {number}")
    folder.change("bin/0003.dat", "3.0 3")
    for number in range(20):
        folder.add(f"more/{number:04}.dat", "3.0 0003" if number > 2 else f"content {number}")
    found = mixture([old, new, third], folder.inventory())
    assert found == Mixture("1.0", "2.0", 96, 3, 0.99)


def test_one_file_of_a_third_version_does_not_hide_a_half_update(old):
    nearly = known_manifest({**TREE, "bin/0000.dat": "3.0", "bin/0001.dat": "3.0"}, version="3")
    beside = known_manifest(numbered(5, folder="own"), version="2.0")
    folder = Folder.of(old)
    folder.change("bin/0000.dat", "3.0")
    for path, data in numbered(
        5, lambda n: f"content {n}" if n > 1 else "of nobody", "own"
    ).items():
        folder.add(path, data)
    assert mixture([old, nearly], folder.inventory()).together == 1.0
    found = mixture([old, nearly, beside], folder.inventory())
    assert (found.second, found.is_half_update) == ("2.0", True)


def test_a_quick_look_sees_only_sizes(old, new):
    folder = Folder.of(old)
    folder.change("bin/0000.dat", "2.0 0")
    assert mixture([old, new], folder.inventory(Mode.QUICK)) is None
