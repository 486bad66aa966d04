"""The table of DESIGN section 6: every row, every border, conflicting signals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.diagnosis.classes import RULES, classify
from agent.diagnosis.mixing import Mixture
from agent.diagnosis.signals import Signals, Surroundings
from agent.model import (
    Comparison,
    Counts,
    DecidedBy,
    Diagnosis,
    Finding,
    ManifestFile,
    Role,
    State,
    VersionFit,
    VersionMatch,
)
from agent.model import DiagnosisClass as Is

CERTAIN = VersionMatch(
    fits=(VersionFit("1.0", 100, 100, 100, 10, 10),),
    winner="1.0",
    runner_up=None,
    margin=1.0,
    decided_by=DecidedBy.CONTENT,
    certain=True,
    doubts=(),
)
LIKELY = replace(CERTAIN, certain=False, doubts=("precision-low:0.97",))
TIE = replace(
    CERTAIN, winner=None, decided_by=DecidedBy.NONE, certain=False, doubts=("lead-small:0.05",)
)
MIXED = Mixture("2.0", "1.0", 60, 40, 1.0)
STATES = {
    "missing": State.MISSING,
    "changed": State.CHANGED,
    "newer": State.NEWER,
    "unreadable": State.UNREADABLE,
    "unchecked": State.NOT_CHECKED,
    "extra": State.EXTRA,
}


def compared(*, ending=".dat", folders=0, settings_missing=0, **numbers):
    """A comparison with as many findings of each state as asked for."""
    findings = []
    for name, number in numbers.items():
        for place in range(number):
            path = f"bin/{name}{place}{ending}"
            expected = ManifestFile(path=path, sha256="aa", size=1)
            findings.append(Finding(path, Role.PROGRAM, STATES[name], expected, None))
    counted = {name: number for name, number in numbers.items() if name != "unchecked"}
    counts = Counts(listed=100, settings_missing=settings_missing, **counted)
    missing = tuple(f"folder{place}" for place in range(folders))
    return Comparison("1.0", counts, tuple(findings), missing)


def mixed_paths(*paths):
    findings = tuple(
        Finding(p, Role.PROGRAM, State.MISSING, ManifestFile(path=p, sha256="a", size=1), None)
        for p in paths
    )
    return Comparison("1.0", Counts(listed=100, missing=len(paths)), findings, ())


def signals(comparison=None, match=CERTAIN, **others):
    """A healthy installation, quiet, that nothing else speaks about; then the given change."""
    start = Signals(
        references=2,
        match=match,
        comparison=comparison if comparison is not None else compared(),
        program_files_here=100,
    )
    around = {k: others.pop(k) for k in list(others) if k in Surroundings.__dataclass_fields__}
    return replace(start, around=Surroundings(**around), **others)


def test_a_file_in_the_place_of_a_folder_is_damage():
    blocked = replace(compared(), blocked_directories=("spool",))
    assert classify(signals(blocked)) == Diagnosis(Is.DAMAGED, ("blocked-folders:1",))


def tied(**others):
    return replace(signals(match=TIE, **others), comparison=None)


ROWS = [
    # disk-problem
    pytest.param(signals(disk_errors=1), Is.DISK_PROBLEM, ("disk-errors:1",), id="disk error"),
    pytest.param(
        signals(disk_errors=2, references=0, updater_running="u.exe"),
        Is.DISK_PROBLEM,
        ("disk-errors:2",),
        id="a disk error goes before all else",
    ),
    # update-running
    pytest.param(
        signals(updater_running="MediUpdate.exe"),
        Is.UPDATE_RUNNING,
        ("updater-runs:MediUpdate.exe",),
        id="updater runs, though all files are right",
    ),
    pytest.param(
        signals(compared(missing=3), staging_names=("a.new", "b.new")),
        Is.UPDATE_RUNNING,
        ("staging-names:2",),
        id="staging names",
    ),
    pytest.param(
        signals(mixture=MIXED, seconds_since_write=599, quiet_minutes=10),
        Is.UPDATE_RUNNING,
        ("written-recently:599", "versions-mixed:2.0/1.0"),
        id="written just now and mixed",
    ),
    pytest.param(
        tied(mixture=replace(MIXED, only_second=1), seconds_since_write=0),
        Is.UPDATE_RUNNING,
        ("written-recently:0", "versions-mixed:2.0/1.0"),
        id="an update that has just begun",
    ),
    pytest.param(
        tied(mixture=MIXED, seconds_since_write=600, quiet_minutes=10),
        Is.HALF_UPDATED,
        ("versions-mixed:2.0/1.0", "only-in-first:60", "only-in-second:40"),
        id="mixed, but quiet for as long as the profile asks",
    ),
    pytest.param(
        signals(compared(missing=3), seconds_since_write=0),
        Is.FILES_DELETED,
        ("missing:3",),
        id="written just now, but of one version",
    ),
    pytest.param(
        signals(references=0, match=None, updater_running="u.exe"),
        Is.UPDATE_RUNNING,
        ("updater-runs:u.exe",),
        id="updater runs and nothing is known",
    ),
    # no-reference
    pytest.param(
        Signals(references=0, higher_order=True, program_files_here=0),
        Is.NO_REFERENCE,
        ("no-list",),
        id="nothing known",
    ),
    # healthy
    pytest.param(signals(), Is.HEALTHY, (), id="all right"),
    pytest.param(signals(compared(extra=3)), Is.HEALTHY, (), id="strangers don't matter"),
    pytest.param(
        signals(compared(settings_missing=2)),
        Is.HEALTHY,
        ("settings-missing:2",),
        id="settings missing",
    ),
    pytest.param(
        signals(higher_order=True, mixture=MIXED, quarantine_record=True),
        Is.HEALTHY,
        (),
        id="complete and certain goes before every doubt below it",
    ),
    pytest.param(
        signals(program_files_here=3, registered=True), Is.HEALTHY, (), id="a very small program"
    ),
    pytest.param(
        signals(match=LIKELY),
        Is.UNKNOWN,
        ("precision-low:0.97",),
        id="complete, but the version is not certain",
    ),
    # newer-than-known
    pytest.param(
        tied(higher_order=True), Is.NEWER_THAN_KNOWN, ("higher-order",), id="no version fits"
    ),
    pytest.param(
        signals(compared(changed=9), match=LIKELY, higher_order=True),
        Is.NEWER_THAN_KNOWN,
        ("higher-order",),
        id="likely is not certain",
    ),
    pytest.param(
        signals(compared(missing=3), higher_order=True),
        Is.FILES_DELETED,
        ("missing:3",),
        id="of higher order, but a version fits",
    ),
    pytest.param(
        tied(higher_order=True, mixture=MIXED),
        Is.NEWER_THAN_KNOWN,
        ("higher-order",),
        id="newer goes before half updated",
    ),
    # half-updated
    pytest.param(
        tied(mixture=MIXED),
        Is.HALF_UPDATED,
        ("versions-mixed:2.0/1.0", "only-in-first:60", "only-in-second:40"),
        id="half updated",
    ),
    pytest.param(
        tied(mixture=replace(MIXED, only_second=3, together=0.95)),
        Is.HALF_UPDATED,
        ("versions-mixed:2.0/1.0", "only-in-first:60", "only-in-second:3"),
        id="three files and 95 in 100",
    ),
    pytest.param(
        tied(mixture=replace(MIXED, only_second=2)),
        Is.UNKNOWN,
        ("tie", "lead-small:0.05"),
        id="two files are too few",
    ),
    pytest.param(
        tied(mixture=replace(MIXED, together=0.949)),
        Is.UNKNOWN,
        ("tie", "lead-small:0.05"),
        id="below 95 in 100",
    ),
    pytest.param(
        signals(compared(newer=3, missing=1), mixture=MIXED),
        Is.HALF_UPDATED,
        ("versions-mixed:2.0/1.0", "only-in-first:60", "only-in-second:40"),
        id="mixed goes before damaged",
    ),
    # quarantine-suspected
    pytest.param(
        signals(compared(missing=1, ending=".exe")),
        Is.QUARANTINE_SUSPECTED,
        ("only-executables-missing:1",),
        id="one executable",
    ),
    pytest.param(
        signals(compared(missing=10, ending=".DLL")),
        Is.QUARANTINE_SUSPECTED,
        ("only-executables-missing:10",),
        id="ten executables",
    ),
    pytest.param(
        signals(compared(missing=11, ending=".exe")),
        Is.FILES_DELETED,
        ("missing:11",),
        id="eleven executables",
    ),
    pytest.param(
        signals(mixed_paths("a.exe", "b.dat")),
        Is.FILES_DELETED,
        ("missing:2",),
        id="not only executables",
    ),
    pytest.param(
        signals(mixed_paths("exe", "b.exe.txt")),
        Is.FILES_DELETED,
        ("missing:2",),
        id="names that only look like executables",
    ),
    pytest.param(
        signals(compared(missing=1, folders=1, ending=".exe")),
        Is.FILES_DELETED,
        ("missing:1", "missing-folders:1"),
        id="an executable and a folder: the rest is not complete",
    ),
    pytest.param(
        signals(compared(missing=1, changed=1, ending=".exe")),
        Is.DAMAGED,
        ("missing:1", "changed:1"),
        id="an executable and a changed one: the rest is not complete",
    ),
    pytest.param(
        signals(compared(missing=1, ending=".exe"), match=LIKELY),
        Is.UNKNOWN,
        ("precision-low:0.97",),
        id="executables of a version that is not certain",
    ),
    pytest.param(
        signals(compared(missing=400), quarantine_record=True),
        Is.QUARANTINE_SUSPECTED,
        ("quarantine-record",),
        id="a record, whatever is missing",
    ),
    pytest.param(
        tied(quarantine_record=True, program_files_here=0),
        Is.QUARANTINE_SUSPECTED,
        ("quarantine-record",),
        id="a record, whatever the version",
    ),
    # files-deleted
    pytest.param(
        signals(compared(missing=1)), Is.FILES_DELETED, ("missing:1",), id="one file missing"
    ),
    pytest.param(
        signals(compared(folders=2)), Is.FILES_DELETED, ("missing-folders:2",), id="folders only"
    ),
    pytest.param(
        signals(compared(missing=99, extra=5, settings_missing=1), program_files_here=1),
        Is.FILES_DELETED,
        ("missing:99", "settings-missing:1"),
        id="nearly all is gone, but the version is certain",
    ),
    # damaged
    pytest.param(signals(compared(changed=1)), Is.DAMAGED, ("changed:1",), id="changed"),
    pytest.param(signals(compared(unreadable=1)), Is.DAMAGED, ("unreadable:1",), id="unreadable"),
    pytest.param(signals(compared(newer=2)), Is.DAMAGED, ("newer:2",), id="newer bytes"),
    pytest.param(
        signals(compared(unchecked=1)), Is.DAMAGED, ("not-checked:1",), id="never read, never ok"
    ),
    pytest.param(
        signals(compared(missing=5, changed=1, unreadable=2, folders=1)),
        Is.DAMAGED,
        ("missing:5", "missing-folders:1", "changed:1", "unreadable:2"),
        id="missing and changed",
    ),
    # emptied
    pytest.param(
        tied(program_files_here=4, registered=True),
        Is.EMPTIED,
        ("program-files-here:4", "registered"),
        id="four files in a registered place",
    ),
    pytest.param(
        tied(program_files_here=0, own_record=True),
        Is.EMPTIED,
        ("program-files-here:0", "own-record"),
        id="nothing where our record says it was",
    ),
    pytest.param(
        tied(program_files_here=5, registered=True, own_record=True),
        Is.UNKNOWN,
        ("tie", "lead-small:0.05"),
        id="five files are not empty",
    ),
    # wrong-folder
    pytest.param(
        tied(program_files_here=4), Is.WRONG_FOLDER, ("program-files-here:4",), id="no provenance"
    ),
    pytest.param(
        tied(program_files_here=5),
        Is.UNKNOWN,
        ("tie", "lead-small:0.05"),
        id="five files are a program",
    ),
    # unknown
    pytest.param(tied(), Is.UNKNOWN, ("tie", "lead-small:0.05"), id="a tie"),
    pytest.param(
        signals(compared(missing=3), match=LIKELY),
        Is.UNKNOWN,
        ("precision-low:0.97",),
        id="the only known version fails",
    ),
    pytest.param(
        Signals(references=1, program_files_here=9), Is.UNKNOWN, (), id="nobody matched anything"
    ),
]


@pytest.mark.parametrize(("given_signals", "kind", "said"), ROWS)
def test_the_first_row_that_matches_wins(given_signals, kind, said):
    assert classify(given_signals) == Diagnosis(kind, said)


def test_the_rules_stand_in_the_order_of_the_table():
    assert [kind for kind, _ in RULES] == [kind for kind in Is if kind is not Is.UNKNOWN]


def test_every_class_has_a_row_here():
    assert {row.values[1] for row in ROWS} == set(Is)


numbers = st.integers(0, 12)
comparisons = st.builds(
    compared,
    ending=st.sampled_from([".dat", ".exe"]),
    folders=st.integers(0, 2),
    settings_missing=st.integers(0, 2),
    missing=numbers,
    changed=st.integers(0, 2),
    newer=st.integers(0, 2),
    unreadable=st.integers(0, 2),
    unchecked=st.integers(0, 1),
)
anything = st.builds(
    Signals,
    references=st.integers(0, 3),
    match=st.sampled_from([None, CERTAIN, LIKELY, TIE]),
    comparison=st.none() | comparisons,
    mixture=st.none()
    | st.builds(
        Mixture,
        st.just("1.0"),
        st.just("2.0"),
        st.integers(1, 5),
        st.integers(1, 5),
        st.floats(0, 1),
    ),
    program_files_here=st.integers(0, 10),
    disk_errors=st.integers(0, 1),
    higher_order=st.booleans(),
    around=st.builds(
        Surroundings,
        updater_running=st.none() | st.just("u.exe"),
        staging_names=st.sampled_from([(), ("a.new",)]),
        seconds_since_write=st.none() | st.floats(allow_nan=True),
        quiet_minutes=st.integers(0, 60),
        quarantine_record=st.booleans(),
        registered=st.booleans(),
        own_record=st.booleans(),
    ),
)


@given(anything)
def test_every_combination_has_one_class(given_signals):
    found = classify(given_signals)
    assert found.kind in Is
    earlier = [kind for kind, rule in RULES if rule(given_signals) is not None]
    assert found.kind == (earlier[0] if earlier else Is.UNKNOWN)


@given(anything)
def test_nothing_is_healthy_or_repaired_back_by_itself_unless_the_version_is_certain(
    given_signals,
):
    found = classify(given_signals)
    if found.kind in {Is.HEALTHY, Is.FILES_DELETED, Is.DAMAGED}:
        assert given_signals.match == CERTAIN
        counts = given_signals.comparison.counts
        if found.kind is Is.HEALTHY:
            assert (counts.missing, counts.changed, counts.unreadable, counts.newer) == (0,) * 4
        if found.kind is Is.FILES_DELETED:
            assert (counts.changed, counts.unreadable, counts.newer) == (0, 0, 0)
