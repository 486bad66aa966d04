"""Back, forward, half updates, copies, sticks: the whole workflow on a real folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.manifest.names import LOCK_NAME, is_ours
from agent.outcomes import ExitCode
from agent.workflow.knowing import MAX_STICK_AGE
from tests.unit.workstation import (
    INI,
    NEW,
    OLD,
    SETTINGS,
    Workstation,
    lay,
    manifest_of,
    snapshot,
    werkplek,
)

LOST = tuple(OLD)[:25]
OLD_ONLY = tuple(path for path in OLD if path not in NEW)


@dataclass
class Clock:
    """Set `now`; it never moves by itself."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(pc: Workstation) -> Clock:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    pc.overrides["clock"] = clock
    return clock


def _half(pc: Workstation, count: int = 20) -> Workstation:
    """An update that wrote so many files and went away."""
    pc.install().know()
    changed = [path for path in NEW if path in OLD and NEW[path] != OLD[path]]
    lay(pc.root, {path: NEW[path] for path in changed[:count]})
    return pc


# Back.


def test_back_combines_several_half_healthy_sources(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    pieces = [dict(list(OLD.items())[start::3]) for start in range(3)]
    named: list[object] = []
    for number, piece in enumerate(pieces):
        moved = {f"deep/{number}/{path}": data for path, data in piece.items()}
        copy = pc.source(f"half{number}", moved)
        named += ["--source", copy]
        if number < 2:
            assert pc.plan(*named).code == ExitCode.PARTLY_REPAIRABLE
            assert pc.repair(*named).code == ExitCode.PARTLY_REPAIRABLE
            assert pc.files().keys() == (OLD | SETTINGS | {"logs/vandaag.log": b""}).keys() - set(
                LOST
            )
    said = pc.repair(*named)
    assert (said.code, said.one["diagnosis"]["class"]) == (0, "files-deleted")
    assert pc.holds(OLD | SETTINGS)
    used = {one["id"]: one["used"] for one in said.one["sources"] if one["used"]}
    assert sum(used.values()) == len(LOST)
    assert len(used) == 3
    assert said.one["after"]["missing"] == 0
    assert pc.check().code == ExitCode.OK
    assert [path for path in pc.files() if is_ours(path)] == []


def test_back_puts_missing_folders_back(pc: Workstation) -> None:
    pc.install().know()
    (pc.root / "spool").rmdir()
    assert pc.check().code == ExitCode.REPAIRABLE
    said = pc.repair()
    assert said.code == ExitCode.OK
    assert (pc.root / "spool").is_dir()
    assert pc.undo().code == ExitCode.OK
    assert not (pc.root / "spool").exists()


def test_back_from_its_own_files_under_another_name(pc: Workstation) -> None:
    pc.install().know()
    (pc.root / "bin/anders00.dll").rename(pc.root / "bin/weg00.dll")
    assert pc.repair().code == ExitCode.OK
    assert pc.holds(OLD)


def test_partial_puts_back_what_can_be_had(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", {path: OLD[path] for path in LOST[:20]})
    said = pc.repair("--source", copy, "--partial")
    assert said.code == ExitCode.PARTLY_REPAIRED
    assert (said.one["before"]["missing"], said.one["after"]["missing"]) == (25, 5)
    assert pc.holds({path: data for path, data in OLD.items() if path not in LOST[20:]})
    assert pc.record()["version"] is None


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


def test_a_changed_file_and_lost_settings_are_never_called_repairable_by_a_repair(
    pc: Workstation,
) -> None:
    pc.install().know().write("bin/anders00.dll", b"odd").delete(INI)
    said = pc.repair("--source", pc.source("kopie", OLD))
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.report["exit_codes"] == [32, 22]


def test_settings_are_never_taken_from_another_pc(pc: Workstation) -> None:
    pc.install().know().delete(INI, *LOST)
    copy = pc.source("kopie", OLD | {INI: b"", "elders/" + INI: b"printer=9"})
    said = pc.repair("--source", copy)
    assert said.code == ExitCode.SETTINGS_LOST
    assert INI not in pc.files()
    (file,) = (one for one in said.one["files"] if one["role"] == "settings")
    assert (file["action"], file["reason"]) == ("leave", "settings-are-never-copied")


def test_settle_looks_again(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    slept: list[float] = []

    def scanner(seconds: float) -> None:
        slept.append(seconds)
        (pc.root / "medicom.exe").unlink()

    pc.overrides["sleep"] = scanner
    said = pc.repair("--source", pc.source("kopie", OLD), "--settle", "45")
    assert slept == [45.0]
    assert said.code == ExitCode.PARTLY_REPAIRED
    assert said.one["after"]["missing"] == 1
    assert pc.record()["version"] is None


def test_a_dry_run_says_what_the_real_run_does(pc: Workstation) -> None:
    """The same files, actions, sources and brakes; nothing written."""
    pc.install().know().delete(*LOST[:5]).write("bin/anders28.dll", b"odd")
    copy = pc.source("kopie", {path: data for path, data in OLD.items() if path != LOST[0]})
    options = ("--source", copy, "--changed", "--partial")
    before = snapshot(pc.root)
    planned = pc.plan(*options)
    dry = pc.repair(*options, "--dry-run")
    assert snapshot(pc.root) == before
    assert dry.code == planned.code == ExitCode.PARTLY_REPAIRABLE
    assert dry.report["dry_run"]
    real = pc.repair(*options)
    assert real.code == ExitCode.PARTLY_REPAIRED

    def said(report: dict[str, object]) -> dict[str, object]:
        one = report["installations"][0]  # type: ignore[index]
        keys = ("path", "state", "action", "expected", "found")
        files = [{key: file[key] for key in keys} for file in one["files"]]
        sources = [(s["id"], s["wanted"], s["has"]) for s in one["sources"]]
        return {"files": files, "sources": sources, "brakes": one["brakes"], "plan": one["plan"]}

    assert said(dry.report) == said(planned.report) == said(real.report)


@pytest.mark.parametrize("way", ["uncertain", "mass"])
def test_a_dry_run_names_the_brakes_of_the_real_run(pc: Workstation, way: str) -> None:
    pc.install().know()
    for number in range(1 if way == "uncertain" else 20):
        pc.write(f"bin/anders{number:02}.dll", b"odd %d" % number)
    pc.delete(*LOST[:3])
    options = ("--source", pc.source("kopie", OLD), "--to-version", "2022.4", "--code", "x")
    dry, real = pc.repair(*options, "--dry-run"), pc.repair(*options)
    assert dry.one["brakes"] == real.one["brakes"] == []
    assert (dry.code, real.code) == (ExitCode.REPAIRABLE, ExitCode.OK)
    assert pc.holds(OLD)


# Forward.


def test_forward_completes_the_new_version_and_can_be_undone(pc: Workstation) -> None:
    pc.install(**{"eigen.txt": b"mine"}).know().delete(*LOST)
    before = pc.files()
    copy = pc.source("kopie", NEW | {INI: b"printer=of another PC"})
    assert pc.plan("--source", copy).code == ExitCode.PARTLY_REPAIRABLE
    ways = {(w["way"], w["complete"]) for w in pc.plan("--source", copy).one["ways"]}
    assert ways == {("back", False), ("forward", True)}
    said = pc.repair("--source", copy, "--to-version", "2023.1")
    assert said.code == ExitCode.OK
    assert pc.holds(NEW | SETTINGS | {"eigen.txt": b"mine"})
    kept = {path: OLD[path] for path in OLD_ONLY if path not in LOST}
    assert pc.holds(kept)
    assert pc.record()["version"] == "2023.1"
    assert pc.check().one["version"]["id"] == "2023.1"
    assert pc.check().code == ExitCode.OK
    assert pc.undo().code == ExitCode.OK
    assert pc.files() == before
    record = pc.record()
    assert (record["version"], record["hold"], record["restorations"]) == (None, True, [])


def test_forward_undone_says_the_version_of_before(pc: Workstation) -> None:
    pc.install().know()
    assert pc.repair().code == ExitCode.OK
    assert pc.record()["version"] == "2022.4"
    copy = pc.source("kopie", NEW)
    assert pc.repair("--source", copy, "--to-version", "2023.1").code == ExitCode.OK
    assert pc.record()["version"] == "2023.1"
    assert pc.undo().code == ExitCode.OK
    assert (pc.record()["version"], pc.record()["hold"]) == ("2022.4", True)
    assert pc.repair().code == ExitCode.OK
    assert not pc.record()["hold"]


def test_forward_is_refused_when_one_program_file_can_not_be_had(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    lacking = {path: data for path, data in NEW.items() if path != "bin/anders07.dll"}
    copy = pc.source("kopie", lacking)
    before = snapshot(pc.root)
    for more in ((), ("--partial",), ("--changed",)):
        said = pc.repair("--source", copy, "--to-version", "2023.1", *more)
        assert said.code == ExitCode.PARTLY_REPAIRABLE
        assert said.one["plan"]["blocked"] == "version-not-complete"
        assert snapshot(pc.root) == before


def test_an_unreadable_file_blocks_the_way_forward(pc: Workstation) -> None:
    pc.install().know()
    (pc.root / "bin/anders00.dll").unlink()
    (pc.root / "bin/anders00.dll").mkdir()
    before = snapshot(pc.root)
    said = pc.repair("--source", pc.source("kopie", NEW), "--to-version", "2023.1")
    assert said.code == ExitCode.PARTLY_REPAIRABLE
    assert snapshot(pc.root) == before


def test_back_to_an_older_version_needs_its_brake_released(pc: Workstation) -> None:
    pc.install(NEW).know()
    copy = pc.source("kopie", OLD)
    before = snapshot(pc.root)
    said = pc.repair("--source", copy, "--to-version", "2022.4")
    assert (said.code, said.one["brakes"]) == (ExitCode.NEEDS_PERSON, ["downgrade"])
    assert snapshot(pc.root) == before
    options = ("--source", copy, "--to-version", "2022.4", "--accept", "downgrade")
    assert pc.repair(*options).code == ExitCode.OK
    assert pc.holds(OLD)


def test_lost_settings_are_told_after_going_forward(pc: Workstation) -> None:
    pc.install().know().delete(INI)
    said = pc.repair("--source", pc.source("kopie", NEW), "--to-version", "2023.1")
    assert said.code == ExitCode.SETTINGS_LOST
    again = pc.repair("--to-version", "2023.1")
    assert again.code == ExitCode.SETTINGS_LOST
    assert pc.plan("--to-version", "2023.1").code == ExitCode.SETTINGS_LOST


# Half updated.


@pytest.mark.parametrize(("version", "tree"), [("2022.4", OLD), ("2023.1", NEW)])
def test_half_updated_needs_a_choice_and_either_version_completes_it(
    pc: Workstation, version: str, tree: dict[str, bytes]
) -> None:
    _half(pc)
    named = ("--source", pc.source("oud", OLD), "--source", pc.source("nieuw", NEW))
    before = snapshot(pc.root)
    looked = pc.check(*named)
    assert looked.one["diagnosis"]["class"] == "half-updated"
    assert looked.code == ExitCode.NEEDS_PERSON
    assert {way["way"] for way in looked.one["ways"]} == {"back", "forward"}
    assert pc.repair(*named).code == ExitCode.NEEDS_PERSON
    assert snapshot(pc.root) == before
    assert pc.repair(*named, "--to-version", version).code == ExitCode.OK
    assert pc.holds(tree | SETTINGS)
    assert pc.check().one["version"]["id"] == version


# Copies without a list, and sticks.


def test_a_raw_copy_becomes_a_version_on_the_spot(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    copy = pc.source("kopie", {f"een/dieper/{path}": data for path, data in NEW.items()})
    planned = pc.plan("--source", copy)
    (forward,) = (way for way in planned.one["ways"] if way["way"] == "forward")
    assert forward["version"].startswith("kopie-")
    assert forward["complete"]
    version, code = forward["version"], forward["check_code"]
    assert code in pc.do("plan", "--source", copy, json=False).out
    before = snapshot(pc.root)
    go = ("--source", copy, "--to-version", version)
    for wrong in ((), ("--code", "0000-0000-0000")):
        said = pc.repair(*go, *wrong)
        assert (said.code, said.one["brakes"]) == (ExitCode.NEEDS_PERSON, ["adhoc"])
        assert snapshot(pc.root) == before
    assert pc.repair(*go, "--code", code).code == ExitCode.OK
    assert pc.holds(NEW | SETTINGS)
    assert pc.record()["trust"] == "adhoc"
    assert pc.undo().code == ExitCode.OK


def test_a_raw_copy_helps_where_no_list_is_known_at_all(pc: Workstation) -> None:
    pc.install().delete(*LOST)
    go = ("--product", "medicom", "--source", pc.source("kopie", OLD))
    planned = pc.plan(*go)
    assert planned.code == ExitCode.NO_REFERENCE
    (forward,) = planned.one["ways"]
    options = (*go, "--to-version", forward["version"], "--code", forward["check_code"])
    assert pc.repair(*options).code == ExitCode.OK
    assert pc.holds(OLD | SETTINGS)


def test_a_copy_that_is_a_known_version_gets_no_list_of_its_own(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    broken = {path: data for path, data in NEW.items() if path != "medicom.exe"}
    said = pc.plan("--source", pc.source("kopie", broken))
    assert {way["version"] for way in said.one["ways"]} == {"2022.4", "2023.1"}


def test_a_fresh_stick_vouches_for_its_version_with_its_code(pc: Workstation, clock: Clock) -> None:
    pc.install().delete(*LOST)
    stick = pc.make_stick(made=f"{clock.now - MAX_STICK_AGE:%Y-%m-%dT%H:%M:%SZ}")
    said = pc.repair("--source", stick)
    assert (said.code, said.one["brakes"]) == (ExitCode.NEEDS_PERSON, ["adhoc"])
    assert pc.repair("--source", stick, "--code", pc.code_of_stick()).code == ExitCode.OK
    assert pc.holds(OLD)
    assert pc.record()["trust"] == "adhoc"


@pytest.mark.parametrize(
    "marker",
    [
        {"made": "2026-11-20T07:59:59Z"},
        {"made": "2020-01-01T00:00:00+01:00"},
        {"created": "2026-11-20T07:59:59Z"},
        {"made": "yesterday", "created": "2026-11-20T07:59:59Z"},
        {"made": 7, "created": "2026-11-20T07:59:59Z"},
        {"made": "2026-11-20T07:59:59"},
    ],
)
def test_an_old_stick_vouches_for_nothing(
    pc: Workstation, clock: Clock, marker: dict[str, str]
) -> None:
    pc.install().delete(*LOST)
    stick = pc.make_stick(**marker)
    before = snapshot(pc.root)
    for verb in (pc.check, pc.plan, pc.repair):
        said = (
            verb("--source", stick, "--code", "x") if verb != pc.check else verb("--source", stick)
        )
        assert said.code == ExitCode.NO_REFERENCE
        assert said.report["error"]["code"] == "stick-too-old"
        assert said.report["error"]["facts"]["hours"] >= 72
    assert snapshot(pc.root) == before


def test_an_old_stick_still_gives_bytes_for_an_installed_list(
    pc: Workstation, clock: Clock
) -> None:
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    stick = pc.make_stick(made="2026-11-01T00:00:00Z")
    assert pc.check("--source", stick).one["version"]["trust"] == "installed"
    assert pc.repair("--source", stick).code == ExitCode.OK
    assert pc.holds(OLD)


def test_an_old_stick_gives_no_version_to_go_forward_to(pc: Workstation, clock: Clock) -> None:
    pc.install().know(manifest_of(OLD, "2022.4"))
    stick = pc.make_stick(NEW, "2023.1", made="2026-11-01T00:00:00Z")
    before = snapshot(pc.root)
    for more in ((), ("--source", pc.source("extra", {"x.dll": b"x"}))):
        said = pc.repair("--source", stick, "--to-version", "2023.1", *more)
        assert said.code == ExitCode.NO_REFERENCE
        assert said.report["error"]["code"] == "stick-too-old"
    assert snapshot(pc.root) == before


def test_a_stick_from_a_pc_whose_clock_is_ahead_is_fresh(pc: Workstation, clock: Clock) -> None:
    pc.install().delete(*LOST)
    stick = pc.make_stick(made="2031-01-01T00:00:00Z")
    assert pc.check("--source", stick).code == ExitCode.REPAIRABLE


def test_a_stick_with_one_bad_list_is_still_a_source(pc: Workstation, clock: Clock) -> None:
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    stick = pc.make_stick(made="2026-11-23T07:00:00Z")
    (stick / "manifesten" / "aaa.json").write_bytes(b"{}")
    assert pc.repair("--source", stick).code == ExitCode.OK


# Trust and memory.


def test_withdrawn_content_is_never_put_back(pc: Workstation) -> None:
    import hashlib

    gone = "bin/anders03.dll"
    taken_back = hashlib.sha256(OLD[gone]).hexdigest()
    pc.install().know(
        manifest_of(OLD, "2022.4", sequence=41),
        manifest_of(NEW, "2023.1", sequence=42, withdrawn=(taken_back,)),
    )
    pc.delete(*LOST)
    said = pc.repair("--source", pc.source("kopie", OLD))
    assert said.code == ExitCode.OK
    assert gone not in pc.files()
    assert pc.holds({path: OLD[path] for path in LOST if path != gone})


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
    said = pc.plan("--wanted", pc.base / "no" / "folder.json")
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


def test_status_report_and_decode_say_the_same(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    said = pc.check("--source", pc.source("kopie", OLD))
    state = ("--state", pc.state)
    assert json.loads(werkplek("report", "--format", "json", *state).out) == said.report
    assert werkplek("report", "--json", *state).out == said.out
    assert werkplek("status", "--json", *state).out == said.out
    status = werkplek("status", *state)
    assert status.code == said.code
    assert len(status.out.splitlines()) <= 5
    code = said.report["report_code"]
    assert code in werkplek("report", *state, "--verbose").out
    assert werkplek("report", *state).code == 0
    decoded = json.loads(werkplek("decode", code.lower(), "--json").out)
    assert (decoded["class"], decoded["exit_code"]) == ("files-deleted", 10)
    assert decoded["source_seen"]
    assert "files" not in decoded
    assert werkplek("decode", code, "--lang", "en").out.startswith(code)
    for verb in ("report", "status", "decode"):
        last = werkplek(verb, *([code] if verb == "decode" else state), "--events").events[-1]
        assert verb == "decode" or last["type"] == "result"


def test_the_sources_verb_says_what_each_has(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    half = pc.source("half", {path: OLD[path] for path in LOST[:10]})
    said = pc.do("sources", "--source", half, "--source", pc.base / "absent")
    seen = {one["id"]: (one["reachable"], one["has"]) for one in said.one["sources"]}
    assert seen["folder:half"] == (True, 10)
    assert seen["folder:absent"] == (False, 0)


def test_a_quick_look_reads_no_file(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    said = pc.check("--quick")
    assert said.report["mode"] == "quick"
    assert said.one["before"]["missing"] == len(LOST)


def test_extra_files_are_counted_and_listed_only_on_request(pc: Workstation) -> None:
    pc.install(**{"bin/extra.dll": b"x"}).know()
    said = pc.check()
    assert (said.code, said.one["before"]["extra"]) == (0, 1)
    assert "extra.dll" not in said.out
    assert "bin/extra.dll" in pc.check("--list-extra").out


def test_settings_of_a_file_are_used(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    pc.source("kopie", OLD)
    settings = pc.base / "herstel.toml"
    settings.write_text(
        '[installation]\nroot = "pc/PP"\nproduct = "medicom"\n'
        '[catalogue]\nfolders = ["lijsten"]\n[sources]\npaths = ["kopie"]\n'
    )
    said = werkplek("repair", "--yes", "--json", "--config", settings, "--state", pc.state)
    assert said.code == ExitCode.OK
    assert pc.holds(OLD)


def test_an_unfinished_root_stays_locked_by_nothing(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    assert pc.repair("--source", pc.source("kopie", OLD)).code == ExitCode.OK
    assert (pc.root / LOCK_NAME).is_file()
    assert pc.check().one["before"]["extra"] == 0


def test_observed_lists_of_this_pc_are_used(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4"))
    state = pc.ports().state
    state.establish()
    state.catalogue.mkdir()
    (pc.lists / "medicom-2022.4.json").rename(state.catalogue / "seen.json")
    pc.lists.rmdir()
    assert pc.check().one["version"]["trust"] == "observed"


def test_the_catalogue_of_the_machine_is_installed(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4"))
    machine = Path(pc.lists).rename(pc.base / "machine")
    pc.overrides["machine_catalogue"] = machine
    assert pc.check().one["version"]["trust"] == "installed"
