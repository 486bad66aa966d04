"""Undo, broken-off runs, and what a PC remembers of earlier runs."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta

import pytest

from agent.manifest.names import LOCK_NAME, is_ours
from agent.outcomes import ExitCode
from tests.simulators.clock import Clock
from tests.simulators.file_ops import Refuse, SteppedOps
from tests.unit.workstation import (
    NEW,
    OLD,
    SETTINGS,
    Workstation,
    lay,
    snapshot,
)

LOST = tuple(OLD)[:25]
OLD_ONLY = tuple(path for path in OLD if path not in NEW)


def _half(pc: Workstation, count: int = 20) -> Workstation:
    """An update that wrote so many files and went away."""
    pc.install().know()
    changed = [path for path in NEW if path in OLD and NEW[path] != OLD[path]]
    lay(pc.root, {path: NEW[path] for path in changed[:count]})
    return pc


# Back.


def test_changed_files_are_replaced_only_on_request_and_come_back_with_undo(
    pc: Workstation,
) -> None:
    pc.install().know().write("bin/anders00.dll", b"odd").delete("bin/zelfde00.dll")
    copy = pc.source("kopie", OLD)
    said = pc.repair("--source", copy)
    assert said.code == ExitCode.PARTLY_REPAIRED
    assert pc.files()["bin/anders00.dll"] == b"odd"
    assert pc.files()["bin/zelfde00.dll"] == OLD["bin/zelfde00.dll"]
    before = pc.files()
    assert pc.repair("--source", copy).code == ExitCode.NEEDS_PERSON
    assert pc.files() == before
    assert pc.repair("--source", copy, "--changed").code == ExitCode.OK
    assert pc.holds(OLD)
    assert pc.undo().code == ExitCode.OK
    assert pc.files() == before


def test_files_restored_twice_in_a_week_are_a_brake(pc: Workstation, clock: Clock) -> None:
    pc.install().know()
    copy = pc.source("kopie", OLD)
    for _ in range(2):
        pc.delete(*LOST)
        assert pc.repair("--source", copy).code == ExitCode.OK
        clock.now += timedelta(days=1)
    pc.delete(LOST[0])
    before = snapshot(pc.root)
    said = pc.repair("--source", copy)
    assert (said.code, said.one["brakes"]) == (ExitCode.NEEDS_PERSON, ["repeated-damage"])
    assert pc.plan("--source", copy).code == ExitCode.REPAIRABLE
    assert snapshot(pc.root) == before
    assert pc.repair("--source", copy, "--accept", "repeated-damage").code == ExitCode.OK
    pc.delete(LOST[0])
    clock.now += timedelta(days=8)
    assert pc.repair("--source", copy).code == ExitCode.OK


def test_restorations_that_were_undone_do_not_count(pc: Workstation, clock: Clock) -> None:
    pc.install().know()
    copy = pc.source("kopie", OLD)
    pc.delete(*LOST)
    for _ in range(3):
        assert pc.repair("--source", copy).code == ExitCode.OK
        assert pc.undo().code == ExitCode.OK
        clock.now += timedelta(hours=1)
    assert pc.repair("--source", copy).one["brakes"] == []
    assert pc.holds(OLD)


def test_runs_of_more_than_thirty_days_ago_are_forgotten(pc: Workstation, clock: Clock) -> None:
    pc.install().know()
    copy = pc.source("kopie", OLD)
    for days in (31, 1, 0):
        pc.delete(LOST[0])
        assert pc.repair("--source", copy).code == ExitCode.OK
        clock.now += timedelta(days=days)
    assert len(list((pc.state / "runs").iterdir())) == 2
    assert pc.undo().code == ExitCode.OK


def test_undo_refuses_what_was_changed_since(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    pc.write(LOST[0], b"an update was here")
    before = pc.files()
    said = pc.undo()
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.report["error"]["code"] == "changed-since"
    assert LOST[0] in said.report["error"]["text"]
    assert pc.files() == before


def test_undo_of_a_named_run_and_of_none(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    run = pc.repair("--source", pc.source("kopie", OLD)).report["run_id"]
    assert pc.undo("20000101T000000Z-0000").report["error"]["code"] == "unknown-run"
    assert pc.undo(run).code == ExitCode.OK
    assert not any(path in pc.files() for path in LOST)
    assert pc.undo(run).report["error"]["code"] == "already-undone"
    said = pc.undo()
    assert (said.code, said.report["error"]["code"]) == (2, "nothing-to-undo")


def test_undo_without_a_record_still_sets_the_hold(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    for file in (pc.state / "records").iterdir():
        file.unlink()
    said = pc.undo("--product", "medicom")
    assert said.code == ExitCode.OK
    assert pc.record()["hold"]


def test_undoing_an_older_run_keeps_the_version_of_the_newer(pc: Workstation) -> None:
    pc.install().know().delete("bin/zelfde00.dll")
    copy = pc.source("kopie", OLD)
    first = pc.repair("--source", copy).report["run_id"]
    pc.delete("bin/zelfde01.dll")
    assert pc.repair("--source", copy).code == ExitCode.OK
    assert pc.undo(first).code == ExitCode.OK
    record = pc.record()
    assert record["version"] == "2022.4"
    assert len(record["restorations"]) == 1


def test_partial_does_not_mix_the_versions_of_a_half_update(pc: Workstation) -> None:
    _half(pc)
    before = pc.files()
    copy = pc.source("kopie", OLD)
    refused = Refuse("replace_keeping", OSError(errno.EACCES, "no"), skip=3, times=1)
    pc.overrides["ops"] = SteppedOps(refused)
    said = pc.repair("--source", copy, "--to-version", "2022.4", "--partial")
    assert said.code == ExitCode.NO_RIGHTS
    assert pc.files() == before
    assert pc.repair("--source", copy, "--to-version", "2022.4", "--partial").code == ExitCode.OK
    assert pc.holds(OLD)


# Which folder it is.


def test_a_folder_that_was_renamed_after_a_repair_is_undone(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    before = pc.files()
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    renamed = pc.root.rename(pc.root.with_name("PP 2"))
    assert pc.undo("--root", renamed).code == ExitCode.OK
    renamed.rename(pc.root)
    assert pc.files() == before


def test_the_record_of_a_folder_that_was_replaced_does_not_count(pc: Workstation) -> None:
    pc.install().know()
    assert pc.repair().code == ExitCode.OK
    assert pc.record()["root_id"] == str(pc.root.stat().st_ino)
    pc.root.rename(pc.root.with_name("aside"))
    lay(pc.root, {"instellingen/ander.ini": b"another installation"})
    signals = pc.check().one["diagnosis"]["signals"]
    assert not [signal for signal in signals if signal.startswith("own-record")]
    pc.install()
    assert pc.repair().code == ExitCode.OK
    assert pc.record()["root_id"] == str(pc.root.stat().st_ino)


@pytest.mark.parametrize("at", ["begin_keeping", "ensure_writable"])
def test_a_folder_that_was_swapped_for_another_is_not_written(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    from agent.workflow import repairing

    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", OLD)
    real = getattr(repairing, at)
    other = lay(pc.base / "other", {path: OLD[path] for path in tuple(OLD)[25:]})
    before = snapshot(other)

    def swapped(state: object) -> None:
        real(state)
        pc.root.rename(pc.root.with_name("aside"))
        other.rename(pc.root)

    monkeypatch.setattr(repairing, at, swapped)
    said = pc.repair("--source", copy)
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.report["error"]["code"] == "root-changed"
    pc.root.rename(other)
    assert snapshot(other) == before


def test_an_older_run_is_not_undone_under_a_newer_one(pc: Workstation) -> None:
    pc.install().know().delete(LOST[0])
    copy = pc.source("kopie", OLD)
    first = pc.repair("--source", copy).report["run_id"]
    pc.delete(LOST[0])
    newer = pc.repair("--source", copy).report["run_id"]
    before = pc.files()
    said = pc.undo(first)
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.report["error"]["code"] == "newer-run-stands"
    assert newer in said.report["error"]["text"]
    assert pc.files() == before
    assert pc.undo().code == ExitCode.OK
    assert pc.undo(first).code == ExitCode.OK


# Wanted lists.


def test_the_wanted_list_names_what_nobody_has_and_is_emptied_again(pc: Workstation) -> None:
    from tests.documents import validate_wanted

    pc.install().know().delete(*LOST)
    wanted = pc.base / "wanted.json"
    copy = pc.source("kopie", {path: OLD[path] for path in LOST[:20]})
    pc.plan("--source", copy, "--wanted", wanted)
    listed = validate_wanted(wanted.read_bytes())
    assert [file["path"] for file in listed["files"]] == sorted(LOST[20:])
    assert (listed["product"], listed["version"]) == ("medicom", "2022.4")
    assert pc.repair("--source", pc.source("meer", OLD)).code == ExitCode.OK
    pc.plan("--wanted", wanted)
    assert validate_wanted(wanted.read_bytes())["files"] == []


def test_a_pc_about_which_nothing_is_known_leaves_its_list_as_it_was(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    wanted = pc.base / "wanted.json"
    pc.plan("--wanted", wanted)
    before = wanted.read_bytes()
    pc.overrides["processes"].names = ["setup.exe"]
    assert pc.plan("--wanted", wanted).code == ExitCode.UPDATE_RUNNING
    assert wanted.read_bytes() == before


def test_a_wanted_list_that_can_not_be_written_is_told(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    said = pc.plan("--wanted", pc.base / ("x" * 300))  # no file system takes such a name
    assert said.code == ExitCode.NO_RIGHTS
    assert said.report["error"]["code"] == "output-not-writable"


# Updates and interruptions.


def test_a_running_update_is_left_alone_and_then_looked_at(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", OLD)
    table = pc.overrides["processes"]
    table.names = ["MedicomUpdate.exe"]
    before = snapshot(pc.root)
    said = pc.repair("--source", copy, "--to-version", "2022.4")
    assert said.code == ExitCode.UPDATE_RUNNING
    assert "updater-runs:MedicomUpdate.exe" in said.one["diagnosis"]["signals"]
    assert snapshot(pc.root) == before
    table.names = []
    assert pc.repair("--source", copy).code == ExitCode.OK


def test_our_own_writing_never_looks_like_an_update(pc: Workstation) -> None:
    pc.overrides["clock"] = lambda: datetime.now(UTC)
    _half(pc)
    nieuw = pc.source("nieuw", NEW)
    assert pc.repair("--source", nieuw, "--to-version", "2023.1").code == ExitCode.OK
    assert pc.undo().code == ExitCode.OK
    assert pc.check().one["diagnosis"]["class"] == "half-updated"


@pytest.mark.parametrize("at", ["rename_no_clobber", "sync_volume", "create_staging"])
def test_an_interrupted_run_is_continued_and_named(pc: Workstation, at: str) -> None:
    from tests.simulators.file_ops import Plug, PowerLoss, SteppedOps

    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", OLD)

    class AtThird(Plug):
        def __call__(self, name: str, moment: str, subject: object) -> None:
            if name == at and moment == "before":
                self.count += 1
            if self.out or self.count == (1 if at == "sync_volume" else 3):
                self.out = True
                raise PowerLoss

    pc.overrides["ops"] = SteppedOps(AtThird())
    with pytest.raises(PowerLoss):
        pc.repair("--source", copy)
    pc.overrides["ops"] = SteppedOps()
    (interrupted,) = (path.name for path in (pc.state / "runs").iterdir())
    said = pc.repair("--source", copy)
    assert said.code == ExitCode.OK
    assert pc.holds(OLD | SETTINGS)
    assert [path for path in pc.files() if is_ours(path)] == []
    assert said.report["continues"] == (interrupted if at == "rename_no_clobber" else None)
    assert pc.undo().code == ExitCode.OK
    assert not any(path in pc.files() for path in LOST)


def test_a_stop_while_checking_again_keeps_what_was_done(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.errors import Stopped
    from agent.workflow import repairing

    def stopped(*_: object) -> None:
        raise Stopped

    pc.install().know().delete(*LOST)
    monkeypatch.setattr(repairing, "_look_again", stopped)
    said = pc.repair("--source", pc.source("kopie", OLD))
    assert said.code == ExitCode.STOPPED
    assert said.one["undo"]["available"]
    assert pc.holds(OLD)
    assert len(pc.record()["restorations"]) == 1
    assert pc.undo().code == ExitCode.OK


# Looking back.


def test_an_unfinished_root_stays_locked_by_nothing(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    assert (pc.root / LOCK_NAME).is_file()
    assert pc.check().one["before"]["extra"] == 0
