from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.model import WayName
from agent.repair import clean, unfinished
from agent.repair.journal import Intent, Journal, Kind, staging_name
from tests.faults.practice import HOLDER, NEW, OLD, STAMP_NS, Practice, leftovers, write
from tests.simulators.file_ops import Plug, PowerLoss, SteppedOps

CORE = "bin/lib/core.dll"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path, ops=SteppedOps()).install(OLD)


def nothing(*_ignored: object) -> None:
    pass


def cut(practice: Practice, step: str, moment: str = "before", skip: int = 0) -> None:
    """A forward repair loses power at a step."""

    def hook(name: str, now: str, subject: object) -> None:
        nonlocal skip
        if plug.out:
            raise PowerLoss
        if (name, now) == (step, moment):
            skip -= 1
            plug.out = skip < 0
        if plug.out:
            raise PowerLoss

    plug = Plug()
    practice.ops.hook = hook
    with pytest.raises(PowerLoss):
        practice.repair(practice.plan(NEW, WayName.FORWARD))
    practice.ops.hook = nothing


def test_tells_what_was_broken_off_and_writes_nothing(practice: Practice):
    assert unfinished(practice.runs, practice.root) == ()
    cut(practice, "sync_volume")
    before = practice.tree()
    assert len(unfinished(practice.runs, practice.root)) == 1
    assert practice.tree() == before
    assert leftovers(practice.root) != []


def test_cleans_hidden_files_and_nothing_else(practice: Practice):
    before = practice.tree()
    cut(practice, "append", skip=1)
    write(practice.root / "bin/.werkplek-notes", b"theirs")
    write(practice.root / "bin/.werkplek-00000000-1", b"theirs")
    done = clean(root=practice.root, runs=practice.runs, ops=practice.ops, holder=HOLDER)
    assert len(done.repairs) == 1
    assert leftovers(practice.root) == ["bin/.werkplek-00000000-1", "bin/.werkplek-notes"]
    assert unfinished(practice.runs, practice.root) == ()
    after = {p: v for p, v in practice.tree().items() if "werkplek" not in p and p[-1] != "/"}
    assert after == {p: v for p, v in before.items() if p[-1] != "/"}


def test_does_nothing_when_nothing_was_broken_off(practice: Practice):
    before = sorted(practice.root.iterdir())
    done = clean(root=practice.root, runs=practice.runs, ops=practice.ops, holder=HOLDER)
    assert (done.repairs, done.undos) == ((), ())
    assert sorted(practice.root.iterdir()) == before, "not even a lock"


def test_a_file_that_somebody_put_there_after_the_crash_is_not_ours_to_undo(practice: Practice):
    cut(practice, "rename_no_clobber")
    write(practice.root / "new.dll", NEW["new.dll"], mtime_ns=STAMP_NS)
    practice.clean()
    practice.undo()
    assert (practice.root / "new.dll").read_bytes() == NEW["new.dll"]


def test_that_is_known_even_when_the_cleaning_is_broken_off(practice: Practice):
    cut(practice, "rename_no_clobber")
    write(practice.root / "new.dll", NEW["new.dll"], mtime_ns=STAMP_NS)
    at = 0
    while True:
        at += 1
        practice.ops.hook = Plug(at)
        try:
            practice.clean()
        except PowerLoss:
            continue
        break
    assert at > 4
    practice.ops.hook = nothing
    practice.undo()
    assert (practice.root / "new.dll").read_bytes() == NEW["new.dll"]


def forged(practice: Practice, intent: Intent) -> None:
    folder = practice.runs / intent.run
    folder.mkdir()
    Journal(folder / "journal.jsonl", SteppedOps()).write(intent)


def intent_for(practice: Practice, **fields: object) -> Intent:
    root = practice.root
    facts = {"run": "forged", "sequence": 1, "kind": Kind.REPAIR, "root": str(root),
             "root_id": str(root.stat().st_ino)} | fields  # fmt: skip
    return Intent(**facts)


def test_a_journal_that_claims_listed_files_deletes_nothing(practice: Practice):
    before = practice.tree()
    forged(practice, intent_for(practice, staging=(CORE, "config/balie.ini")))
    practice.clean()
    assert unfinished(practice.runs, practice.root) == ()
    assert practice.tree() == before


@pytest.mark.parametrize(
    "kind",
    [
        "folder",
        pytest.param("link", marks=pytest.mark.posix("links")),
        pytest.param("through a link", marks=pytest.mark.posix("links")),
    ],
)
def test_only_plain_hidden_files_are_removed(practice: Practice, tmp_path: Path, kind: str):
    name = staging_name("forged", "bin/x", 0)
    outside = tmp_path / "outside"
    outside.mkdir()
    place = practice.root / name
    if kind == "folder":
        place.mkdir()
    elif kind == "link":
        place.symlink_to(outside)
    else:
        name = staging_name("forged", "spool/x", 0)
        (practice.root / "spool").symlink_to(outside)
        place = outside / Path(name).name
        place.write_bytes(b"theirs")
    forged(practice, intent_for(practice, staging=(name,)))
    practice.clean()
    assert os.path.lexists(place)


def test_a_journal_of_another_folder_is_not_carried_out(practice: Practice):
    name = staging_name("forged", "x", 0)
    write(practice.root / name, b"theirs")
    forged(practice, intent_for(practice, staging=(name,), root_id="1"))
    practice.clean()
    assert (practice.root / name).exists()


def test_a_journal_without_a_good_first_line_is_none(practice: Practice):
    cut(practice, "sync_volume")
    path = next(practice.runs.iterdir()) / "journal.jsonl"
    path.write_bytes(b"x" + path.read_bytes()[1:])
    before = practice.tree()
    practice.clean()
    assert unfinished(practice.runs, practice.root) == ()
    assert practice.tree() == before


def test_a_damaged_commit_keeps_files_and_originals(practice: Practice):
    run = practice.repair(practice.plan(NEW, WayName.FORWARD)).run_id
    path = practice.runs / run / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = lines[0] + lines[1].replace(b"commit", b"c0mmit") + lines[2]
    path.write_bytes(damaged)
    before = practice.tree()
    originals = sorted((practice.runs / run / "originals").iterdir())

    practice.clean()

    assert practice.tree() == before
    assert sorted((practice.runs / run / "originals").iterdir()) == originals
    assert (practice.runs / run / "journal.bad").read_bytes() == damaged[len(lines[0]) :]
    # What it replaced can't be told any more; what it made still can.
    practice.undo()
    with pytest.raises(UsageError):
        practice.undo()
