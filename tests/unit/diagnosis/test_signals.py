from __future__ import annotations

import errno
from pathlib import PureWindowsPath

import pytest

from agent.diagnosis.signals import (
    Surroundings,
    disk_errors,
    is_disk_error,
    seconds_since_write,
    staging_names,
    updater_running,
)
from agent.model import OsProblem
from agent.ports import ProcessTable, QuarantineRecords
from tests.simulators.inventories import CRC, MTIME_NS, NO_ACCESS, Folder
from tests.simulators.processes import SimulatedProcessTable
from tests.simulators.quarantine import SimulatedQuarantine


def test_an_updater_is_known_by_its_name_without_case():
    table = SimulatedProcessTable(["explorer.exe", "MediUpdate.EXE"])
    port: ProcessTable = table
    assert updater_running(port.running(), ["MEDIUPDATE.exe"]) == "MediUpdate.EXE"
    table.names.remove("MediUpdate.EXE")
    assert updater_running(port.running(), ["mediupdate.exe"]) is None
    assert updater_running(port.running(), []) is None


def test_a_quarantine_record_counts_below_the_root_only():
    root = PureWindowsPath("D:/Praktijk/PP")
    records = SimulatedQuarantine()
    port: QuarantineRecords = records
    assert not port.mentions(root)
    records.paths.append(PureWindowsPath("D:/Praktijk/PP2/app.exe"))
    assert not port.mentions(root)
    records.paths.append(PureWindowsPath("d:/praktijk/pp/bin/app.exe"))
    assert port.mentions(root)


def test_staging_names_are_looked_for_among_files_and_folders():
    folder = Folder.of({"bin/app.exe": "1", "bin/app.exe.new": "2"})
    folder.add_directory("_update")

    def is_staging(path):
        return path.endswith(".new") or path == "_update"

    assert staging_names(folder.inventory(), is_staging) == ("_update", "bin/app.exe.new")
    assert staging_names(folder.inventory(), lambda _: False) == ()


def test_the_age_is_that_of_the_newest_program_file():
    folder = Folder.of({"a": "1", "b": "2"})
    folder.mtimes["b"] = MTIME_NS + 90_000_000_000
    now = MTIME_NS + 100_000_000_000
    assert seconds_since_write(folder.inventory(), now) == 10.0
    assert seconds_since_write(Folder().inventory(), now) is None


@pytest.mark.parametrize(
    ("age", "recent"),
    [(None, False), (0, True), (599.9, True), (600, False), (-599.9, True), (-600, False)],
)
def test_the_last_minutes_end_at_the_border_and_far_futures_say_nothing(age, recent):
    assert Surroundings(seconds_since_write=age, quiet_minutes=10).recently_written is recent


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        pytest.param(CRC, True, id="CRC"),
        pytest.param(OsProblem(22, 1117, ""), True, id="I/O device"),
        pytest.param(OsProblem(errno.EIO, None, ""), True, id="EIO"),
        pytest.param(NO_ACCESS, False, id="no access"),
        pytest.param(OsProblem(errno.EACCES, None, ""), False, id="EACCES"),
        pytest.param(OsProblem(errno.EIO, 32, ""), False, id="Windows' own number decides"),
        pytest.param(OsProblem(None, None, ""), False, id="nothing known"),
    ],
)
def test_a_disk_error_is_told_by_its_number(problem, expected):
    assert is_disk_error(problem) is expected


def test_disk_errors_of_files_and_folders_are_counted():
    folder = Folder.of({"a": "1", "b": "2", "c": "3", "sub/d": "4"})
    assert disk_errors(folder.inventory()) == 0
    folder.make_unreadable("a", CRC)
    folder.make_unreadable("b", NO_ACCESS)
    folder.make_directory_unreadable("sub", CRC)
    assert disk_errors(folder.inventory()) == 2
