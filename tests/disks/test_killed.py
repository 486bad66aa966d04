"""kill -9 on real file systems: at every step of the engine, and of the whole command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.manifest.names import UNDO_DIRECTORY
from tests.disks.images import Format, volume
from tests.disks.practice import BIG, NEW, OLD, DiskPc
from tests.unit.workstation import start

REPOSITORY = Path(__file__).parents[2]
WAIT_SECONDS = 30.0
AT_LEAST = {"forward": 80, "undo": 55, "clean": 15}
"""Kills per scenario: with fewer the steps are not all counted any more."""
KILLS = [
    pytest.param(Format.NTFS, "forward", marks=pytest.mark.ntfs),
    pytest.param(Format.NTFS, "undo", marks=pytest.mark.ntfs),
    pytest.param(Format.EXFAT, "forward", marks=pytest.mark.exfat),
    pytest.param(Format.EXFAT, "clean", marks=pytest.mark.exfat),
]
WHOLE = [
    pytest.param(Format.NTFS, marks=pytest.mark.ntfs),
    pytest.param(Format.EXFAT, marks=pytest.mark.exfat),
]


@pytest.mark.parametrize(("kind", "scenario"), KILLS)
def test_a_run_killed_at_any_step_leaves_old_or_new_files_and_the_next_ends_it(
    kind, scenario, tmp_path
):
    with volume(kind, tmp_path) as disk:
        folder = disk.place / "pc"
        folder.mkdir()
        command = [sys.executable, "-m", "tests.faults.driver", scenario, "finish", "plain"]
        ran = subprocess.run(
            [*command, str(folder)], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["problems"] == []
    assert answer["kills"] >= AT_LEAST[scenario]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_killed_command_is_ended_by_the_next_one(kind, medicom, tmp_path):
    """Killed while it stages, then again; what it was doing is completed by the third."""
    with volume(kind, tmp_path) as disk:
        pc = DiskPc(medicom, tmp_path / "BALIE-3", volume=disk).install(OLD)
        before = pc.files()
        place = ["--root", pc.root, "--state", pc.base / "state", "--product", medicom.name]
        place += ["--catalogue", medicom.catalogue]
        wish = ["repair", "--yes", *place, "--source", medicom.whole(NEW), "--to-version", NEW]
        for _ in range(2):
            kill_while_staging(pc, start(tmp_path, *wish))
            disk.again()
            seen = pc.files()
            assert {p: s for p, s in seen.items() if p in before} == before
            added = {path for path in seen.keys() - before.keys() if not path.endswith("/")}
            assert added == set(pc.leftovers())

        process = start(tmp_path, *wish)
        said = process.communicate(timeout=WAIT_SECONDS)
        assert process.returncode == 0, said

        disk.again()
        assert pc.is_complete(NEW)
        # Originals stay on their own volume until undone: the state is on another one.
        assert all(path.startswith(UNDO_DIRECTORY) for path in pc.leftovers())
        assert pc.undo().code == 0
        disk.again()
        assert pc.files() == before


def kill_while_staging(pc: DiskPc, process: subprocess.Popen[bytes]) -> None:
    """As soon as a hidden file of ours is there."""
    until = time.monotonic() + WAIT_SECONDS
    folder = (pc.root / BIG).parent
    while len(os.listdir(folder)) == 1:  # noqa: PTH208 - names only, as quick as can be
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
    process.send_signal(signal.SIGKILL)
    process.communicate()
