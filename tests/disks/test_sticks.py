"""Sticks with exFAT and FAT32: as a source, and with a program folder on them.

These have no links, no rename that never overwrites, no owners or modes, and times to two seconds.
There a missing file is put in place by looking and then renaming: the one race that this engine
knows, and only on systems other than Windows.
"""

from __future__ import annotations

import os
import resource

import pytest

from agent.repair import PosixFileOps
from tests.disks.practice import BIG, NEW, OLD, DiskPc
from tests.faults.accounts import in_child
from tests.real.practice import copy_tree, snapshot
from tests.real.sticks import make_stick

pytestmark = pytest.mark.exfat

REPLACED = "bin/anders07.dll"
ROOM = 256 * 1024
"""Bytes that fit in one file where a limit is tried; `BIG` is larger."""


@pytest.fixture
def gone(plain_medicom):
    """Missing files: in several folders, one large, one empty, and one with a long name."""
    long = next(path for path in plain_medicom.files[OLD] if "lp over" in path)
    return ("medicom.exe", "bin/anders03.dll", BIG, "leeg.txt", long)


@pytest.fixture
def pc(plain_medicom, gone, tmp_path):
    """A damaged PC whose program folder is on the fixed disk."""
    return plain_medicom.pc(tmp_path / "BALIE-1", OLD, without=gone)


@pytest.fixture
def stick_pc(stick, plain_medicom, tmp_path):
    """A PC whose program folder is on the stick, nothing installed yet."""
    return DiskPc(plain_medicom, tmp_path / "BALIE-2", volume=stick)


class TestAsSource:
    def test_a_raw_copy_completes_a_pc_and_is_not_written_to(self, stick, plain_medicom, pc):
        copy = copy_tree(plain_medicom.whole(OLD), stick.place / "kopie")
        stick.options = ("-o", "ro")
        stick.again()
        before = snapshot(copy)

        assert pc.repair(copy).code == 0

        # The list says the time, not the copy: on the stick it may be a second off.
        assert pc.is_complete(OLD)
        assert pc.has_its_own()
        assert snapshot(copy) == before

    def test_a_finished_stick_completes_a_pc_that_knows_the_version(self, stick, plain_medicom, pc):
        make_stick(stick.place, plain_medicom, [OLD, NEW])
        stick.again()
        answer = pc.repair(stick.place)
        assert (answer.code, answer.source(0)["kind"]) == (0, "stick")
        assert pc.is_complete(OLD)

    def test_one_that_is_pulled_out_is_named_and_nothing_is_half_done(
        self, stick, plain_medicom, pc
    ):
        copy = copy_tree(plain_medicom.whole(OLD), stick.place / "kopie")
        before = pc.files()

        answer = pc.repair(copy, meanwhile=stick.pull)

        assert (answer.code, answer.source(0)["refused"]) == (60, "source-gone")
        assert pc.files() == before
        stick.again()
        assert pc.repair(copy).code == 0
        assert pc.is_complete(OLD)


class TestAsTarget:
    def test_back_and_undo_are_exact_after_mounting_again(self, stick_pc, plain_medicom, gone):
        stick_pc.install(OLD, without=gone)
        stick_pc.volume.again()
        before = stick_pc.files()

        assert stick_pc.repair(plain_medicom.whole(OLD)).code == 0

        stick_pc.volume.again()
        assert stick_pc.is_complete(OLD)
        assert stick_pc.has_its_own()
        assert stick_pc.leftovers() == []
        assert stick_pc.check().kind == "healthy"
        assert stick_pc.undo().code == 0
        stick_pc.volume.again()
        assert stick_pc.files() == before

    def test_forward_keeps_copies_where_it_has_no_links(self, stick_pc, plain_medicom):
        stick_pc.install(OLD)
        stick_pc.volume.again()
        before = stick_pc.files()

        assert stick_pc.repair(plain_medicom.whole(NEW), to_version=NEW).code == 0

        stick_pc.volume.again()
        assert stick_pc.is_complete(NEW)
        assert stick_pc.has_its_own()
        assert stick_pc.undo().code == 0
        stick_pc.volume.again()
        assert stick_pc.files() == before

    def test_a_name_that_is_taken_is_not_overwritten(self, stick):
        here, taken = stick.place / "staged", stick.place / "taken.dll"
        here.write_bytes(b"ours")
        taken.write_bytes(b"theirs")
        with pytest.raises(FileExistsError):
            PosixFileOps().rename_no_clobber(here, taken)
        assert (here.read_bytes(), taken.read_bytes()) == (b"ours", b"theirs")

    def test_a_file_that_is_too_large_for_it_is_named_and_the_rest_is_put_back(
        self, stick_pc, plain_medicom, gone
    ):
        """As FAT32 refuses more than 4 GiB less one byte; here the system refuses much less."""
        stick_pc.install(OLD, without=gone)

        def within_the_limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
            answer = stick_pc.repair(plain_medicom.whole(OLD), partial=True)
            kept = [each["result"] for each in answer.one["files"]].count("restored")
            file = answer.file(BIG)
            return [answer.code, kept, file["result"], file["reason"]]

        said = in_child(within_the_limit)

        assert said == str([20, len(gone) - 1, "failed", "file-too-large"])
        stick_pc.volume.again()
        assert not os.path.lexists(stick_pc.root / BIG)
        assert stick_pc.leftovers() == []
