"""Refusals of the system, interruptions, odd copies: what a run says and what it leaves."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.model import (
    Comparison,
    Counts,
    Ending,
    Finding,
    RepairResult,
    Result,
    Role,
    State,
    StepResult,
    Trigger,
)
from agent.outcomes import ExitCode
from agent.state import StateFolder
from agent.workflow import repairing, undoing
from agent.workflow.request import Request
from tests.simulators.file_ops import PowerLoss, Refuse, SteppedOps
from tests.unit.manifest.test_stamps import portable_executable
from tests.unit.workstation import NEW, OLD, SETTINGS, Workstation, manifest_of, snapshot

LOST = tuple(OLD)[:25]


class PlugAt:
    """Pulls the plug before the n-th step of a kind."""

    def __init__(self, name: str, at: int) -> None:
        self.name, self.at = name, at

    def __call__(self, name: str, moment: str, subject: object) -> None:
        if (name, moment) == (self.name, "before"):
            self.at -= 1
        if self.at <= 0:
            raise PowerLoss


def _interrupt(pc: Workstation, name: str, at: int, *arguments: object) -> None:
    pc.overrides["ops"] = SteppedOps(PlugAt(name, at))
    with pytest.raises(PowerLoss):
        pc.do(*arguments)
    pc.overrides["ops"] = SteppedOps()


def test_an_interrupted_forward_repair_is_no_update_of_somebody_else(pc: Workstation) -> None:
    """Its files were written a moment ago and two versions are mixed: by us."""
    pc.overrides["clock"] = lambda: datetime.now(UTC)
    pc.install().know()
    before = pc.files()
    go = ("--yes", "--source", pc.source("kopie", NEW), "--to-version", "2023.1")
    _interrupt(pc, "replace_keeping", 15, "repair", *go)
    (interrupted,) = (path.name for path in (pc.state / "runs").iterdir())
    assert pc.check().one["diagnosis"]["class"] != "update-running"
    said = pc.do("repair", *go)
    assert (said.code, said.report["continues"]) == (0, interrupted)
    assert pc.holds(NEW | SETTINGS)
    assert pc.undo().code == ExitCode.OK
    assert pc.files() == before


def test_an_interrupted_undo_is_finished_and_remembered_by_the_next_repair(
    pc: Workstation,
) -> None:
    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", OLD)
    assert pc.repair("--source", copy).code == ExitCode.OK
    assert len(pc.record()["restorations"]) == 1
    _interrupt(pc, "rename_no_clobber", 9, "undo")
    said = pc.repair("--dry-run")
    assert said.one["before"]["missing"] == 8
    refused = pc.repair()  # finishes the undo, then lacks a source
    assert refused.code == ExitCode.NOT_REPAIRABLE
    assert refused.one["before"]["missing"] == len(LOST)
    assert pc.record()["restorations"] == []
    assert pc.record()["hold"]


@pytest.mark.parametrize(
    ("number", "code"),
    [(13, ExitCode.NO_RIGHTS), (5, ExitCode.DISK_ERROR), (28, ExitCode.DISK_FULL), (16, 31)],
)
def test_an_undo_that_the_system_refuses_says_why(pc: Workstation, number: int, code: int) -> None:
    pc.install().know().delete(*LOST)
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    before = pc.files()
    error = OSError(number, os.strerror(number))
    pc.overrides["ops"] = SteppedOps(Refuse("rename_no_clobber", error, skip=4, times=1))
    said = pc.undo()
    assert said.code == code
    assert pc.files() == before
    assert not pc.record()["hold"]


@pytest.mark.parametrize(
    ("result", "codes"),
    [
        (RepairResult("r", Ending.NOT_ROLLED_BACK, ()), (ExitCode.PARTLY_REPAIRED,)),
        (
            RepairResult("r", Ending.UNDONE, (StepResult("a", Result.SKIPPED),)),
            (ExitCode.PARTLY_REPAIRED,),
        ),
        (RepairResult("r", Ending.UNDONE, (StepResult("a", Result.RESTORED),)), (ExitCode.OK,)),
    ],
)
def test_the_codes_of_an_undo(result: RepairResult, codes: tuple[ExitCode, ...]) -> None:
    assert undoing._codes(result) == codes


def _left(**counts: int) -> Comparison:
    finding = Finding("a", Role.PROGRAM, State.MISSING, None, None)
    return Comparison("1", Counts(**counts), (finding,), ())


@pytest.mark.parametrize(
    ("ending", "reasons", "codes"),
    [
        (Ending.ROLLED_BACK, ("locked",), (31,)),
        (Ending.ROLLED_BACK, ("wrong-bytes", "source-gone"), (60, 61)),
        (Ending.ROLLED_BACK, ("no-rights",), (50,)),
        (Ending.ROLLED_BACK, ("write-failed",), (11,)),
        (Ending.ROLLED_BACK, (), (11,)),
        (Ending.NOT_ROLLED_BACK, ("locked",), (20,)),
        (Ending.COMMITTED, (), (20,)),
    ],
)
def test_the_codes_of_a_repair_that_left_something(
    ending: Ending, reasons: tuple[str, ...], codes: tuple[int, ...]
) -> None:
    results = tuple(StepResult(name, Result.FAILED, reason=name) for name in reasons)
    assert repairing._codes_after(RepairResult("r", ending, results), _left()) == codes


def test_a_source_that_lies_is_refused_and_nothing_is_written(pc: Workstation) -> None:
    """A stick whose bytes were altered after it was made."""
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    stick = pc.make_stick(made="2999-01-01T00:00:00Z")
    for path in LOST:
        place = stick / "bestanden" / "medicom-2022.4" / path
        place.write_bytes(b"\0" * len(OLD[path]))
    before = snapshot(pc.root)
    said = pc.repair("--source", stick)
    assert said.code in {ExitCode.SOURCES_REFUSED, ExitCode.NO_SOURCE}
    assert {k: v for k, v in snapshot(pc.root).items() if "lock" not in k}.keys() == before.keys()


def test_a_record_that_can_not_be_written_hides_no_success(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: StateFolder, root: Path, record: object) -> None:
        raise OSError(28, "No space left on device")

    pc.install().know().delete(*LOST)
    monkeypatch.setattr(StateFolder, "save_record", full)
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    assert pc.holds(OLD)
    assert pc.repair().code == ExitCode.OK
    assert pc.undo().code == ExitCode.OK


def test_only_a_person_ends_a_hold(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", OLD)
    assert pc.repair("--source", copy).code == ExitCode.OK
    assert pc.undo().code == ExitCode.OK
    for path in LOST:
        pc.write(path, OLD[path])
    by_itself = Request("repair", pc.root, catalogues=(pc.lists,), trigger=Trigger.SCHEDULE)
    repairing.repair(by_itself, pc.ports(), lambda facts: True)
    assert pc.record()["hold"]
    assert pc.repair().code == ExitCode.OK
    assert not pc.record()["hold"]


# Odd copies.


def test_a_copy_with_a_stamp_is_named_after_it(pc: Workstation) -> None:
    program = portable_executable((23, 1, 0, 7))
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    copy = pc.source("kopie", NEW | {"medicom.exe": program})
    (forward,) = (w for w in pc.plan("--source", copy).one["ways"] if w["way"] == "forward")
    assert forward["version"] == "23.1.0.7"
    pc.know(manifest_of(OLD, "23.1.0.7"))
    (pc.lists / "medicom-2022.4.json").unlink()
    (other,) = (w for w in pc.plan("--source", copy).one["ways"] if w["way"] == "forward")
    assert other["version"] == "kopie-23.1.0.7"


def test_a_copy_that_is_no_program_is_a_source_and_no_version(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    empty = pc.base / "empty"
    empty.mkdir()
    notes = pc.source("notes", {"a/b/c/d/e/notes.txt": b"x", "a/b/c/d/e/more.txt": b"y"})
    said = pc.plan("--source", empty, "--source", notes, "--source", pc.base / "absent")
    assert {way["version"] for way in said.one["ways"]} == {"2022.4"}


def test_a_copy_that_can_not_be_read_gets_no_list(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.errors import ItError
    from agent.workflow import spotting

    def unreadable(*_: object, **__: object) -> None:
        raise ItError("make-unreadable", ExitCode.NO_RIGHTS, path="a", error="no")

    monkeypatch.setattr(spotting, "build", unreadable)
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    said = pc.plan("--source", pc.source("kopie", NEW))
    assert {way["version"] for way in said.one["ways"]} == {"2022.4"}


def test_one_known_version_that_does_not_fit_says_nothing(pc: Workstation) -> None:
    """Not its version, so there is no way back; a way forward there is."""
    pc.install({path: data + b"other" for path, data in OLD.items()})
    pc.know(manifest_of(OLD, "2022.4"))
    said = pc.plan("--source", pc.source("kopie", OLD))
    assert said.code == ExitCode.VERSION_UNKNOWN
    (way,) = said.one["ways"]
    assert (way["way"], way["complete"]) == ("forward", True)
    weak = pc.repair("--source", pc.base / "kopie", "--to-version", "2022.4")
    assert (weak.code, weak.one["brakes"]) == (32, ["weak-target"])


def test_an_emptied_installation_is_known_by_its_record(pc: Workstation) -> None:
    pc.install().know()
    assert pc.repair().code == ExitCode.OK
    pc.delete(*OLD)
    before = snapshot(pc.root)
    copy = pc.source("kopie", OLD)
    said = pc.repair("--source", copy)
    assert said.one["diagnosis"]["class"] == "emptied"
    assert said.code == ExitCode.NEEDS_PERSON
    assert "weak-target" in said.one["brakes"]
    assert snapshot(pc.root) == before
    accepted = [part for brake in said.one["brakes"] for part in ("--accept", brake)]
    assert pc.repair("--source", copy, *accepted).code == ExitCode.OK
    assert pc.holds(OLD)
    single = Workstation(pc.base / "single", pc.overrides)
    single.install().know(manifest_of(OLD, "2022.4"))
    assert single.repair("--state", pc.base / "s2").code == ExitCode.OK
    single.delete(*OLD)
    assert single.check("--state", pc.base / "s2").one["version"]["id"] == "2022.4"
