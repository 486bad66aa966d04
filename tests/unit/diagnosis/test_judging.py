"""From files to class: the situations of DESIGN section 1, each broken in one way."""

from __future__ import annotations

import pytest

from agent.diagnosis.judging import judge
from agent.diagnosis.signals import Surroundings
from agent.diagnosis.versions import VersionEvidence
from agent.model import DiagnosisClass, Role, State
from tests.simulators.inventories import CRC, Content, Folder, known_manifest, numbered

NOTHING = VersionEvidence()
QUIET = Surroundings()
SHARED = numbered(80, "same {}".format, "shared")


@pytest.fixture
def old():
    tree = {**SHARED, **numbered(20, "old {}".format), "bin/app.exe": "old"}
    return known_manifest(tree, version="1.0", sequence=1, stamp="1.0")


@pytest.fixture
def new():
    tree = {**SHARED, **numbered(20, "new {}".format), "bin/app.exe": "new"}
    return known_manifest(tree, version="2.0", sequence=2, stamp="2.0")


def kind(known, folder, evidence=NOTHING, around=QUIET, **options):
    return judge(known, folder.inventory(), evidence, around, **options).diagnosis.kind


def test_a_complete_folder_is_healthy_and_says_which_version(old, new):
    found = judge([old, new], Folder.of(new).inventory(), VersionEvidence(stamps=("2.0",)), QUIET)
    assert found.diagnosis.kind is DiagnosisClass.HEALTHY
    assert found.winner is new
    assert found.certain
    assert found.comparison.version == "2.0"
    assert found.mixture is None


def test_the_clean_up_is_files_deleted(old, new):
    folder = Folder.of(old)
    folder.delete(*list(SHARED)[:50])
    found = judge([old, new], folder.inventory(), NOTHING, QUIET)
    assert found.diagnosis.kind is DiagnosisClass.FILES_DELETED
    assert found.diagnosis.signals == ("missing:50",)
    assert len(found.comparison.having(State.MISSING)) == 50


def test_one_file_of_the_newer_version_is_told_as_newer(old, new):
    folder = Folder.of(old)
    folder.change("bin/0000.dat", "new 0")
    found = judge([old, new], folder.inventory(), NOTHING, QUIET)
    assert found.diagnosis.kind is DiagnosisClass.DAMAGED
    assert found.diagnosis.signals == ("newer:1",)


def test_an_older_file_in_a_newer_version_is_changed(old, new):
    folder = Folder.of(new)
    folder.change("bin/0000.dat", "old 0")
    assert judge([old, new], folder.inventory(), NOTHING, QUIET).diagnosis.signals == ("changed:1",)


def test_half_of_each_version_is_half_updated(old, new):
    folder = Folder.of(old)
    for number in range(10):
        folder.change(f"bin/{number:04}.dat", f"new {number}")
    assert kind([old, new], folder) is DiagnosisClass.HALF_UPDATED
    busy = Surroundings(seconds_since_write=30)
    assert kind([old, new], folder, around=busy) is DiagnosisClass.UPDATE_RUNNING


def test_a_version_after_the_newest_known_one_is_left_alone_and_nothing_called_changed(old, new):
    folder = Folder.of(new)
    for number in range(20):
        folder.change(f"bin/{number:04}.dat", f"newest {number}")
    folder.change("bin/app.exe", "newest")
    for number in range(40):
        folder.change(f"shared/{number:04}.dat", f"newest {number}")
    evidence = VersionEvidence(record="2.0", stamps=("3.0",))
    found = judge([old, new], folder.inventory(), evidence, QUIET)
    assert found.diagnosis.kind is DiagnosisClass.NEWER_THAN_KNOWN
    assert (found.comparison.counts.changed, found.comparison.counts.newer) == (0, 61)
    assert found.comparison.having(State.CHANGED) == ()


def test_content_of_a_list_that_may_not_be_used_says_newer_too(old):
    folder = Folder.of(old)
    for path in list(folder.files)[:30]:
        folder.change(path)
    higher = frozenset({Content.of("other bytes").sha256})
    assert kind([old], folder, higher_hashes=higher) is DiagnosisClass.NEWER_THAN_KNOWN
    assert kind([old], folder) is DiagnosisClass.UNKNOWN


def test_an_emptied_place_is_told_from_a_wrong_folder_by_its_provenance(old, new):
    folder = Folder.of({"notes.txt": "mine"})
    assert kind([old, new], folder) is DiagnosisClass.WRONG_FOLDER
    known_place = Surroundings(registered=True)
    assert kind([old, new], folder, around=known_place) is DiagnosisClass.EMPTIED


def test_an_emptied_place_with_our_record_is_emptied_not_deleted(old, new):
    around = Surroundings(own_record=True)
    evidence = VersionEvidence(record="1.0")
    found = judge([old, new], Folder().inventory(), evidence, around)
    assert found.diagnosis.kind is DiagnosisClass.EMPTIED
    assert (found.match.winner, found.certain) == ("1.0", False)


def test_without_lists_nothing_is_called_healthy():
    found = judge([], Folder.of(SHARED).inventory(), NOTHING, QUIET)
    assert found.diagnosis.kind is DiagnosisClass.NO_REFERENCE
    assert (found.winner, found.comparison) == (None, None)


def test_a_read_error_of_the_disk_goes_before_what_is_missing(old):
    folder = Folder.of(old)
    folder.delete("bin/0000.dat")
    folder.make_unreadable("bin/app.exe", CRC)
    assert kind([old], folder) is DiagnosisClass.DISK_PROBLEM


def test_withdrawn_files_and_roles_are_handed_on(old):
    folder = Folder.of(old)
    folder.add("printer.ini", "mine")
    folder.delete("bin/app.exe")
    found = judge(
        [old],
        folder.inventory(),
        NOTHING,
        QUIET,
        withdrawn=frozenset({Content.of("old").sha256}),
        role_of=lambda path: Role.SETTINGS if path.endswith(".ini") else Role.PROGRAM,
    )
    assert found.diagnosis.kind is DiagnosisClass.HEALTHY
    assert found.comparison.counts.settings == 1
    assert found.comparison.counts.extra == 0
