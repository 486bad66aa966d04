"""Folders as sources that are removed, altered or closed between the question and the copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent.model import Ending, Result, SourceKind, Step, Wanted
from agent.progress import Watch
from agent.sources.base import Source
from agent.sources.opening import open_source
from tests.faults.practice import OLD, Practice, write
from tests.simulators.file_ops import SteppedOps, When
from tests.simulators.sources import MemorySource

CORE = "bin/lib/core.dll"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    pc = Practice(tmp_path / "pc", ops=SteppedOps()).install(OLD)
    return pc.remove(CORE, "data/icons/logo.ico")


@pytest.fixture
def copy(tmp_path: Path, practice: Practice) -> Path:
    """A raw copy of a program folder, one level deeper and under another name."""
    for path, data in OLD.items():
        write(tmp_path / "usb" / "kopie PP" / path, data)
    return tmp_path / "usb"


def asked(practice: Practice, place: Path) -> Source:
    """The source after it was asked what it has."""
    source = open_source(place, root=practice.root, kind=SourceKind.FOLDER)
    steps: tuple[Step, ...] = practice.plan(OLD).actions
    wanted = [Wanted(s.expected.sha256, s.expected.size, s.path) for s in steps if s.expected]
    assert len(source.coverage(wanted, Watch()).has) == len(wanted)
    return source


def test_a_raw_copy_gives_what_it_has_wherever_it_stands(practice: Practice, copy: Path):
    result = practice.repair(practice.plan(OLD), asked(practice, copy))
    assert result.ending is Ending.COMMITTED
    assert (practice.root / CORE).read_bytes() == OLD[CORE]


@pytest.mark.parametrize("how", ["removed", "altered", "same size", "cut off", "folder"])
def test_a_copy_that_changed_after_the_question_does_no_harm(practice, copy, how: str):
    source = asked(practice, copy)
    file = copy / "kopie PP" / CORE
    before = practice.tree()
    if how == "removed":
        shutil.rmtree(copy)
    elif how == "altered":
        file.write_bytes(b"other")
    elif how == "same size":
        file.write_bytes(b"x" * len(OLD[CORE]))
    elif how == "cut off":
        file.write_bytes(OLD[CORE][:-1])
    else:
        file.unlink()
        file.mkdir()
    result = practice.repair(practice.plan(OLD), source)
    assert result.ending is Ending.NOT_STARTED
    assert {r.path: r.result for r in result.results}[CORE] is Result.FAILED
    assert practice.tree() == before


def test_one_that_is_pulled_out_halfway_is_followed_by_the_next(practice: Practice, copy: Path):
    source = asked(practice, copy)
    practice.ops.hook = When("finish", lambda: shutil.rmtree(copy), "after")
    other = MemorySource.of(*OLD.values(), source_id="other")
    result = practice.repair(practice.plan(OLD), source, other)
    assert result.ending is Ending.COMMITTED
    assert [r.source_id for r in result.results] == [source.source_id, "other"]


def test_a_slow_source_only_takes_longer(practice: Practice):
    slow = MemorySource.of(*OLD.values(), slow_seconds=0.01)
    assert practice.repair(practice.plan(OLD), slow).ending is Ending.COMMITTED
