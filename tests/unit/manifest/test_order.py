"""Which version is newer."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from agent.manifest.order import compare_order, compare_stamps, oldest_first
from tests.unit.manifest.examples import example


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        ("1.2", "1.10", -1),
        ("22.4.0.118", "22.4.0.118", 0),
        ("23.0", "22.9.9.9", 1),
        ("1.2", "1.2.0.0", 0),
        ("0.0", "0", 0),
        ("1.2b", "1.3", None),
        ("1.2", "", None),
        ("1..2", "1.3", None),
    ],
)
def test_stamps_are_compared_as_dotted_integers(a: str, b: str, order: int | None) -> None:
    assert compare_stamps(a, b) == order
    assert compare_stamps(b, a) == (None if order is None else -order)


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        ({"sequence": 1, "stamp": "9.0"}, {"sequence": 2, "stamp": "1.0"}, -1),
        ({"sequence": 2, "stamp": "9.0"}, {"sequence": 2, "stamp": "1.0"}, 0),
        ({"sequence": UNSET, "stamp": "9.0"}, {"sequence": 2, "stamp": "1.0"}, 1),
        ({"sequence": 1, "stamp": UNSET}, {"sequence": UNSET, "stamp": "1.0"}, None),
        ({"sequence": UNSET, "stamp": "x"}, {"sequence": UNSET, "stamp": "1.0"}, None),
    ],
)
def test_sequence_comes_before_stamp_and_the_moment_says_nothing(
    a: dict[str, object], b: dict[str, object], order: int | None
) -> None:
    left = example(**a, created="2030-01-01T00:00:00Z")
    assert compare_order(left, example(**b)) == order


def test_sorts_oldest_first_by_order_then_as_people_count() -> None:
    by_order = [example(version=v, sequence=s) for v, s in (("a", 3), ("b", 1), ("c", 2))]
    assert [one.version for one in oldest_first(by_order)] == ["b", "c", "a"]
    unknown = [example(version=v, sequence=UNSET, stamp=UNSET) for v in ("2022.10", "2022.9")]
    assert [one.version for one in oldest_first(unknown)] == ["2022.9", "2022.10"]
