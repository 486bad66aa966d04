"""kill -9 before and after every step; enumerated, not sampled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AT_LEAST = {
    "back": 60,
    "forward": 80,
    "undo": 55,
    "clean": 15,
    "roll-back": 90,
    "undo-roll-back": 30,
}
"""Kills per scenario: with fewer the steps are not all counted any more."""
WAYS = [
    ("finish", "plain"),
    ("undo", "plain"),
    ("finish", "no-links"),
    ("finish", "other-volume"),
    ("finish", "two-renames"),
    ("undo", "two-renames"),
]


@pytest.mark.faults
@pytest.mark.parametrize(("ending", "disk"), WAYS)
@pytest.mark.parametrize("scenario", AT_LEAST)
def test_a_killed_run_leaves_old_or_new_files_and_the_next_run_ends_it(
    scenario: str, ending: str, disk: str, tmp_path: Path
):
    command = [sys.executable, "-m", "tests.faults.driver", scenario, ending, disk, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["problems"] == []
    assert answer["kills"] >= AT_LEAST[scenario]
