"""Journals cut off anywhere and with flipped bits: nothing that is not ours is ever deleted."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import WerkplekError
from agent.manifest.names import is_ours
from agent.model import WayName
from tests.faults.practice import NEW, OLD, Practice
from tests.simulators.file_ops import PowerLoss, SteppedOps


def nothing(*_ignored: object) -> None:
    pass


def run_until(practice: Practice, moves: int) -> None:
    done = 0

    def hook(name: str, moment: str, subject: object) -> None:
        nonlocal done
        done += name in {"rename_no_clobber", "replace_keeping"} and moment == "after"
        if done >= moves:
            raise PowerLoss

    practice.ops.hook = hook
    with contextlib.suppress(PowerLoss):
        practice.repair(practice.plan(NEW, WayName.FORWARD))
    practice.ops.hook = nothing


def journal_of(practice: Practice) -> Path:
    return next(practice.runs.glob("*/journal.jsonl"))


class Case:
    """A run that ended, or was cut off, and can be looked at again and again."""

    def __init__(self, base: Path, moves: int) -> None:
        self.practice = Practice(base / "pc", ops=SteppedOps()).install(OLD)
        self.before = self.practice.tree()
        run_until(self.practice, moves)
        self.spare = base / "spare"
        shutil.copytree(self.practice.base, self.spare, symlinks=True)
        self.there = self.practice.tree()
        self.journal = journal_of(self.practice).read_bytes()

    def reset(self, journal: bytes) -> None:
        """The same again, in the very same root folder; its journal is what is given."""
        for child in self.practice.root.iterdir():
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        shutil.copytree(self.spare / "Medicom", self.practice.root, dirs_exist_ok=True)
        shutil.rmtree(self.practice.runs)
        shutil.copytree(self.spare / "state" / "runs", self.practice.runs)
        journal_of(self.practice).write_bytes(journal)

    def clean_and_undo(self) -> None:
        for act in (self.practice.clean, self.practice.undo, self.practice.undo):
            try:
                act()
            except WerkplekError:
                continue

    def check(self) -> None:
        """Every file has its old or its new bytes; whatever is not ours or listed is the same."""
        now = self.practice.tree()
        for path, seen in self.before.items():
            if path.endswith("/") or path in NEW:
                continue
            assert now[path] == seen, path
        for path, data in NEW.items():
            old = self.before.get(path)
            seen = now.get(path)
            assert seen == old or (seen is not None and seen[0] == data), path
        strangers = {p for p in now if not p.endswith("/")} - {*self.before, *NEW}
        assert all(is_ours(path) for path in strangers)


@pytest.fixture(scope="module", params=[2, 99], ids=["cut off", "ended"])
def case(request: pytest.FixtureRequest, tmp_path_factory) -> Case:
    return Case(tmp_path_factory.mktemp("case"), request.param)


def test_a_journal_cut_off_anywhere(case: Case):
    """Around every end of a line, and at places in between.

    That reading is the same for every byte of a line is tested at every byte with the journal.
    """
    ends = [at for at, byte in enumerate(case.journal) if byte == ord("\n")]
    around = {end + near for end in ends for near in (-1, 0, 1)}
    for end in sorted({*around, *range(0, len(case.journal), 97)}):
        case.reset(case.journal[:end])
        case.clean_and_undo()
        case.check()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_journal_with_flipped_bits(case: Case, data: st.DataObject):
    bad = bytearray(case.journal)
    for bit in data.draw(st.lists(st.integers(0, len(bad) * 8 - 1), min_size=1, max_size=4)):
        bad[bit // 8] ^= 1 << bit % 8
    case.reset(bytes(bad))
    case.clean_and_undo()
    case.check()


def test_a_good_journal_brings_everything_back(case: Case):
    case.reset(case.journal)
    case.practice.clean()
    case.practice.undo()
    assert case.practice.tree() == case.before
