"""The real Windows as the adapters see it: this very process, its drives, its user."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from agent.ports import DriveKind, KnownFolder
from agent.windows import api, drives, locks, sessions, tokens, volumes
from agent.windows.disks import WindowsDisks
from agent.windows.folders import WindowsFolders
from agent.windows.locks import WindowsLocks
from agent.windows.opening import GENERIC_READ, SHARE_READ, create
from agent.windows.priority import BELOW_NORMAL, lower_priority
from agent.windows.processes import SystemProcessTable, image_of
from agent.windows.registry import WindowsRegistry
from agent.windows.rights import WindowsRights, descriptor_of
from agent.windows.system import windows_version
from tests.windows.linking import is_wine

CHILD_SECONDS = 60


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=CHILD_SECONDS,
        check=False,
    )


def test_a_child_without_administrator_rights_knows_that_it_has_none():
    asked = "from agent.windows.rights import is_elevated; print(is_elevated())"
    done = run("-m", "tests.windows.unelevated", "-c", asked)
    assert (done.stdout.strip(), done.returncode) == ("False", 0)


def test_the_user_is_the_owner_of_what_he_makes(tmp_path: Path):
    (tmp_path / "mine").write_bytes(b"")
    found = descriptor_of(str(tmp_path / "mine"))
    assert found is not None
    assert found.owner in {tokens.user_sid(), "S-1-5-32-544"}
    assert tokens.user_sid().startswith("S-1-5-")


def test_what_a_user_owns_an_ordinary_user_can_write(tmp_path: Path):
    if descriptor_of(str(tmp_path)).owner != tokens.user_sid():
        pytest.skip("here administrators own what this user makes")
    assert WindowsRights().ordinary_can_write(str(tmp_path))


def test_the_program_that_runs_is_known_by_its_file():
    seen = {process.pid: process for process in SystemProcessTable().running()}
    ours = seen[os.getpid()]
    assert ours.name.lower() == "python.exe"
    assert Path(ours.executable) == Path(sys.executable)
    assert Path(image_of(os.getpid())) == Path(sys.executable)


def test_a_process_that_is_not_there_has_no_file():
    assert image_of(0x7FFFFFF0) is None


def test_the_priority_goes_down_and_comes_back():
    before = psutil.Process().nice()
    restore = lower_priority()
    assert psutil.Process().nice() == BELOW_NORMAL
    restore()
    assert psutil.Process().nice() == before


def test_the_drive_of_windows_is_fixed():
    windows = WindowsFolders().known(KnownFolder.WINDOWS)
    assert Path(windows, "System32").is_dir()
    assert volumes.volume_root(windows) == windows[:3].upper()
    assert drives.kind_of(windows[:3]) is DriveKind.FIXED
    assert volumes.WindowsVolumes().is_fixed_local(Path(windows))
    assert volumes.file_system(windows) == "NTFS"


def test_a_share_and_a_place_that_is_not_there_are_not_fixed():
    for path in ("\\\\127.0.0.1\\nergens\\x", "Q:\\x"):
        assert not volumes.WindowsVolumes().is_fixed_local(Path(path))
    assert volumes.file_system("Q:\\x") == ""


def test_a_path_is_shown_as_windows_writes_it():
    windows = WindowsFolders().known(KnownFolder.WINDOWS)
    shown = WindowsDisks().canonical(windows.upper() + "\\SYSTEM32\\KERNEL32.DLL")
    assert shown.casefold() == f"{windows}\\system32\\kernel32.dll".casefold()
    assert shown != windows.upper() + "\\SYSTEM32\\KERNEL32.DLL"


def test_the_version_is_that_of_windows_10_or_later():
    found = sessions.version_info()
    assert found.major >= 10
    assert found.build > 10_000


def test_structures_have_the_sizes_of_the_vendors_headers():
    assert ctypes.sizeof(locks.Process) == 668
    assert ctypes.sizeof(sessions.VersionInfo) == 284
    assert ctypes.sizeof(sessions._Session) == 24
    assert ctypes.sizeof(api.FileInformation) == 52
    assert ctypes.sizeof(api.FileIdInfo) == 24
    assert ctypes.sizeof(api.Guid) == 16


def test_windows_has_every_function_that_we_call():
    functions = [one for one in vars(api).values() if isinstance(one, api.Function)]
    assert [one.name for one in functions if api._bound(one).argtypes != one.arguments] == []


def test_the_version_has_a_name():
    assert re.fullmatch(r"Windows .+ \(10\.0\.\d+(\.\d+)?\)", windows_version(WindowsRegistry()))


def test_the_program_that_holds_a_file_is_named(tmp_path: Path):
    if is_wine():
        pytest.skip("the Restart Manager of Wine 8 names nobody")
    (tmp_path / "held.dll").write_bytes(b"")
    handle = create(str(tmp_path / "held.dll"), GENERIC_READ, share=SHARE_READ)
    try:
        holders = WindowsLocks().holders([tmp_path / "held.dll"])
    finally:
        os.close(_descriptor(handle))
    assert [holder.pid for holder in holders] == [os.getpid()]


def _descriptor(handle: int) -> int:
    import msvcrt

    return msvcrt.open_osfhandle(handle, os.O_RDONLY)
