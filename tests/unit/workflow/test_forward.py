"""Forward, half updates, and the step down."""

from __future__ import annotations

import pytest

from agent.outcomes import ExitCode
from tests.unit.workstation import (
    INI,
    NEW,
    OLD,
    SETTINGS,
    Workstation,
    lay,
    manifest_of,
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


# When the version that is here is not known.


FIRST = tuple(f"bin/anders{number:02}.dll" for number in range(10))
IN_PLACE = OLD | {path: f"later {path}".encode() for path in FIRST}
MOVED = {path: data for path, data in OLD.items() if path not in FIRST}
MOVED |= {path.replace("anders", "later"): f"later {path}".encode() for path in FIRST}


@pytest.mark.parametrize("later", [IN_PLACE, MOVED], ids=["same paths", "other paths"])
def test_an_unknown_version_is_no_way_round_the_brake_on_a_step_down(
    pc: Workstation, later: dict[str, bytes]
) -> None:
    """So little that tells the versions apart is here that nobody knows which one it is."""
    pc.know(manifest_of(OLD, "2022.4", sequence=41), manifest_of(later, "2023.0", sequence=42))
    telling = [path for path in later if later[path] != OLD.get(path)]
    pc.install(later).delete(*telling[3:])
    before = snapshot(pc.root)
    said = pc.repair("--source", pc.source("oud", OLD), "--to-version", "2022.4")
    assert said.one["version"]["id"] is None
    assert (said.code, said.one["brakes"]) == (ExitCode.NEEDS_PERSON, ["downgrade"])
    assert snapshot(pc.root) == before
    up = pc.repair("--source", pc.source("nieuw", later), "--to-version", "2023.0")
    assert up.code == ExitCode.OK
    assert pc.holds(later)


def test_where_nothing_tells_the_versions_apart_neither_is_a_step_down(pc: Workstation) -> None:
    pc.know(manifest_of(OLD, "2022.4", sequence=41), manifest_of(IN_PLACE, "2023.0", sequence=42))
    pc.install().delete(*FIRST)
    said = pc.repair("--source", pc.source("oud", OLD), "--to-version", "2022.4")
    assert said.code == ExitCode.OK
    assert pc.holds(OLD)


# Settings of this PC.


def test_forward_leaves_what_another_version_calls_settings(pc: Workstation) -> None:
    site = "bin/site.xml"
    mine = {site: b"of this PC"}
    old = manifest_of(OLD, "2022.4", settings=(INI, site), sequence=41)
    new = manifest_of(NEW | {site: b"the maker's"}, "2023.1", sequence=42)
    pc.install(OLD | mine).know(old, new)
    copy = pc.source("kopie", NEW | {site: b"the maker's"})
    assert pc.repair("--source", copy, "--to-version", "2023.1").code == ExitCode.OK
    assert pc.holds(NEW | mine | SETTINGS)
