"""What came, went, changed and only moved."""

from __future__ import annotations

from agent.manifest.difference import difference
from agent.manifest.limits import NOT_RECORDED
from agent.model import ManifestFile, Role
from tests.unit.manifest.examples import example, listed


def test_the_same_manifest_has_no_difference() -> None:
    found = difference(example(), example())
    assert found.empty
    assert found.same == 3


def test_tells_what_came_went_changed_and_moved() -> None:
    before = example(
        files=(
            listed("bin/a.dll", "one"),
            listed("bin/b.dll", "two"),
            listed("bin/c.dll", "three"),
            listed("bin/d.dll", "four"),
        ),
        directories=("bin", "old"),
    )
    after = example(
        files=(
            listed("BIN/A.dll", "one"),
            listed("bin/b.dll", "two, but other"),
            listed("lib/c2.dll", "three"),
            listed("lib/e.dll", "five"),
        ),
        directories=("bin", "lib"),
    )
    found = difference(before, after)
    assert [file.path for file in found.came] == ["lib/e.dll"]
    assert [file.path for file in found.went] == ["bin/d.dll"]
    assert [(a.path, b.sha256 != a.sha256) for a, b in found.changed] == [("bin/b.dll", True)]
    assert [(a.path, b.path) for a, b in found.moved] == [("bin/c.dll", "lib/c2.dll")]
    assert found.same == 1
    assert (found.directories_came, found.directories_went) == (("lib",), ("old",))
    assert not found.empty


def test_equal_files_are_paired_one_to_one() -> None:
    before = example(files=(listed("a", "x"), listed("b", "x"), listed("c", "x")))
    after = example(files=(listed("d", "x"), listed("e", "x")))
    found = difference(before, after)
    assert [(a.path, b.path) for a, b in found.moved] == [("a", "d"), ("b", "e")]
    assert [file.path for file in found.went] == ["c"]
    assert found.came == ()


def test_settings_never_count_as_moved() -> None:
    def settings(path: str) -> ManifestFile:
        return ManifestFile(path=path, role=Role.SETTINGS, sha256=NOT_RECORDED, size=0)

    found = difference(example(files=(settings("a.ini"),)), example(files=(settings("b.ini"),)))
    assert found.moved == ()
    assert [file.path for file in found.came] == ["b.ini"]


def test_another_role_is_a_change() -> None:
    before, after = listed("a.xml", "x"), listed("a.xml", "x", Role.SETTINGS)
    assert difference(example(files=(before,)), example(files=(after,))).changed == (
        (before, after),
    )
