"""Circumstances put together at random: never a confident wrong answer."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.discovery.finding import find
from agent.model import Candidate, FindOutcome
from agent.progress import Watch
from tests.pc.simulated import ask, simulate
from tests.pc.traits import ROOTS, STATES, TRAITS, practice

EXAMPLES = 15
"""Each makes hundreds of files; the rules alone have many more examples of their own."""
MOST_TRAITS = 4


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    root=st.sampled_from(ROOTS),
    state=st.sampled_from(STATES),
    names=st.lists(st.sampled_from(sorted(TRAITS)), min_size=1, max_size=MOST_TRAITS, unique=True),
)
def test_never_a_confident_wrong_answer(root, state, names, products):
    one = practice(root, state)
    for name in names:
        one = TRAITS[name](one)
    with tempfile.TemporaryDirectory() as base:
        made = simulate(one.pc, Path(base))
        search = find(ask(one.pc, made, products), watch=Watch())
        medicom = next(found for found in search.found if found.product == "medicom")
        chosen = medicom.chosen
        # Gone or emptied, the truth is registered by three traces: somebody is asked at least.
        assert medicom.outcome is not FindOutcome.NOT_FOUND
        if chosen is not None:
            assert same_folder(made.disks, chosen, one.truth)
        pharmacom = next(found for found in search.found if found.product == "pharmacom")
        if pharmacom.chosen is not None:
            assert "pharmacy program" in names
            assert same_folder(made.disks, pharmacom.chosen, "D:\\Apotheek\\PP")


def same_folder(disks, found: Candidate, path: str) -> bool:
    """Whether a candidate is the folder of that path, be it there or not."""
    with suppress(OSError):
        path = disks.canonical(path)
    return found.canonical.casefold() == path.casefold()
