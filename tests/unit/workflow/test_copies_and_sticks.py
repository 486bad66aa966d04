"""Raw copies and sticks: what they may vouch for, and what not."""

from __future__ import annotations

import pytest

from agent.outcomes import ExitCode
from agent.workflow.knowing import MAX_STICK_AGE
from tests.simulators.clock import Clock
from tests.unit.workstation import (
    NEW,
    OLD,
    SETTINGS,
    Workstation,
    manifest_of,
    snapshot,
)

LOST = tuple(OLD)[:25]
OLD_ONLY = tuple(path for path in OLD if path not in NEW)


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


# What an unconfirmed list may say about this PC.


DAMAGE = {"bin/anders00.dll": b"other bytes"}
DAMAGE |= {f"bin/vreemd{number}.dll": b"strange %d" % number for number in range(9)}


def test_an_unconfirmed_stick_makes_no_damaged_pc_healthy(pc: Workstation, clock: Clock) -> None:
    pc.install(OLD | DAMAGE).know(manifest_of(OLD, "2022.4"))
    stick = pc.make_stick(OLD | DAMAGE, "2022.5", made="2026-11-23T07:00:00Z")
    looked = pc.check("--source", stick)
    assert looked.one["diagnosis"]["class"] == "damaged"
    assert looked.one["version"]["id"] == "2022.4"
    assert {way["version"] for way in looked.one["ways"]} == {"2022.4", "2022.5"}
    assert pc.repair("--source", stick).code != ExitCode.OK
    pc.repair("--source", stick, "--to-version", "2022.5")
    records = pc.state / "records"
    assert not records.exists() or not list(records.iterdir()) or not pc.record().get("version")


def test_a_stick_judges_once_its_own_code_is_given(pc: Workstation, clock: Clock) -> None:
    pc.install(OLD | DAMAGE).know(manifest_of(OLD, "2022.4"))
    stick = pc.make_stick(OLD | DAMAGE, "2022.5", made="2026-11-23T07:00:00Z")
    assert pc.repair("--source", stick, "--code", pc.code_of_stick()).code == ExitCode.OK
    assert (pc.record()["version"], pc.record()["trust"]) == ("2022.5", "adhoc")


def test_a_pc_that_only_a_stick_calls_healthy_remembers_no_version(
    pc: Workstation, clock: Clock
) -> None:
    pc.install()
    stick = pc.make_stick(made="2026-11-23T07:00:00Z")
    assert pc.repair("--source", stick).code == ExitCode.OK
    assert pc.record().get("version") is None


def test_a_complete_copy_says_so_by_its_own_word(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*LOST)
    copy = pc.source("kopie", NEW)
    forward = [
        line
        for line in pc.do("plan", "--source", copy, "--lang", "nl", json=False).out.splitlines()
        if "compleet" in line and "vooruit" in line
    ]
    assert len(forward) == 1
    assert "volgens de kopie zelf" in forward[0]
    known = pc.know().do("plan", "--source", copy, "--lang", "nl", json=False).out
    assert "compleet" in known
    assert "volgens de kopie zelf" not in known
