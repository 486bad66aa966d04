"""The real process table of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from agent.windows.processes import NoQuarantineRecords, SystemProcessTable


def test_sees_this_very_process() -> None:
    seen = {process.pid: process for process in SystemProcessTable().running()}
    ours = seen[os.getpid()]
    assert ours.executable is not None
    assert Path(ours.executable).name.lower().startswith("python")
    assert ours.name


def test_sees_a_program_come_and_go() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in {process.pid for process in SystemProcessTable().running()}
    finally:
        child.communicate(b"\n")
    assert child.pid not in {process.pid for process in SystemProcessTable().running()}


posix_only = pytest.mark.skipif(
    os.name == "nt", reason="there Windows is asked a second time, see tests/windows/test_system.py"
)


@posix_only
@pytest.mark.parametrize(
    "refusal", [psutil.AccessDenied(1), psutil.NoSuchProcess(1), OSError(87, "Wine")]
)
def test_one_that_does_not_say_its_file_is_still_seen(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    def refused(self: psutil.Process) -> str:
        raise refusal

    monkeypatch.setattr(psutil.Process, "exe", refused)
    seen = {process.pid: process for process in SystemProcessTable().running()}
    assert seen[os.getpid()].executable is None


@posix_only
@pytest.mark.parametrize("refusal", [psutil.NoSuchProcess(1), OSError(5, "gone")])
def test_one_that_ends_meanwhile_is_left_out(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    real = psutil.Process.name

    def name(self: psutil.Process) -> str:
        if self.pid == os.getpid():
            raise refusal
        return real(self)

    monkeypatch.setattr(psutil.Process, "name", name)
    assert os.getpid() not in {process.pid for process in SystemProcessTable().running()}


@posix_only
def test_an_empty_file_name_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil.Process, "exe", lambda self: "")
    assert {process.executable for process in SystemProcessTable().running()} == {None}


def test_no_scanner_can_be_asked_here(tmp_path: Path) -> None:
    assert not NoQuarantineRecords().mentions(tmp_path)
