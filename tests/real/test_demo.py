"""The demo on the real software, once: every expected state on every PC."""

from __future__ import annotations

import pytest

from agent.demo.play import SCENES
from agent.demo.software import get_software
from agent.demo.staging import run_demo
from agent.demo.table import Teller
from agent.outcomes import ExitCode
from agent.reporting.texts import load

pytestmark = pytest.mark.real_trees


def test_reaches_every_expected_state(find_wheel, tmp_path):
    wheels = [find_wheel("cmake", version) for version in ("3.31.6", "4.0.0")]
    said, lines = [], []
    software = get_software(said.append, cache=wheels[0].parent)
    assert (software.real, said) == (True, [])

    outcome = run_demo(software, tmp_path, Teller(load("nl"), lines.append))

    assert [(one.scene.pc, one.faults) for one in outcome.scenes] == [(s.pc, []) for s in SCENES]
    assert outcome.code is ExitCode.OK
    alone, together = outcome.scenes[2], outcome.scenes[3]
    assert (alone.ways[0].has, alone.ways[0].wanted) == (2602, 3766)
    assert together.ways[0].complete
    assert sum(together.used.values()) == together.restored == 3766
    assert together.used["SPREEKKAMER-2"] == 1164
