"""One table of exit codes, and which of several wins."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.outcomes import (
    SEVERITY,
    TABLE,
    ExitCode,
    ExitStyle,
    in_style,
    most_serious,
)

ORDER = (
    130, 1, 2, 43, 52, 51, 50, 42, 41, 44, 40, 30, 31, 32, 61, 60, 12, 20, 11, 10, 22, 21, 70, 71,
    13, 0,
)  # fmt: skip
"""As the contract says it."""


def test_every_code_has_a_row_and_a_place() -> None:
    assert set(TABLE) == set(SEVERITY) == set(ExitCode)
    assert len(SEVERITY) == len(ExitCode)
    assert tuple(map(int, SEVERITY)) == ORDER


@pytest.mark.parametrize(("worse", "better"), list(pairwise(SEVERITY)))
def test_the_more_serious_wins(worse: ExitCode, better: ExitCode) -> None:
    assert most_serious([better, worse]) is worse
    assert most_serious([worse, better, better]) is worse


def test_none_at_all_is_well() -> None:
    assert most_serious([]) is ExitCode.OK


@given(st.sets(st.sampled_from(ExitCode), min_size=1))
def test_one_of_them_wins(codes: set[ExitCode]) -> None:
    worst = most_serious(codes)
    assert worst in codes
    assert all(SEVERITY.index(worst) <= SEVERITY.index(code) for code in codes)


@given(st.sampled_from(ExitCode), st.sampled_from(ExitStyle), st.booleans())
def test_only_a_success_looks_like_one(code: ExitCode, style: ExitStyle, repaired: bool) -> None:
    number = in_style(code, style, from_repair=repaired)
    calm = {ExitCode.OK, ExitCode.LEFT_ALONE}
    if style in {ExitStyle.NATIVE, ExitStyle.NAGIOS}:
        assert (number == 0) == (code is ExitCode.OK)
    elif style is ExitStyle.RMM:
        assert (number == 0) == (code in calm)


@pytest.mark.parametrize("code", [10, 11, 12])
def test_a_failed_repair_is_a_failure_as_msi_only(code: int) -> None:
    exit_code = ExitCode(code)
    assert in_style(exit_code, ExitStyle.MSI) == 0
    assert in_style(exit_code, ExitStyle.MSI, from_repair=True) == 1603
    for style in set(ExitStyle) - {ExitStyle.MSI}:
        assert in_style(exit_code, style, from_repair=True) == in_style(exit_code, style)


@pytest.mark.parametrize("code", set(ExitCode) - {10, 11, 12})
def test_every_other_code_is_the_same_from_a_repair(code: ExitCode) -> None:
    for style in ExitStyle:
        assert in_style(code, style, from_repair=True) == in_style(code, style)


def test_names_are_those_of_the_documents() -> None:
    assert ExitCode.NEEDS_PERSON.slug == "needs-person"
    assert ExitCode.OK.slug == "ok"
