"""The check code: short, stable, different for any other byte."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from agent.manifest.check_code import check_code


def test_is_the_same_for_ever() -> None:
    assert check_code(b"") == "40BZ-8639-DAKA"
    assert check_code(b"abc\n") == "4F8R-A659-XW23"


@given(st.binary(max_size=50))
def test_is_three_groups_of_four_that_can_be_spoken(data: bytes) -> None:
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", check_code(data))


@given(st.binary(min_size=1, max_size=50), st.data())
def test_changes_with_any_byte(data: bytes, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data) - 1))
    other = bytearray(data)
    other[place] ^= 1
    assert check_code(bytes(other)) != check_code(data)
