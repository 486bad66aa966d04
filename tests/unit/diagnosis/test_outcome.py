from __future__ import annotations

import pytest

from agent.diagnosis.outcome import CODES, REPAIRABLE, SourcesSeen, codes_after_look
from agent.model import Comparison, Counts, Diagnosis, DiagnosisClass, Finding, Role, State
from agent.outcomes import ExitCode, most_serious

OK = ExitCode.OK
ALL, SOME, NONE = ExitCode.REPAIRABLE, ExitCode.PARTLY_REPAIRABLE, ExitCode.NOT_REPAIRABLE
LOST, LEFT = ExitCode.SETTINGS_LOST, ExitCode.LEFT_ALONE


def diagnosis(kind):
    return Diagnosis(kind, ())


def compared(folders=0, unchecked=0, blocked=0, **counts):
    findings = tuple(
        Finding(f"f{place}", Role.PROGRAM, State.NOT_CHECKED, None, None)
        for place in range(unchecked)
    )
    missing = tuple(f"folder{place}" for place in range(folders))
    in_the_way = tuple(f"blocked{place}" for place in range(blocked))
    return Comparison("1.0", Counts(**counts), findings, missing, in_the_way)


def damaged(comparison, **given):
    return codes_after_look(diagnosis(DiagnosisClass.DAMAGED), comparison, **given)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (DiagnosisClass.DISK_PROBLEM, 52),
        (DiagnosisClass.UPDATE_RUNNING, 30),
        (DiagnosisClass.NO_REFERENCE, 43),
        (DiagnosisClass.HEALTHY, 0),
        (DiagnosisClass.NEWER_THAN_KNOWN, 13),
        (DiagnosisClass.HALF_UPDATED, 32),
        (DiagnosisClass.EMPTIED, 32),
        (DiagnosisClass.WRONG_FOLDER, 40),
        (DiagnosisClass.UNKNOWN, 42),
    ],
)
def test_a_class_with_a_code_of_its_own_keeps_it_whatever_is_to_be_had(kind, code):
    comparison = compared(missing=3, settings_missing=1)
    if kind is DiagnosisClass.HEALTHY:
        comparison = compared()
    assert codes_after_look(diagnosis(kind), comparison, wanted=3, has=3) == (code,)


def test_every_class_has_a_code():
    assert set(CODES) | REPAIRABLE == set(DiagnosisClass)
    assert not set(CODES) & REPAIRABLE


@pytest.mark.parametrize("kind", sorted(REPAIRABLE))
@pytest.mark.parametrize(("has", "code"), [(3, ALL), (2, SOME), (1, SOME), (0, NONE)])
def test_the_code_says_how_much_is_to_be_had(kind, has, code):
    assert codes_after_look(diagnosis(kind), compared(missing=3), wanted=3, has=has) == (code,)


@pytest.mark.parametrize(
    ("comparison", "wanted", "has", "codes"),
    [
        pytest.param(compared(changed=2), 2, 2, (ALL,), id="changed, all to be had"),
        pytest.param(compared(changed=2), 0, 0, (NONE,), id="changed, not even asked for"),
        pytest.param(compared(missing=2, changed=1), 2, 2, (SOME,), id="changed, not asked for"),
        pytest.param(compared(missing=2, unreadable=1), 2, 2, (SOME,), id="unreadable as well"),
        pytest.param(compared(unreadable=1), 0, 0, (NONE,), id="unreadable only"),
        pytest.param(compared(unchecked=1), 0, 0, (NONE,), id="not checked only"),
        pytest.param(compared(blocked=1), 0, 0, (NONE,), id="a file where a folder belongs"),
        pytest.param(compared(blocked=1, missing=2), 2, 2, (SOME,), id="and files lost"),
        pytest.param(compared(folders=2), 0, 0, (ALL,), id="folders need no source"),
        pytest.param(compared(folders=2, missing=1), 1, 0, (NONE,), id="folders and a lost file"),
        pytest.param(compared(newer=2), 0, 0, (LEFT,), id="newer is left alone"),
        pytest.param(compared(newer=2, folders=1), 0, 0, (ALL, LEFT), id="newer and a folder"),
        pytest.param(compared(newer=1, missing=1), 1, 1, (ALL, LEFT), id="newer and missing"),
        pytest.param(compared(missing=1, settings_missing=1), 1, 1, (ALL, LOST), id="settings"),
        pytest.param(
            compared(missing=1, newer=1, settings_missing=1), 1, 0, (NONE, LEFT, LOST), id="all"
        ),
        pytest.param(compared(missing=3), 1, 1, (SOME,), id="asked for less than is missing"),
        pytest.param(compared(), 0, 0, (ALL,), id="a record alone is never 0"),
    ],
)
def test_every_finding_that_stays_is_told(comparison, wanted, has, codes):
    assert damaged(comparison, wanted=wanted, has=has) == codes
    assert most_serious(codes) is not OK


@pytest.mark.parametrize(
    ("sources", "codes"),
    [
        pytest.param(None, (NONE,), id="none named"),
        pytest.param(SourcesSeen(named=2), (NONE, ExitCode.NO_SOURCE), id="none reachable"),
        pytest.param(SourcesSeen(named=2, reachable=1), (NONE,), id="one looked at"),
        pytest.param(
            SourcesSeen(named=2, reachable=1, refused=1),
            (NONE, ExitCode.SOURCES_REFUSED),
            id="the one that was reached was refused",
        ),
        pytest.param(SourcesSeen(named=2, reachable=2, refused=1), (NONE,), id="one was not"),
    ],
)
def test_why_nothing_is_to_be_had_is_told_too(sources, codes):
    assert damaged(compared(missing=1), wanted=1, has=0, sources=sources) == codes


def test_sources_that_are_away_do_not_matter_when_enough_is_to_be_had():
    away = SourcesSeen(named=1)
    assert damaged(compared(missing=2), wanted=2, has=1, sources=away) == (SOME,)
    assert damaged(compared(folders=1), sources=away) == (ALL,)
    healthy = codes_after_look(diagnosis(DiagnosisClass.HEALTHY), compared(), sources=away)
    assert healthy == (OK,)


def test_healthy_with_settings_gone_is_told_as_settings_lost():
    codes = codes_after_look(diagnosis(DiagnosisClass.HEALTHY), compared(settings_missing=1))
    assert codes == (OK, LOST)
    assert most_serious(codes) is LOST


def test_without_a_certain_version_a_quarantine_record_says_nothing_of_what_is_to_be_had():
    suspected = diagnosis(DiagnosisClass.QUARANTINE_SUSPECTED)
    assert codes_after_look(suspected, None, has=3) == (ExitCode.VERSION_UNKNOWN,)
