"""Back: what is missing is put back, what was not asked for is told."""

from __future__ import annotations

import pytest

from agent.manifest.names import is_ours
from agent.outcomes import ExitCode
from tests.unit.workstation import (
    EMPTY,
    INI,
    NEW,
    OLD,
    SETTINGS,
    Workstation,
    manifest_of,
    snapshot,
)

LOST = tuple(OLD)[:25]
OLD_ONLY = tuple(path for path in OLD if path not in NEW)


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


def test_a_file_in_the_place_of_a_required_folder_is_never_called_repairable(
    pc: Workstation,
) -> None:
    pc.install().know()
    (pc.root / EMPTY).rmdir()
    pc.write(EMPTY, b"a file")
    before = snapshot(pc.root)
    for more, code in (((), ExitCode.NOT_REPAIRABLE), (LOST[:1], ExitCode.PARTLY_REPAIRABLE)):
        if more:
            pc.delete(*more)
            before = snapshot(pc.root)
        source = ("--source", pc.source("kopie", OLD))
        looked = pc.check(*source)
        assert looked.code == code
        assert looked.one["diagnosis"]["class"] == "damaged"
        assert "blocked-folders:1" in looked.one["diagnosis"]["signals"]
        (back,) = (way for way in looked.one["ways"] if way["way"] == "back")
        assert not back["complete"]
        assert looked.one["directories"] == [
            {"path": EMPTY, "state": "missing", "result": "failed"}
        ]
        if not more:
            assert pc.repair(*source).code != ExitCode.OK
            assert snapshot(pc.root) == before
            assert pc.plan("--to-version", "2022.4").code == ExitCode.NOT_REPAIRABLE
    assert pc.repair(*source).code == ExitCode.PARTLY_REPAIRED
    assert pc.holds(OLD)
    assert (pc.root / EMPTY).read_bytes() == b"a file"
    assert pc.record().get("version") is None
