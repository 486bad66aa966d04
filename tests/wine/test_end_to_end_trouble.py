"""PC-B while something is in the way: what is open, away, full or killed is never half done."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real.practice import spoil
from tests.wine.practice import LOOK_SECONDS, ON_SHARE, REPOSITORY, Bench, ended
from tests.wine.software import OLD
from wine_prefix import PYTHON_HOME

pytestmark = pytest.mark.wine

CHANGED = "lib/_version.py.res"
POLL_SECONDS = 0.002
REPAIR = ("repair", "--yes", "--source", ON_SHARE)
ROOM_BYTES = 256 * 1024
"""Left on the full drive: less than what is missing, more than one file."""
FULL_BYTES = 8 * 1024 * 1024


@contextmanager
def started(bench: Bench, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Windows Python at work; killed at the end of the block if it still is."""
    line = [str(PYTHON_HOME / "python.exe"), *arguments]
    env = bench.environment()
    with bench.prefix.started(line, cwd=REPOSITORY, env=env) as process:
        yield process


def wait_until(happened: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    """Until it happened; it is a failure when the program ends before that."""
    until = time.monotonic() + LOOK_SECONDS
    while not happened():
        assert process.poll() is None, "it ended before anything happened"
        assert time.monotonic() < until, "nothing happened"
        time.sleep(POLL_SECONDS)


@contextmanager
def held(bench: Bench, share: str, path: str) -> Iterator[None]:
    """Another program has a file of the installation open meanwhile."""
    file = bench.root + "\\" + path.replace("/", "\\")
    with started(bench, ["-m", "tests.wine.holding", share, file]) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield


def test_an_open_file_stops_it_and_closing_it_is_enough(pc_b: Bench):
    """Wine's Restart Manager names nobody: that the program is named is tested with a simulator."""
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    pc_b.lay(OLD)
    spoil(pc_b.folder / CHANGED)
    before = pc_b.seen()
    for share in ("reading", "nothing"):
        with held(pc_b, share, CHANGED):
            refused = pc_b.run(*REPAIR, "--changed")
        reasons = {each["path"]: each["reason"] for each in refused.one["files"]}
        assert (refused.code, reasons) == (31, {CHANGED: "locked"}), share
        assert pc_b.seen() == before
        assert pc_b.ours() == []
    assert pc_b.run(*REPAIR, "--changed").code == 0
    assert pc_b.is_complete(OLD)


def test_a_share_that_vanishes_halfway_changes_nothing_and_may_come_back(pc_b: Bench):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    before = pc_b.seen()
    away = pc_b.share.with_name("uit")
    with started(pc_b, pc_b.command(*REPAIR)) as process:
        wait_until(pc_b.ours, process)
        pc_b.share.rename(away)
        out, err = process.communicate(timeout=LOOK_SECONDS)
    away.rename(pc_b.share)
    done = subprocess.CompletedProcess(REPAIR, process.returncode, out.decode(), err.decode())
    assert ended(done).code == 60
    assert pc_b.seen() == before
    assert pc_b.ours() == []
    assert pc_b.run(*REPAIR).code == 0
    assert pc_b.is_complete(OLD)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[None]:
    """A disk of that many bytes below a folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_a_full_drive_is_said_before_the_first_write(pc_b: Bench):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    with small_disk(pc_b.at("F:\\"), FULL_BYTES):
        on_f = Bench(pc_b.prefix, pc_b.base, pc_b.medicom, "F:\\Medicom")
        on_f.cleaned_up()
        filler = on_f.at("F:\\vol.bin")
        filler.write_bytes(b"\0" * (shutil.disk_usage(on_f.folder).free - ROOM_BYTES))
        before = on_f.seen()
        full = on_f.run(*REPAIR, "--root", on_f.root)
        assert (full.code, full.report["error"]["code"]) == (51, "disk-full")
        assert full.report["error"]["facts"]["free"] <= ROOM_BYTES
        assert on_f.seen() == before
        assert on_f.ours() == []
        filler.unlink()
        assert on_f.run(*REPAIR, "--root", on_f.root).code == 0
        assert on_f.is_complete(OLD)


@pytest.mark.parametrize("moment", ["while it stages", "while files get their names"])
def test_a_killed_repair_is_put_in_order_and_completed_by_the_next(pc_b: Bench, moment):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    before = pc_b.seen()
    first = {
        "while it stages": pc_b.ours,
        "while files get their names": lambda: pc_b.seen().keys() - before.keys(),
    }
    with started(pc_b, pc_b.command(*REPAIR)) as process:
        wait_until(first[moment], process)
    killed = pc_b.seen()
    assert pc_b.ours() != []
    assert (killed == before) == (moment == "while it stages")
    assert pc_b.run(*REPAIR).code == 0
    assert pc_b.is_complete(OLD)
    assert pc_b.ours() == []
