"""The probes of what is known already, what runs, and where such programs usually are."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from agent.discovery.probes import PROBES, configured, own_record, processes, standard_place
from agent.discovery.probing import RecordedRoot
from agent.model import ProbeGroup, ProcessSeen
from agent.ports import DriveKind, Hive, Key
from tests.simulators.pc import SimulatedPc
from tests.unit.discovery.probe_kit import Looking

ROOT = "C:\\PharmaPartners"


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    return SimulatedPc(tmp_path)


@pytest.mark.parametrize("open_to_all", [True, False])
def test_our_own_record_says_who_could_have_written_it(pc: SimulatedPc, open_to_all: bool) -> None:
    looking = Looking(own_record.PROBE, pc)
    record = RecordedRoot(ROOT, "medicom", "C:\\ProgramData\\W\\found.json", open_to_all)
    looking.ask(records=(record,))
    (found,) = looking.look()
    assert (found.group, found.path, found.is_folder) == (ProbeGroup.RECORD, ROOT, True)
    assert (found.where, found.words, found.open_to_all) == (
        record.place,
        ("medicom",),
        open_to_all,
    )


def test_configured_folders_are_taken_as_they_are(pc: SimulatedPc) -> None:
    looking = Looking(configured.PROBE, pc)
    looking.ask(configured=(ROOT, "\\\\SRV\\PP"), elevated=True)
    found = looking.look()
    assert [(e.path, e.group, e.open_to_all) for e in found] == [
        (ROOT, ProbeGroup.CONFIGURED, False),
        ("\\\\SRV\\PP", ProbeGroup.CONFIGURED, False),
    ]
    assert pc.disks.opened == []


def test_running_programs_once_each_and_none_of_windows(pc: SimulatedPc) -> None:
    pc.processes.executables = [
        f"{ROOT}\\medicom.exe",
        f"{ROOT}\\medicom.exe",
        None,
        "C:\\Windows\\System32\\svchost.exe",
        "C:\\Program Files\\PP\\a.exe",
        "\\\\SRV\\PP\\b.exe",
    ]
    pc.rights.guarded.add("\\\\SRV\\PP")
    found = Looking(processes.PROBE, pc).look()
    assert [(e.path, e.open_to_all) for e in found] == [
        (f"{ROOT}\\medicom.exe", True),
        ("C:\\Program Files\\PP\\a.exe", False),
        ("\\\\SRV\\PP\\b.exe", True),
    ]
    assert (found[0].where, found[0].words) == ("medicom.exe (1)", ("medicom.exe",))


@dataclass
class EndlessTable:
    """A process list that never ends."""

    path: str | None = None

    def running(self) -> Sequence[ProcessSeen]:
        def forever() -> Iterator[ProcessSeen]:
            for number in itertools.count():
                yield ProcessSeen("x.exe", self.path and f"{self.path}\\{number}.exe", number)

        return cast("Sequence[ProcessSeen]", forever())


def test_a_process_list_without_end_ends(pc: SimulatedPc) -> None:
    looking = Looking(processes.PROBE, pc)
    looking.ask(pc=replace(pc.pc, processes=EndlessTable()))
    assert looking.paths() == []
    assert looking.troubles == [("processes", "too-many-processes")]
    looking.ask(pc=replace(pc.pc, processes=EndlessTable("C:\\a")))
    assert len(looking.paths()) == looking.inquiry.limits.evidence_per_probe
    assert looking.troubles == [("processes", "too-much-evidence")]


def test_a_process_list_that_hangs_costs_the_time_box(pc: SimulatedPc) -> None:
    pc.processes.hang_s = 1.0
    looking = Looking(processes.PROBE, pc)
    looking.ask(limits=replace(looking.inquiry.limits, probe_s=0.1))
    started = time.monotonic()
    assert looking.paths() == []
    assert time.monotonic() - started < 0.8
    assert looking.report.timed_out


def test_usual_places_count_where_they_are(pc: SimulatedPc) -> None:
    pc.disks.add_drive("D")
    for drive, kind, ready in (("E", DriveKind.REMOVABLE, True), ("F", DriveKind.FIXED, False)):
        pc.disks.add_drive(drive, kind, ready=ready)
    pc.disks.add_drive("P", alias_of="D:\\")
    pc.disks.add_drive("H", DriveKind.NETWORK, alias_of="\\\\SRV\\PP")
    for path in (ROOT, "C:\\Program Files (x86)\\Medicom", "D:\\PP", "E:\\PharmaPartners"):
        pc.disks.folder(path)
    looking = Looking(standard_place.PROBE, pc)
    assert looking.paths() == [ROOT, "D:\\PP", "C:\\Program Files (x86)\\Medicom"]
    assert {e.group for e in looking.look()} == {ProbeGroup.STANDARD_PLACE}
    assert not [p for p in pc.disks.opened if p[0] in "EFHP"]


def test_a_usual_place_that_users_can_write_may_be_planted(pc: SimulatedPc) -> None:
    pc.disks.folder(ROOT)
    pc.disks.folder("C:\\Program Files\\Medicom")
    found = Looking(standard_place.PROBE, pc).look()
    assert [e.open_to_all for e in found] == [True, False]


def test_every_probe_has_a_name_of_its_own() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES) == 15


@pytest.mark.parametrize("elevated", [True, False])
def test_a_fresh_pc_gives_nothing_quickly_and_without_trouble(
    pc: SimulatedPc, elevated: bool
) -> None:
    for probe in PROBES:
        looking = Looking(probe, pc)
        looking.ask(elevated=elevated)
        assert looking.look() == ()
        assert looking.troubles == []


def test_a_pc_that_denies_everything_is_survived(pc: SimulatedPc) -> None:
    pc.disks.denied.add("C:\\")
    pc.registry.denied.update(Key(hive, path) for hive in Hive for path in ("", "SOFTWARE"))
    pc.rights.guarded.clear()
    for probe in PROBES:
        looking = Looking(probe, pc)
        looking.ask(elevated=True)
        assert looking.look() == ()
        assert {what for _, what in looking.troubles} <= {"Access is denied", "link-open-to-all"}
