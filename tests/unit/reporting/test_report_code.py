"""The report code carries the situation, no names, and notices what goes wrong on the phone."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings

from agent import crockford
from agent.errors import UsageError
from agent.model import Comparison, Counts, Coverage, DiagnosisClass, Host, SourceKind
from agent.outcomes import ExitCode
from agent.reporting import report_code
from agent.reporting.facts import RunFacts
from agent.reporting.report_code import Range, decode, encode, version_mark
from tests.unit.reporting.building import installation, match, repaired, run, runs


def _golden() -> str:
    return encode(run(installation()))


@given(runs())
@settings(max_examples=60, deadline=None)
def test_every_run_has_a_code_that_reads_back(facts: RunFacts) -> None:
    code = encode(facts)
    decoded = decode(code)
    assert decoded.code == code
    assert decoded.outcome == report_code.all_codes(facts)[0]
    if not facts.installations:
        assert decoded.kind is None


def test_says_what_happened() -> None:
    decoded = decode(_golden())
    assert decoded.kind is DiagnosisClass.FILES_DELETED
    assert decoded.outcome is ExitCode.REPAIRABLE
    assert decoded.product == "medicom"
    assert decoded.version_mark == version_mark("2022.4")
    assert decoded.missing == Range(2, 10)
    assert decoded.changed == Range(0, 0)
    assert decoded.unreadable == Range(0, 0)
    assert (decoded.settings_lost, decoded.source_seen) == (False, True)


def test_the_format_of_version_one_never_changes() -> None:
    assert _golden() == "HRT-1G68-X81V"


def test_every_code_exit_code_and_class_has_a_place() -> None:
    assert set(report_code._OUTCOMES) == {int(code) for code in ExitCode}
    assert set(report_code._CLASSES) == {None, *DiagnosisClass}
    assert len(set(report_code._CLASSES)) == len(report_code._CLASSES) <= 16
    assert len(report_code._OUTCOMES) <= 32
    assert len(report_code._PRODUCTS) <= 8
    assert sum(report_code._FIELD_BITS) == 35


def test_the_same_situation_on_another_pc_has_the_same_code() -> None:
    here = run(installation())
    there = replace(here, host=Host("zzzz", "APOTHEEK-9", "Windows 11"), run_id="other")
    assert encode(there) == encode(here)


def test_one_wrong_character_anywhere_is_noticed() -> None:
    code = _golden().replace("-", "").removeprefix("HRT")
    for place, other in itertools.product(range(8), crockford.ALPHABET):
        if other == code[place]:
            continue
        wrong = code[:place] + other + code[place + 1 :]
        with pytest.raises(UsageError) as caught:
            decode(wrong)
        assert caught.value.problem == "bad-report-code"


def test_any_two_swapped_characters_are_noticed_whatever_the_others_are() -> None:
    """The sum is linear, so the other characters (here ``0``) can't make up for a swap."""
    for low, high in itertools.combinations(range(8), 2):
        for a, b in itertools.combinations(crockford.ALPHABET, 2):
            one, other = ["0"] * 8, ["0"] * 8
            one[low], one[high] = a, b
            other[low], other[high] = b, a
            assert report_code._weighed("".join(one)) != report_code._weighed("".join(other))


def test_the_check_is_linear_and_one_character_is_never_weightless() -> None:
    for place in range(8):
        seen = set()
        for character in crockford.ALPHABET:
            word = ["0"] * 8
            word[place] = character
            seen.add(report_code._weighed("".join(word)))
        assert len(seen) == 32


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: code.removeprefix("HRT-"),
        lambda code: f"  {code}  ",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
    ],
)
def test_reads_what_people_type(typed) -> None:
    assert decode(typed(_golden())).code == _golden()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HRT",
        "HRT-",
        "HRT-1234",
        "HRT-UUUU-UUUU",
        "é" * 8,
        "x" * 5000,
        "HRT-0000-0001",
        "HRT-0000-0000",
    ],
)
def test_refuses_what_is_no_code_and_says_which(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        decode(text)
    assert caught.value.problem == "bad-report-code"
    assert caught.value.facts == {"text": text}
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    "number", [2 << 30, 1 << 30 | 15 << 26, 1 << 30 | 31 << 21, 1 << 30 | 7 << 18]
)
def test_a_code_of_a_newer_program_is_told_apart_from_a_wrong_one(number: int) -> None:
    with pytest.raises(UsageError) as caught:
        decode(report_code._written(crockford.encode(number, 7)))
    assert caught.value.problem == "newer-report-code"


@pytest.mark.parametrize(
    ("count", "files", "unreadable"),
    [
        (0, Range(0, 0), Range(0, 0)),
        (1, Range(1, 1), Range(1, 9)),
        (2, Range(2, 10), Range(1, 9)),
        (10, Range(2, 10), Range(10, 99)),
        (11, Range(11, 50), Range(10, 99)),
        (51, Range(51, 250), Range(10, 99)),
        (250, Range(51, 250), Range(100, None)),
        (1000, Range(251, 1000), Range(100, None)),
        (5000, Range(1001, 5000), Range(100, None)),
        (5001, Range(5001, None), Range(100, None)),
        (10**6, Range(5001, None), Range(100, None)),
    ],
)
def test_numbers_become_ranges(count: int, files: Range, unreadable: Range) -> None:
    before = Comparison("v", Counts(missing=count, changed=count, unreadable=count), (), ())
    decoded = decode(encode(run(installation(before=before))))
    assert (decoded.missing, decoded.changed, decoded.unreadable) == (files, files, unreadable)


def test_the_most_serious_installation_speaks() -> None:
    healthy = installation(product="pharmacom", codes=(ExitCode.OK,))
    broken = installation(codes=(ExitCode.NOT_REPAIRABLE,))
    assert decode(encode(run(healthy, broken))).product == "medicom"


def test_an_unlisted_product_and_version_give_no_name_away() -> None:
    decoded = decode(encode(run(installation(product="other-app", match=None))))
    assert (decoded.product, decoded.version_mark) == ("other", 0)


def test_a_version_never_has_the_mark_of_no_version() -> None:
    assert all(1 <= version_mark(f"v{n}") <= 255 for n in range(2000))
    assert decode(encode(run(installation(match=match("2023.1"))))).version_mark == version_mark(
        "2023.1"
    )


def test_the_own_folder_is_no_source_and_an_absent_stick_neither() -> None:
    own = Coverage("own", SourceKind.OWN, frozenset())
    gone = Coverage("stick:E", SourceKind.STICK, frozenset(), reachable=False)
    assert not decode(encode(run(installation(coverage=(own, gone))))).source_seen


def test_after_a_repair_settings_count_as_they_are_now() -> None:
    lost = Comparison("v", Counts(settings_missing=3), (), ())
    assert decode(encode(run(repaired(after=lost)))).settings_lost
    assert not decode(encode(run(repaired(before=lost)))).settings_lost
