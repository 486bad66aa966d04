"""Small volumes that fill up at every stage, and a volume mounted inside the root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.errors import ItError
from agent.model import Ending, Result, WayName
from agent.outcomes import ExitCode
from agent.repair import system_ops, unfinished
from tests.faults.accounts import need, need_root
from tests.faults.practice import NEW, OLD, Practice, leftovers

pytestmark = pytest.mark.faults
PAGE = 4096
MANY = 60
"""Pages, or names, that are more than enough."""


def mounted(place: Path, options: str) -> None:
    need_root()
    need(None if shutil.which("mount") else "needs mount")
    place.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    need(f"may not mount: {ran.stderr.strip()}" if ran.returncode else None)


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "volume"
    mounted(place, "size=1m,nr_inodes=200")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def leave(place: Path, pages: int) -> Path:
    """Fill a volume but for some pages."""
    filler = place / "filler"
    free = os.statvfs(place).f_bavail * PAGE
    filler.write_bytes(b"\0" * max(0, free - pages * PAGE))
    return filler


def leave_names(place: Path, count: int) -> Path:
    """Use up a volume's file numbers but for some."""
    folder = place / "names"
    folder.mkdir()
    while os.statvfs(place).f_ffree > count:
        (folder / str(os.statvfs(place).f_ffree)).touch()
    return folder


@pytest.mark.parametrize("state", ["same volume", "other volume"])
@pytest.mark.parametrize("fill", [leave, leave_names])
def test_a_disk_that_fills_up_anywhere_changes_nothing(volume, tmp_path, state, fill):
    class Split(Practice):
        @property
        def runs(self) -> Path:
            return super().runs if state == "same volume" else tmp_path / "state" / "runs"

    practice = Split(volume / "pc", ops=system_ops()).install(OLD)
    before = practice.tree()
    tries, result, problems = 0, None, set()
    while result is None and tries < MANY:
        filler = fill(volume, tries)
        tries += 1
        try:
            result = practice.repair(practice.plan(NEW, WayName.FORWARD))
        except ItError as error:
            problems.add(error.problem)
        shutil.rmtree(filler) if filler.is_dir() else filler.unlink()
        if result is None:
            changed = practice.tree() != before or unfinished(practice.runs, practice.root)
            problems |= {f"not as before with {tries - 1}"} if changed else set()
    assert problems == {"disk-full"}
    assert tries > 4
    assert result is not None
    assert result.ending is Ending.COMMITTED
    assert practice.undo().ending is Ending.UNDONE
    assert practice.tree() == before


def test_real_room_is_looked_at_before_the_first_write(volume: Path):
    practice = Practice(volume / "pc").install(OLD)
    before = practice.tree()
    with pytest.raises(ItError) as caught:
        practice.repair(practice.plan(NEW, WayName.FORWARD, room=2 << 20))
    assert caught.value.exit_code is ExitCode.DISK_FULL
    assert list(practice.runs.iterdir()) == []
    assert practice.tree() == before


def test_a_volume_mounted_inside_the_root_is_not_written_to(tmp_path: Path):
    practice = Practice(tmp_path / "pc").install(OLD)
    inside = practice.root / "help"
    mounted(inside, "size=64k")
    try:
        result = practice.repair(practice.plan(NEW), partial=True)
        refused = [(r.path, r.reason) for r in result.results if r.result is Result.FAILED]
        assert ("help/nl/start.txt", "other-volume") in refused
        assert list(inside.iterdir()) == []
    finally:
        subprocess.run(["umount", str(inside)], check=True)
    assert leftovers(practice.root) == []
