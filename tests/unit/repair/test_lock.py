from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.errors import ItError, StaffError
from agent.manifest.names import LOCK_NAME
from agent.outcomes import ExitCode
from agent.repair.containment import PinnedRoot
from agent.repair.lock import Holder, hold, read_holder
from tests.faults.practice import HOLDER
from tests.simulators.file_ops import SteppedOps


@pytest.fixture
def root(tmp_path: Path) -> PinnedRoot:
    return PinnedRoot.pin(tmp_path)


def test_a_second_run_hears_who_is_busy(root: PinnedRoot):
    with hold(root, HOLDER, SteppedOps()), pytest.raises(StaffError) as caught:
        hold(root, Holder("second", 1, "", ""), SteppedOps())

    assert caught.value.problem == "busy"
    assert caught.value.exit_code is ExitCode.IN_USE
    assert caught.value.facts == {
        "place": root.path,
        "program": "werkplek",
        "pid": 4242,
        "host": "BALIE-2",
        "since": "2026-11-23T08:05:12Z",
    }


def test_the_lock_file_stays_and_can_be_taken_again(root: PinnedRoot):
    with hold(root, HOLDER, SteppedOps()) as held:
        first = held.path.stat().st_ino
    assert held.path.stat().st_ino == first
    with hold(root, Holder("x", 1, "y", "z"), SteppedOps()):
        assert read_holder(held.path) == Holder("x", 1, "y", "z")


def test_every_account_may_open_the_lock_whatever_the_umask(root: PinnedRoot):
    before = os.umask(0o077)
    try:
        with hold(root, HOLDER, SteppedOps()) as held:
            assert stat.S_IMODE(held.path.stat().st_mode) == 0o666
    finally:
        os.umask(before)


def test_the_first_byte_is_left_to_the_lock(root: PinnedRoot):
    with hold(root, HOLDER, SteppedOps()) as held:
        assert held.path.read_bytes()[1:2] == b"{"


@pytest.mark.posix("links")
def test_is_not_lead_through_a_planted_link(root: PinnedRoot, tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / LOCK_NAME).symlink_to(victim)
    with pytest.raises(ItError) as caught:
        hold(root, HOLDER, SteppedOps())
    assert caught.value.problem == "cannot-write"
    assert victim.read_bytes() == b"precious"


def test_writes_nothing_into_a_file_that_has_another_name_too(root: PinnedRoot, tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    os.link(victim, tmp_path / LOCK_NAME)
    with hold(root, HOLDER, SteppedOps()):
        assert victim.read_bytes() == b"precious"


def test_a_folder_in_the_place_of_the_lock_is_said(root: PinnedRoot, tmp_path: Path):
    (tmp_path / LOCK_NAME).mkdir()
    with pytest.raises(ItError) as caught:
        hold(root, HOLDER, SteppedOps())
    assert caught.value.exit_code is ExitCode.NO_RIGHTS


@pytest.mark.parametrize("content", [b"", b"\n", b"\nnot json", b"\n{}", b'\n{"program": "\xff'])
def test_unreadable_facts_are_nobody(tmp_path: Path, content: bytes):
    (tmp_path / "lock").write_bytes(content)
    assert read_holder(tmp_path / "lock") is None
    assert read_holder(tmp_path / "absent") is None


def test_says_who_this_process_is():
    here = Holder.here("werkplek", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert (here.program, here.pid, here.started) == (
        "werkplek",
        os.getpid(),
        "2026-01-02T03:04:05Z",
    )
