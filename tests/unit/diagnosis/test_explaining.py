from __future__ import annotations

import pytest

from agent.diagnosis.explaining import agrees, decisive_paths, explain, program_files_here
from agent.model import FileSeen, ManifestFile, Mode, OsProblem
from tests.simulators.inventories import Folder, known_manifest

EXPECTED = ManifestFile(path="a", sha256="aa", size=2)


@pytest.mark.parametrize(
    ("seen", "mode", "verdict"),
    [
        pytest.param(FileSeen("a", 2, 0, "aa"), Mode.FULL, True, id="same content"),
        pytest.param(FileSeen("a", 2, 0, "bb"), Mode.FULL, False, id="same size, other content"),
        pytest.param(FileSeen("a", 3, 0, "aa"), Mode.FULL, False, id="other size"),
        pytest.param(FileSeen("a", 3, 0), Mode.FULL, False, id="other size, not read"),
        pytest.param(FileSeen("a", 2, 0), Mode.FULL, None, id="same size, not read"),
        pytest.param(FileSeen("a", 2, 0), Mode.QUICK, True, id="quick: same size"),
        pytest.param(FileSeen("a", 3, 0), Mode.QUICK, False, id="quick: other size"),
        pytest.param(
            FileSeen("a", 3, 0, None, OsProblem(13, 5, "no")), Mode.FULL, None, id="unreadable"
        ),
    ],
)
def test_a_file_agrees_disagrees_or_cannot_be_told(seen, mode, verdict):
    assert agrees(EXPECTED, seen, mode) is verdict


def test_only_required_program_files_that_are_here_and_readable_are_present():
    known = known_manifest(
        {"right": "1", "wrong": "2", "gone": "3", "locked": "4", "spare": "5", "own.ini": "6"},
        optional=["spare"],
        settings=["own.ini"],
    )
    folder = Folder.of(known)
    folder.change("wrong")
    folder.delete("gone")
    folder.make_unreadable("locked")

    (explained,) = explain([known], folder.inventory())

    assert explained.present == {"RIGHT", "WRONG"}
    assert explained.right == {"RIGHT"}
    fit = explained.fit(frozenset({"WRONG"}))
    assert (fit.present, fit.right, fit.listed) == (2, 1, 4)
    assert (fit.decisive_present, fit.decisive_right) == (1, 0)


def test_versions_are_explained_in_the_order_of_their_names():
    known = [known_manifest({"a": "1"}, version=version) for version in ("2", "1", "3")]
    explained = explain(known, Folder().inventory())
    assert [one.version for one in explained] == ["1", "2", "3"]


def test_decisive_are_the_paths_with_other_content_and_those_of_one_version_only():
    old = known_manifest({"same": "1", "differs": "2", "went": "3"}, version="1")
    new = known_manifest({"same": "1", "differs": "4", "came": "5"}, version="2")
    explained = explain([old, new], Folder().inventory())
    assert decisive_paths(explained) == {"DIFFERS", "WENT", "CAME"}


def test_of_one_version_all_paths_are_decisive():
    (explained,) = explain([known_manifest({"a": "1", "b": "2"})], Folder().inventory())
    assert decisive_paths([explained]) == {"A", "B"}


def test_a_path_that_is_optional_in_one_version_with_the_same_content_tells_nothing():
    old = known_manifest({"a": "1", "b": "2"}, version="1", optional=["b"])
    new = known_manifest({"a": "1", "b": "2"}, version="2")
    assert decisive_paths(explain([old, new], Folder().inventory())) == frozenset()


def test_for_a_quick_look_only_sizes_tell_versions_apart():
    old = known_manifest({"a": "one", "b": "one"}, version="1")
    new = known_manifest({"a": "two", "b": "three"}, version="2")
    assert decisive_paths(explain([old, new], Folder().inventory(Mode.QUICK))) == {"B"}
    assert decisive_paths(explain([old, new], Folder().inventory(Mode.FULL))) == {"A", "B"}


def test_program_files_here_are_counted_once_whatever_is_in_them():
    old = known_manifest({"a": "1", "b": "2", "own.ini": "x"}, version="1", settings=["own.ini"])
    new = known_manifest({"a": "1", "c": "3"}, version="2", optional=["c"])
    folder = Folder.of({"A": "other", "c": "3", "own.ini": "x", "stranger": "y"})
    folder.make_unreadable("c")
    assert program_files_here([old, new], folder.inventory()) == 2
