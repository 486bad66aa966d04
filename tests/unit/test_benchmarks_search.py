"""benchmarks: the disk that is searched is the same every time, and everybody finds the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.ports import Hive, Key, View
from benchmarks import searching, windows_disk
from benchmarks.recorded_pc import RecordedRegistry
from benchmarks.work import DifferentWorkError, ensure_same

REPOSITORY = Path(__file__).parents[2]
ENTRIES = 1_500


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    return windows_disk.make(tmp_path_factory.mktemp("disk"), ENTRIES)


def paths(disk):
    return sorted(path.relative_to(disk.drive).as_posix() for path in disk.drive.rglob("*"))


def test_the_disk_is_the_same_every_time_and_about_as_large_as_asked(disk, tmp_path):
    again = windows_disk.make(tmp_path / "again", ENTRIES)
    assert paths(again) == paths(disk)
    assert ENTRIES <= disk.entries < ENTRIES * 1.3


def test_a_disk_that_is_not_whole_or_of_another_size_is_made_again(disk, tmp_path):
    assert windows_disk.find(disk.folder, ENTRIES) == disk
    assert windows_disk.find(disk.folder) is None
    assert windows_disk.find(tmp_path) is None


@pytest.mark.skipif(os.name == "nt", reason="measures a POSIX disk")
@pytest.mark.parametrize("number", range(5))
def test_everybody_finds_the_program_once_and_a_miss_is_noticed(number, disk, tmp_path):
    one = searching.over_the_disk(disk)[number]
    output = tmp_path / "output"
    with output.open("wb") as stdout:
        command = [sys.executable if c == "python" else c for c in one.commands[0]]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        subprocess.run(command, stdout=stdout, check=True, env=environment)
    ensure_same(one.name, one.tell([output]), one.expected)
    output.write_text('{"files": 0}' if one.name != "find" else "")
    with pytest.raises(DifferentWorkError):
        ensure_same(one.name, one.tell([output]), one.expected)


def test_the_recorded_registry_tells_views_apart_and_keeps_names():
    registry = RecordedRegistry()
    registry.put("SOFTWARE\\Vendor\\One", View.BITS_32, Path="C:\\One")
    key = Key(Hive.MACHINE, "software\\vendor", View.BITS_32)
    assert registry.subkeys(key) == ("One",)
    assert registry.values(key / "ONE")["Path"].text == "C:\\One"
    with pytest.raises(FileNotFoundError):
        registry.values(Key(Hive.MACHINE, "SOFTWARE\\Vendor", View.BITS_64))
