"""Random practices: never is a folder chosen that is not the registered one.

The truth is registered by three kinds of traces (P = 0.73); beside it are copies, decoys and other
names of it, with at most one strong trace each. What the damage is does not matter.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.discovery.sweep import SweepWish
from agent.model import FindOutcome
from tests.unit.discovery.folders import G
from tests.unit.discovery.installed import (
    FILES,
    SIBLING,
    SOUGHT,
    asked,
    install,
    registered,
    search,
    simulated,
    trace,
)  # fmt: skip

ROOTS = ("C:\\PharmaPartners", "D:\\Praktijk\\PP 2019\\Medicom", "C:\\Program Files\\Zorg")
PLACES = (
    "D:\\Neutraal",
    "D:\\PharmaPartners",
    "C:\\PharmaPartners\\Medicom",
    "D:\\PharmaPartners_oud",
    "C:\\Users\\balie\\Downloads\\PP",
    "D:\\Praktijk",
    "D:\\Praktijk\\PP 2019\\Medicom\\PharmaPartners",
)
GROUPS = (
    None, G.SHORTCUT, G.RUNNING, G.APP_PATHS, G.AUTOSTART, G.SEARCH_PATH, G.VENDOR_KEY, G.SERVICE,
)  # fmt: skip
ORDER = sorted(FILES)


@st.composite
def practices(draw):
    root = draw(st.sampled_from(ROOTS))
    left = draw(st.integers(0, len(ORDER)))
    start = draw(st.integers(0, len(ORDER) - 1))
    kept = {ORDER[(start + n) % len(ORDER)] for n in range(left)}
    places = draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True))
    others = [
        (place, draw(st.sampled_from(GROUPS)), draw(st.booleans()), draw(st.booleans()))
        for place in places
    ]
    return root, kept, others, draw(st.booleans())


def lay(pc, root, kept, others, alias):
    """The PC, and the traces on it."""
    install(pc, root, without=set(FILES) - kept)
    pieces = list(registered(root))
    if alias:
        pc.disks.links["C:\\Koppeling"] = root
        pieces.append(trace(G.RUNNING, "C:\\Koppeling\\medicom.exe"))
    for place, group, whole, decoy in others:
        files = {p: d + b"!" for p, d in FILES.items()} if decoy else FILES
        install(pc, place, files, without=() if whole else ORDER[8:])
        if group is not None:
            pieces.append(trace(group, place + "\\medicom.exe", "Medicom"))
    return pieces


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(practices())
def test_never_chooses_another_folder_than_the_registered_one(practice):
    root, *_ = practice
    with tempfile.TemporaryDirectory() as base:
        pc = simulated(Path(base))
        pieces = lay(pc, *practice)
        inquiry = asked(pc, SOUGHT, SIBLING)
        medicom, pharmacom = search(inquiry, *pieces, sweep=SweepWish.WHEN_NEEDED).found
        truth = pc.disks.canonical(root)
        assert medicom.outcome is not FindOutcome.NOT_FOUND
        if medicom.chosen is not None:
            assert medicom.chosen.canonical == truth
        assert pharmacom.chosen is None
