from __future__ import annotations

import pytest

from agent.diagnosis.stamps import matches, newer_than_all, same
from tests.simulators.inventories import known_manifest


def known(version, stamp=None, sequence=None):
    return known_manifest({"a": version}, version=version, stamp=stamp, sequence=sequence)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("3.31.6", "3.31.6.0", True),
        ("3.31.06", "3.31.6", True),
        ("3.31.6", "3.31.7", False),
        ("R2 beta", "R2 beta", True),
        ("R2 beta", "2", False),
    ],
)
def test_stamps_are_the_same_by_number_else_by_text(first, second, expected):
    assert same(first, second) is expected


def test_a_version_without_a_stamp_matches_none():
    assert matches(known("1", "1.0"), ("7.0", "1.0"))
    assert not matches(known("1", "1.0"), ())
    assert not matches(known("1"), ("1.0",))


@pytest.mark.parametrize(
    ("lists", "stamps", "expected"),
    [
        pytest.param([("1", "1.0"), ("2", "2.0")], ("3.0",), True, id="above all"),
        pytest.param([("1", "1.9"), ("2", "1.10")], ("1.11",), True, id="numbers, not letters"),
        pytest.param([("1", "1.0"), ("2", "2.0")], ("2.0",), False, id="the newest itself"),
        pytest.param([("1", "1.0"), ("2", "2.0")], ("1.5",), False, id="between"),
        pytest.param([("1", "1.0")], (), False, id="nothing read"),
        pytest.param([], ("3.0",), False, id="nothing known"),
        pytest.param([("1", "1.0")], ("R3",), False, id="no number"),
        pytest.param([("1", "R1")], ("3.0",), False, id="list without a number"),
        pytest.param([("1", None)], ("3.0",), False, id="list without a stamp"),
        pytest.param([("1", "1.0"), ("2", None)], ("3.0",), False, id="may be the unstamped one"),
        pytest.param(
            [("1", None, 1), ("2", "2.0", 2)], ("3.0",), True, id="the unstamped one is older"
        ),
        pytest.param(
            [("1", "1.0", 1), ("2", None, 2)], ("3.0",), False, id="the unstamped one is newer"
        ),
        pytest.param([("1", "1.0")], ("1.0", "105.0"), False, id="a helper counts its own way"),
        pytest.param(
            [("1", "1.0"), ("2", "2.0")], ("3.0", "2.0"), False, id="one program is the newest's"
        ),
        pytest.param(
            [("1", "R1", 1), ("2", "2.0", 2)], ("3.0",), True, id="the unreadable one is older"
        ),
        pytest.param([("1", "1.0")], ("0.9", "105.0"), False, id="only the best program speaks"),
    ],
)
def test_a_stamp_above_every_known_version_is_of_higher_order(lists, stamps, expected):
    assert newer_than_all([known(*one) for one in lists], stamps) is expected
