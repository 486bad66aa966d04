"""Every described PC, searched over the simulators: the answer is the one that the data gives."""

from __future__ import annotations

import pytest

from agent.discovery.finding import find
from agent.progress import Watch
from tests.layouts.corpus import PCS
from tests.pc.describing import Description
from tests.pc.judging import answers, judge
from tests.pc.simulated import ask, simulate
from tests.simulators.pc import PROFILE

LEAST, LEAST_IN_WINE = 40, 10
"""PCs that the corpus must have, and of those under Wine."""


@pytest.mark.parametrize("name", PCS)
def test_the_answer_is_the_one_that_the_description_gives(name, tmp_path, products, rows):
    pc = PCS[name]
    made = simulate(pc, tmp_path)
    search = find(ask(pc, made, products), watch=Watch())
    touched, contents = tuple(made.disks.opened), tuple(made.disks.contents)
    found = answers(search, pc, made.disks, PROFILE)
    judged = [judge(name, product, pc, answer) for product, answer in found.items()]
    rows += judged

    assert [row for row in judged if not row.fine] == []
    assert below(touched, pc.untouched) == []
    assert below(contents, pc.unread) == []


def below(paths, places):
    """Those of the paths that stand at or below one of the places."""
    above = tuple(place.casefold() for place in places)
    return sorted({path for path in paths if path.casefold().startswith(above)}) if above else []


def test_there_are_enough_of_them():
    assert len(PCS) >= LEAST
    assert sum(pc.wine for pc in PCS.values()) >= LEAST_IN_WINE


@pytest.mark.parametrize("name", PCS)
def test_a_description_names_only_what_can_be_asked(name):
    pc: Description = PCS[name]
    for expected in pc.expect.values():
        needs_root = {"chosen", "emptied"} & set(expected.outcomes)
        assert bool(expected.root) == bool(needs_root)
        assert expected.reason
