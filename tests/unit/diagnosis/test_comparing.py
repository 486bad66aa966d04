from __future__ import annotations

import pytest

from agent.diagnosis.comparing import as_newer, compare, newer_hashes
from agent.model import Counts, Mode, Role, State
from tests.simulators.inventories import CRC, Content, Folder, known_manifest

TREE = {
    "bin/app.exe": "program",
    "bin/part.dll": "library",
    "data/list.txt": "list",
    "own.ini": "settings of the maker",
}


@pytest.fixture
def known():
    return known_manifest(
        TREE, settings=["own.ini"], directories=["bin", "data", "spool"], version="1.0"
    )


@pytest.fixture
def folder(known):
    return Folder.of(known)


def states(comparison):
    return [(f.path, f.state) for f in comparison.findings]


def test_a_complete_folder_has_no_findings(known, folder):
    folder.ignored = 4
    comparison = compare(known, folder.inventory())
    assert comparison.version == "1.0"
    assert comparison.findings == ()
    assert comparison.missing_directories == ()
    assert comparison.counts == Counts(listed=3, ok=3, settings=1, ignored=4)


def test_a_deleted_file_is_missing_and_its_bytes_are_counted(known, folder):
    folder.delete("bin/part.dll")
    comparison = compare(known, folder.inventory())
    (finding,) = comparison.findings
    assert (finding.path, finding.state, finding.role) == (
        "bin/part.dll",
        State.MISSING,
        Role.PROGRAM,
    )
    assert finding.expected == known.files["BIN/PART.DLL"]
    assert finding.found is None
    assert comparison.counts == Counts(listed=3, ok=2, missing=1, settings=1, bytes_missing=7)


def test_other_bytes_are_changed_and_say_what_was_found(known, folder):
    folder.change("bin/app.exe", "PROGRAM")
    comparison = compare(known, folder.inventory())
    assert states(comparison) == [("bin/app.exe", State.CHANGED)]
    assert comparison.findings[0].found.sha256 == Content.of("PROGRAM").sha256
    assert comparison.counts.changed == 1


def test_names_are_compared_without_case(known, folder):
    folder.delete("bin/app.exe")
    folder.add("BIN/App.EXE", "program")
    assert compare(known, folder.inventory()).findings == ()


def test_bytes_of_a_newer_version_are_newer_not_changed(known, folder):
    folder.change("bin/app.exe", "program of 2.0")
    newer = frozenset({Content.of("program of 2.0").sha256})
    comparison = compare(known, folder.inventory(), newer)
    assert states(comparison) == [("bin/app.exe", State.NEWER)]
    assert (comparison.counts.newer, comparison.counts.changed) == (1, 0)


def test_a_file_that_cannot_be_read_is_unreadable_and_keeps_the_error(known, folder):
    folder.make_unreadable("bin/app.exe", CRC)
    comparison = compare(known, folder.inventory())
    assert states(comparison) == [("bin/app.exe", State.UNREADABLE)]
    assert comparison.findings[0].found.error == CRC
    assert (comparison.counts.unreadable, comparison.counts.missing) == (1, 0)


@pytest.mark.parametrize("place", ["data", ""])
def test_what_lies_in_a_folder_that_cannot_be_listed_is_unreadable_not_missing(
    known, folder, place
):
    folder.make_directory_unreadable(place)
    comparison = compare(known, folder.inventory())
    assert ("data/list.txt", State.UNREADABLE) in states(comparison)
    assert comparison.counts.missing == 0
    assert comparison.counts.settings_missing == 0
    assert comparison.missing_directories == ()


def test_an_optional_file_that_is_absent_is_no_finding_and_not_listed():
    known = known_manifest({"a": "1", "b": "2"}, optional=["b"])
    folder = Folder.of(known)
    folder.delete("b")
    comparison = compare(known, folder.inventory())
    assert comparison.findings == ()
    assert comparison.counts == Counts(listed=1, ok=1)


def test_an_optional_file_with_other_bytes_is_changed():
    known = known_manifest({"a": "1", "b": "2"}, optional=["b"])
    folder = Folder.of(known)
    folder.change("b")
    assert states(compare(known, folder.inventory())) == [("b", State.CHANGED)]


def test_a_stranger_is_counted_and_listed_as_it_is_on_disk(known, folder):
    folder.add("Bin/Notes.TXT", "mine")
    comparison = compare(known, folder.inventory())
    assert states(comparison) == [("Bin/Notes.TXT", State.EXTRA)]
    assert comparison.findings[0].expected is None
    assert (comparison.counts.extra, comparison.counts.listed) == (1, 3)


def test_settings_that_no_version_lists_are_no_strangers(known, folder):
    folder.add("printer.ini", "mine")

    def role_of(path):
        return Role.SETTINGS if path.endswith(".ini") else Role.PROGRAM

    comparison = compare(known, folder.inventory(), role_of=role_of)
    assert comparison.findings == ()
    assert (comparison.counts.settings, comparison.counts.extra) == (2, 0)


def test_changed_settings_are_no_finding(known, folder):
    folder.change("own.ini", "settings of this PC, much longer")
    assert compare(known, folder.inventory()).findings == ()


def test_missing_settings_are_a_finding_of_their_own_role(known, folder):
    folder.delete("own.ini")
    comparison = compare(known, folder.inventory())
    (finding,) = comparison.findings
    assert (finding.state, finding.role) == (State.MISSING, Role.SETTINGS)
    assert comparison.having(State.MISSING) == ()
    assert comparison.counts == Counts(listed=3, ok=3, settings_missing=1)


def test_a_missing_folder_is_listed_though_it_was_empty(known, folder):
    folder.delete_directory("spool")
    comparison = compare(known, folder.inventory())
    assert comparison.missing_directories == ("spool",)
    assert comparison.findings == ()


def test_folders_are_compared_without_case(known, folder):
    folder.delete_directory("spool")
    folder.add_directory("SPOOL")
    assert compare(known, folder.inventory()).missing_directories == ()


def test_a_folder_in_the_place_of_a_file_is_changed_and_never_replaceable(known, folder):
    folder.replace_by_directory("bin/app.exe")
    comparison = compare(known, folder.inventory())
    (finding,) = comparison.findings
    assert (finding.state, finding.found) == (State.CHANGED, None)
    assert comparison.counts.missing == 0


def test_a_link_in_the_place_of_a_file_is_changed_and_never_replaceable(known, folder):
    folder.replace_by_link("bin/app.exe")
    (finding,) = compare(known, folder.inventory()).findings
    assert (finding.state, finding.found) == (State.CHANGED, None)


def test_a_file_in_the_place_of_a_folder_blocks_what_belongs_below(known, folder):
    folder.delete_directory("data")
    folder.add("data", "a file")
    comparison = compare(known, folder.inventory())
    assert states(comparison) == [("data", State.EXTRA), ("data/list.txt", State.CHANGED)]
    assert comparison.having(State.CHANGED)[0].found is None
    assert comparison.missing_directories == ()
    assert comparison.blocked_directories == ("data",)


def test_a_file_above_a_required_folder_blocks_it_too():
    known = known_manifest({"app": "1"}, directories=["spool/in", "spool", "own"])
    folder = Folder.of(known)
    for path in ("spool", "own"):
        folder.delete_directory(path)
    folder.add("spool", "a file")
    comparison = compare(known, folder.inventory())
    assert comparison.missing_directories == ("own",)
    assert comparison.blocked_directories == ("spool", "spool/in")


def test_what_lies_below_a_link_is_out_of_sight_and_its_folder_not_missing(known, folder):
    folder.replace_by_link("data")
    comparison = compare(known, folder.inventory())
    assert states(comparison) == [("data/list.txt", State.UNREADABLE)]
    assert comparison.missing_directories == ()


def test_a_link_in_the_place_of_settings_is_theirs_to_keep(known, folder):
    folder.replace_by_link("own.ini")
    comparison = compare(known, folder.inventory())
    assert comparison.findings == ()
    assert comparison.counts.settings == 1


def test_a_quick_look_takes_the_same_size_for_right(known, folder):
    folder.change("bin/app.exe", "PROGRAM")
    folder.change("bin/part.dll", "cut")
    comparison = compare(known, folder.inventory(Mode.QUICK))
    assert states(comparison) == [("bin/part.dll", State.CHANGED)]
    assert comparison.counts.ok == 2


def test_a_program_file_that_a_full_look_did_not_read_is_not_checked(known, folder):
    folder.unhashed.add("bin/app.exe")
    comparison = compare(known, folder.inventory())
    assert states(comparison) == [("bin/app.exe", State.NOT_CHECKED)]
    assert (comparison.counts.ok, comparison.counts.listed) == (2, 3)


def test_what_the_version_calls_ignored_is_neither_listed_nor_a_stranger():
    known = known_manifest({"a": "1", "log.txt": "2"}, ignored=["log.txt"])
    folder = Folder.of({"a": "1", "log.txt": "grown"})
    comparison = compare(known, folder.inventory())
    assert comparison.findings == ()
    assert comparison.counts == Counts(listed=1, ok=1)


def test_withdrawn_content_is_not_asked_for_and_a_stranger_while_it_is_here(known, folder):
    withdrawn = frozenset({Content.of("library").sha256})
    comparison = compare(known, folder.inventory(), withdrawn=withdrawn)
    assert states(comparison) == [("bin/part.dll", State.EXTRA)]
    folder.delete("bin/part.dll")
    comparison = compare(known, folder.inventory(), withdrawn=withdrawn)
    assert comparison.findings == ()
    assert comparison.counts.listed == 2


def test_findings_are_sorted_by_path(known, folder):
    folder.delete("data/list.txt", "bin/app.exe")
    folder.add("aaa", "stranger")
    paths = [finding.path for finding in compare(known, folder.inventory()).findings]
    assert paths == ["aaa", "bin/app.exe", "data/list.txt"]


def test_a_very_deep_path_is_no_trouble():
    deep = "/".join(["d"] * 15_000)
    known = known_manifest({f"{deep}/file": "1"}, directories=[])
    assert compare(known, Folder().inventory()).counts.missing == 1


def test_newer_hashes_are_those_of_higher_versions_that_this_one_lacks():
    old = known_manifest({"a": "same", "b": "old"}, version="1", sequence=1)
    base = known_manifest({"a": "same", "b": "base"}, version="2", sequence=2)
    new = known_manifest({"a": "same", "b": "new", "empty": ""}, version="3", sequence=3)
    unordered = known_manifest({"a": "other"}, version="x")
    found = newer_hashes([unordered, new, old, base], base)
    assert found == {Content.of("new").sha256}


def test_a_file_cut_off_to_nothing_is_changed_though_a_newer_version_has_an_empty_one(known):
    new = known_manifest({"mark": ""}, version="2.0", sequence=2)
    base = known_manifest(TREE, settings=["own.ini"], sequence=1)
    folder = Folder.of(base)
    folder.change("bin/app.exe", "")
    comparison = compare(base, folder.inventory(), newer_hashes([base, new], base))
    assert states(comparison) == [("bin/app.exe", State.CHANGED)]


def test_as_newer_calls_nothing_changed_and_leaves_the_rest(known, folder):
    folder.change("bin/app.exe")
    folder.delete("bin/part.dll")
    comparison = as_newer(compare(known, folder.inventory()))
    assert states(comparison) == [("bin/app.exe", State.NEWER), ("bin/part.dll", State.MISSING)]
    counts = comparison.counts
    assert (counts.changed, counts.newer, counts.missing) == (0, 1, 1)
