"""Facts about the lane itself: what every other test under Wine takes for granted."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from wine_prefix import Drive, Prefix, WineError, processes_with, windows_path

pytestmark = pytest.mark.wine

FACTS = """
import os, platform, sys, winreg
import msgspec, psutil
with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, "Software\\\\Wine") as key:
    pass
print(os.name, sys.version_info[:2], platform.release(), os.getcwd())
"""
DRIVE_FACTS = """
import ctypes, pathlib
kinds = ctypes.WinDLL("kernel32").GetDriveTypeW
print(*(kinds(letter + ":\\\\") for letter in "CDEF"))
print(pathlib.Path("D:/een.txt").read_text())
print(pathlib.Path(r"\\\\WERKPLEK-A\\PharmaPartners\\een.txt").read_text())
"""
REGISTRY = """
[HKEY_LOCAL_MACHINE\\Software\\PharmaPartners]
"Installatie"="D:\\\\Praktijk\\\\Medicom ë"
"""
REGISTRY_FACTS = """
import winreg
with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"Software\\PharmaPartners") as key:
    print(winreg.QueryValueEx(key, "Installatie")[0])
"""
CHILD_THAT_STAYS = """
import subprocess, sys, time
command = [sys.executable, "-c", "import time; time.sleep(300)"]
print(subprocess.Popen(command).pid, flush=True)
time.sleep(300)
"""
MIB = 2**20


def said(prefix: Prefix, program: str) -> list[str]:
    """The lines that Windows Python printed; it must have ended well."""
    done = prefix.python(["-c", program])
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_it_is_windows_python_in_this_folder(prefix, tmp_path):
    done = prefix.python(["-c", FACTS], cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"nt (3, 13) 10 {windows_path(tmp_path)}\n"


def test_exit_codes_and_both_pipes_arrive(prefix):
    program = "import sys; print('uit ë'); print('fout', file=sys.stderr); sys.exit(32)"

    done = prefix.python(["-c", program])

    assert (done.returncode, done.stdout, done.stderr) == (32, "uit ë\n", "fout\n")


def test_a_megabyte_of_output_does_not_stop_it(prefix):
    done = prefix.python(["-c", f"print('x' * {MIB})"])

    assert len(done.stdout) == MIB + 1


def test_drives_have_types_and_a_share_has_its_name(prefix, tmp_path):
    (tmp_path / "een.txt").write_text("hier")

    prefix.furnish(
        drives={
            "d": Drive(tmp_path),
            "e": Drive(tmp_path, "floppy"),
            "f": Drive(tmp_path, "network"),
        },
        shares={("WERKPLEK-A", "PharmaPartners"): tmp_path},
    )

    # 3 fixed, 2 removable, 4 remote: GetDriveTypeW of the vendor's fileapi.h.
    assert said(prefix, DRIVE_FACTS) == ["3 3 2 4", "hier", "hier"]


def test_what_a_test_made_is_gone_after_cleaning(prefix, tmp_path):
    prefix.furnish(registry=REGISTRY, drives={"d": Drive(tmp_path)})
    (prefix.drive_c / "PharmaPartners" / "bin").mkdir(parents=True)
    assert said(prefix, REGISTRY_FACTS) == ["D:\\Praktijk\\Medicom ë"]

    prefix.clean()

    assert not (prefix.drive_c / "PharmaPartners").exists()
    assert not (prefix.path / "dosdevices" / "d:").exists()
    assert "FileNotFoundError" in prefix.python(["-c", REGISTRY_FACTS]).stderr


def test_what_a_link_on_drive_c_leads_to_stays_when_cleaning(prefix, tmp_path):
    (tmp_path / "van-iemand.txt").write_text("blijft")
    (prefix.drive_c / "PharmaPartners").symlink_to(tmp_path)

    prefix.clean()

    assert not (prefix.drive_c / "PharmaPartners").is_symlink()
    assert (tmp_path / "van-iemand.txt").read_text() == "blijft"


def test_a_registry_text_that_is_none_is_refused(prefix):
    with pytest.raises(WineError, match="HKEY_NONSENSE"):
        prefix.import_registry("[HKEY_NONSENSE\\Software]")


def test_at_the_time_limit_its_children_are_gone_too(prefix):
    begun = time.monotonic()

    with pytest.raises(subprocess.TimeoutExpired) as stopped:
        prefix.python(["-c", CHILD_THAT_STAYS], timeout=5)

    assert time.monotonic() - begun < 15
    assert stopped.value.stdout.strip().isdigit()
    assert [line for line in running(prefix) if "python.exe" in line] == []


def test_nothing_of_the_prefix_runs_after_stopping(prefix):
    prefix.python(["-c", "pass"])
    assert running(prefix) != []

    prefix.stop()

    assert running(prefix) == []


def test_nobody_gets_it_alone_while_it_is_used(prefix):
    with pytest.raises(WineError, match="others use"), prefix.held(alone=True):
        pytest.fail("it was given")


def running(prefix: Prefix) -> list[str]:
    """The command lines of what runs in the prefix."""
    numbers = processes_with(f"WINEPREFIX={prefix.path}")
    lines = [Path(f"/proc/{number}/cmdline").read_bytes() for number in numbers]
    return [line.decode(errors="replace") for line in lines]
