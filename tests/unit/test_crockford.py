"""Codes that people read to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.crockford import ALPHABET, decode, encode, grouped, normalise


def test_the_alphabet_has_no_characters_that_are_mistaken() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert "".join(sorted(ALPHABET)) == ALPHABET


@given(st.integers(0, 2**60 - 1))
def test_what_is_encoded_comes_back(value: int) -> None:
    text = encode(value, 12)
    assert len(text) == 12
    assert decode(text) == value
    assert decode(normalise(grouped(text).lower())) == value


@pytest.mark.parametrize(
    ("value", "length", "text"),
    [(0, 4, "0000"), (31, 1, "Z"), (32, 2, "10"), (33, 1, "1"), (2**20 - 1, 4, "ZZZZ"), (7, 0, "")],
)
def test_writes_the_lowest_bits_highest_first(value: int, length: int, text: str) -> None:
    assert encode(value, length) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("7k3m-92qx", "7K3M92QX"), ("o0 iI lL-1", "00111" + "11"), (" - ", ""), ("u", "U")],
)
def test_reads_what_a_person_typed(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize("text", ["U", "0U0", "é", "7K3M-92QX", "a"])
def test_refuses_what_is_not_in_the_alphabet(text: str) -> None:
    with pytest.raises(ValueError, match="substring"):
        decode(text)


@pytest.mark.parametrize(
    ("text", "size", "said"),
    [("ABCDEFGH", 4, "ABCD-EFGH"), ("ABCDE", 4, "ABCD-E"), ("", 4, ""), ("ABCD", 2, "AB-CD")],
)
def test_groups_for_the_eye(text: str, size: int, said: str) -> None:
    assert grouped(text, size) == said
