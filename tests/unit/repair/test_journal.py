from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.repair import journal
from agent.repair.journal import (
    Closed,
    Commit,
    Done,
    Intent,
    Journal,
    Kind,
    Old,
    Settled,
    Target,
    parse,
    staging_name,
)
from tests.simulators.file_ops import SteppedOps

SHA = "ab" * 32
RUN = "20261123T080512Z-4f2a"
STAGED = staging_name(RUN, "bin/a.dll", 0)
INTENT = Intent(
    run=RUN,
    sequence=3,
    kind=Kind.REPAIR,
    root="root",
    root_id="77",
    staging=(STAGED,),
    directories=("bin", "spool"),
)
TARGET = Target("bin/a.dll", STAGED, SHA, 5, Old(SHA, 4, 1, 0o644), "0", RUN)
COMMIT = Commit((TARGET,), ("spool",))
SETTLED = Settled((0,), ("spool",))
DONE = Done(Closed.COMMITTED, (0,), ("spool",), (("bin/b.dll", "skipped", "appeared"),))


def written(folder: Path, *records: journal.Record) -> bytes:
    book = Journal(folder / "journal.jsonl", SteppedOps())
    for record in records:
        book.write(record)
    return (folder / "journal.jsonl").read_bytes()


def believed(data: bytes) -> list[journal.Record]:
    read = parse(data, RUN)
    if read is None:
        return []
    return [r for r in (read.intent, read.commit, read.settled, read.done) if r is not None]


def test_reads_what_was_written(tmp_path: Path):
    folder = tmp_path / RUN
    folder.mkdir()
    written(folder, INTENT, COMMIT, DONE)
    read = journal.read(folder / "journal.jsonl")
    assert read is not None
    assert (read.intent, read.commit, read.settled, read.done) == (INTENT, COMMIT, None, DONE)
    assert read.tail == b""


def test_a_journal_cut_off_anywhere_is_its_whole_lines(tmp_path: Path):
    records = [INTENT, COMMIT, SETTLED, DONE]
    data = written(tmp_path, *records)
    for end in range(len(data) + 1):
        whole = data[:end].count(b"\n")
        assert believed(data[:end]) == records[:whole]


@given(st.data())
def test_a_flipped_bit_ends_what_is_believed(tmp_path_factory, data):
    records = [INTENT, COMMIT, SETTLED, DONE]
    good = written(tmp_path_factory.mktemp("journal"), *records)
    bit = data.draw(st.integers(0, len(good) * 8 - 1))
    bad = bytearray(good)
    bad[bit // 8] ^= 1 << bit % 8
    line = good[: bit // 8].count(b"\n")
    assert believed(bytes(bad)) == records[:line]


def test_lines_can_not_be_left_out_or_swapped(tmp_path: Path):
    lines = written(tmp_path, INTENT, COMMIT, SETTLED, DONE).splitlines(keepends=True)
    assert believed(lines[0] + lines[2] + lines[3]) == [INTENT]
    assert believed(lines[1] + lines[0]) == []
    assert believed(lines[0] + lines[1] + lines[1]) == [INTENT, COMMIT]


def test_a_journal_in_the_folder_of_another_run_is_none(tmp_path: Path):
    assert parse(written(tmp_path, INTENT), "20261123T080512Z-0000") is None


def change(record, **fields):
    return msgspec.structs.replace(record, **fields)


@pytest.mark.parametrize(
    "intent",
    [
        change(INTENT, staging=("bin/a.dll",)),
        change(INTENT, staging=(staging_name("other", "bin/a.dll", 0),)),
        change(INTENT, staging=(f"../{STAGED}",)),
        change(INTENT, staging=(f"{STAGED}/x",)),
        change(INTENT, directories=("../x",)),
        change(INTENT, directories=(".werkplekherstel",)),
        change(INTENT, continues="../x"),
        change(INTENT, undoes=("a/b",)),
    ],
)
def test_an_intent_with_a_name_that_we_never_give_is_no_journal(tmp_path: Path, intent: Intent):
    assert parse(written(tmp_path, intent), RUN) is None


@pytest.mark.parametrize(
    "target",
    [
        change(TARGET, path="../x"),
        change(TARGET, path="other/a.dll"),
        change(TARGET, staged=staging_name(RUN, "bin/a.dll", 1)),
        change(TARGET, sha256="x"),
        change(TARGET, old=change(TARGET.old, sha256="AB" * 32)),
        change(TARGET, backup=None),
        change(TARGET, old=None),
        change(TARGET, backup="../x"),
        change(TARGET, backup="\u0663"),
        change(TARGET, origin=".."),
    ],
)
def test_a_commit_with_a_name_that_we_never_give_is_not_believed(tmp_path: Path, target: Target):
    data = written(tmp_path, INTENT, Commit((target,)), DONE)
    assert believed(data) == [INTENT]


@pytest.mark.parametrize(
    "record", [Done(Closed.COMMITTED, (1,)), Settled((-1,)), Done(Closed.COMMITTED, (), ("x",))]
)
def test_an_ending_that_does_not_fit_its_commit_is_not_believed(tmp_path: Path, record):
    assert believed(written(tmp_path, INTENT, COMMIT, record)) == [INTENT, COMMIT]


def test_going_on_keeps_a_bad_tail_aside_and_can_be_read(tmp_path: Path):
    folder = tmp_path / RUN
    folder.mkdir()
    written(folder, INTENT, COMMIT)
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b"half a li")
    read = journal.read(path)
    assert read is not None
    read.reopen(path, SteppedOps()).write(DONE)
    assert believed(path.read_bytes()) == [INTENT, COMMIT, DONE]
    assert (folder / "journal.bad").read_bytes() == b"half a li"


@given(st.binary(max_size=200))
def test_whatever_stands_there_is_read_or_is_none(data: bytes):
    assert parse(data, RUN) is None


def test_what_can_not_be_opened_is_no_journal(tmp_path: Path):
    assert journal.read(tmp_path) is None
    assert journal.read(tmp_path / "absent") is None
