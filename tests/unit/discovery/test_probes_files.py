"""The probes of scheduled tasks and ini files."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.discovery.probes import ini_files, tasks
from agent.model import ProbeGroup
from tests.simulators.pc import SimulatedPc
from tests.unit.discovery.probe_kit import Looking
from tests.unit.discovery.task_writer import PROGRAM, actions, xml

TASKS = "C:\\Windows\\System32\\Tasks"


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    return SimulatedPc(tmp_path)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (xml(), PROGRAM),
        (xml(f'"{PROGRAM}"', more="<Arguments>/auto x</Arguments>"), PROGRAM),
        (xml("%ProgramFiles%\\PP\\a.exe"), "C:\\Program Files\\PP\\a.exe"),
        (xml("update.exe", more="<WorkingDirectory>C:\\PP</WorkingDirectory>"), "C:\\PP"),
        (xml("cmd.exe", more=f"<Arguments>/c {PROGRAM}</Arguments>"), PROGRAM),
        (xml("C:\\A &amp; B\\medicom.exe"), "C:\\A & B\\medicom.exe"),
    ],
)
def test_a_task_gives_its_program(pc: SimulatedPc, data: bytes, path: str) -> None:
    pc.disks.write(f"{TASKS}\\PP\\Update", data)
    (found,) = Looking(tasks.PROBE, pc).look()
    assert (found.path, found.group) == (path, ProbeGroup.AUTOSTART)
    assert (found.where, found.words) == (f"{TASKS}\\PP\\Update", ("Update",))
    assert not found.open_to_all


@pytest.mark.parametrize(
    ("principal", "open_to_all"),
    [
        ("<UserId>S-1-5-18</UserId>", False),
        ("<GroupId>S-1-5-32-545</GroupId>", False),
        ("<UserId>S-1-5-21-1-2-3-1001</UserId>", True),
        ("", True),
    ],
)
def test_a_task_of_a_person_may_be_made_by_that_person(
    pc: SimulatedPc, principal: str, open_to_all: bool
) -> None:
    pc.disks.write(f"{TASKS}\\Update", xml(principal=principal))
    assert [e.open_to_all for e in Looking(tasks.PROBE, pc).look()] == [open_to_all]


def test_a_task_file_that_users_can_write_is_open_to_all(pc: SimulatedPc) -> None:
    pc.disks.write(f"{TASKS}\\Update", xml())
    pc.rights.open.add(TASKS)
    assert [e.open_to_all for e in Looking(tasks.PROBE, pc).look()] == [True]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<Task><Actions><Exec><Command>&b;</Command></Exec></Actions></Task>"
)


@pytest.mark.parametrize("data", [b"", b"x", b"<Task>", xml()[:-20], BOMB, b"\xff\xfe\x00"])
def test_a_damaged_task_is_named_and_the_rest_read(pc: SimulatedPc, data: bytes) -> None:
    pc.disks.write(f"{TASKS}\\A", data)
    pc.disks.write(f"{TASKS}\\B", xml())
    looking = Looking(tasks.PROBE, pc)
    assert looking.paths() == [PROGRAM]
    assert looking.troubles == [(f"{TASKS}\\A", "damaged-task")]


def test_a_task_without_end_is_not_read(pc: SimulatedPc) -> None:
    with pc.disks.write(f"{TASKS}\\A", xml()).open("r+b") as file:
        file.truncate(100 << 20)
    looking = Looking(tasks.PROBE, pc)
    assert looking.paths() == []
    assert looking.troubles == [(f"{TASKS}\\A", "File too large")]


def test_tasks_that_may_not_be_listed_are_read_from_the_registry(pc: SimulatedPc) -> None:
    pc.disks.folder(TASKS)
    pc.disks.denied.add(TASKS)
    key = pc.registry.put(tasks.CACHE / "{1}", "Path", "\\PP\\Update")
    pc.registry.put(key, "Actions", actions(PROGRAM))
    bad = pc.registry.put(tasks.CACHE / "{2}", "Actions", actions(PROGRAM)[:-9])
    looking = Looking(tasks.PROBE, pc)
    (found,) = looking.look()
    assert (found.path, found.words, found.open_to_all) == (PROGRAM, ("Update",), True)
    assert looking.troubles == [(TASKS, "Access is denied"), (f"{bad}: Actions", "damaged-task")]


def test_an_ini_gives_every_value_that_is_a_path(pc: SimulatedPc) -> None:
    text = (
        "; C:\\comment\r\n[Medicom]\r\nRoot = C:\\PharmaPartners\\\r\nName=Medicom\r\n"
        'Start="C:\\PharmaPartners\\medicom.exe" /x\r\nList=D:\\a;E:\\b\r\nEmpty=\r\n'
    )
    path = "C:\\Windows\\medicom.ini"
    pc.disks.write(path, text.encode())
    found = Looking(ini_files.PROBE, pc).look()
    assert [(e.path, e.where) for e in found] == [
        ("C:\\PharmaPartners", f"{path}: Root"),
        ("C:\\PharmaPartners\\medicom.exe", f"{path}: Start"),
        ("D:\\a", f"{path}: List"),
        ("E:\\b", f"{path}: List"),
    ]
    assert found[0].words == ("medicom", "Root")
    assert {(e.group, e.open_to_all) for e in found} == {(ProbeGroup.DATA_SOURCE, False)}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8", "cp1252"])
def test_an_ini_is_read_in_its_encoding(pc: SimulatedPc, encoding: str) -> None:
    pc.disks.write("C:\\Windows\\win.ini", "[a]\nRoot=D:\\Zoë\n".encode(encoding))
    assert Looking(ini_files.PROBE, pc).paths() == ["D:\\Zoë"]


def test_inis_of_the_vendor_in_programdata_are_read_and_no_others(pc: SimulatedPc) -> None:
    pc.disks.write("C:\\ProgramData\\PharmaPartners\\Medicom\\a.ini", b"[a]\nRoot=C:\\A\n")
    pc.disks.write("C:\\ProgramData\\Other\\b.ini", b"[a]\nRoot=C:\\B\n")
    pc.disks.write("C:\\Windows\\System32\\c.ini", b"[a]\nRoot=C:\\C\n")
    looking = Looking(ini_files.PROBE, pc)
    assert [(e.path, e.open_to_all) for e in looking.look()] == [("C:\\A", True)]


def test_a_short_name_in_an_ini_becomes_the_long_one(pc: SimulatedPc) -> None:
    pc.disks.folder("C:\\PharmaPartners")
    pc.disks.short_names["C:\\PHARMA~1"] = "C:\\PharmaPartners"
    pc.disks.write("C:\\Windows\\win.ini", b"[PP]\nRoot=C:\\PHARMA~1\\BIN\n")
    assert Looking(ini_files.PROBE, pc).paths() == ["C:\\PharmaPartners\\BIN"]


def test_an_ini_of_a_hundred_megabytes_is_named_and_not_read(pc: SimulatedPc) -> None:
    with pc.disks.write("C:\\Windows\\a.ini", b"[a]").open("r+b") as file:
        file.truncate(100 << 20)
    pc.disks.write("C:\\Windows\\b.ini", b"[a]\nRoot=C:\\B\n")
    looking = Looking(ini_files.PROBE, pc)
    assert looking.paths() == ["C:\\B"]
    assert looking.troubles == [("C:\\Windows\\a.ini", "File too large")]


@pytest.mark.parametrize("filler", [b"a" * 4_000_000, b"=" * 4_000_000, b"\0" * 4_000_000])
def test_an_ini_without_lines_costs_no_time(pc: SimulatedPc, filler: bytes) -> None:
    pc.disks.write("C:\\Windows\\a.ini", filler + b"\nRoot=C:\\B\n")
    looking = Looking(ini_files.PROBE, pc)
    assert looking.paths() == ["C:\\B"]
    assert looking.report.took_ms < 1_000
