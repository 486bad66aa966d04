"""Shortcuts between us and the shell: it reads what our tests write, we read what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.discovery.shortcuts import read_shortcut
from tests.shortcut_files import ShortcutFile
from tests.windows.shell_links import shell_reads, shell_writes


@pytest.mark.parametrize("name", ["medicom.exe", "Huisarts Zoë.exe"])
@pytest.mark.parametrize("there", [True, False])
def test_we_read_what_the_shell_writes(tmp_path: Path, name: str, there: bool) -> None:
    target = tmp_path / "PharmaPartners" / name
    if there:
        target.parent.mkdir()
        target.write_bytes(b"MZ")
    path = tmp_path / "a.lnk"
    shell_writes(path, str(target), "/auto", str(tmp_path))
    read = read_shortcut(path.read_bytes())
    assert read.targets[0] == str(target)
    assert (read.arguments, read.working_folder) == ("/auto", str(tmp_path))


@pytest.mark.parametrize("target", ["C:\\PP\\medicom.exe", "D:\\Huisarts Zoë\\start.exe"])
def test_the_shell_reads_what_our_tests_write(tmp_path: Path, target: str) -> None:
    path = tmp_path / "a.lnk"
    path.write_bytes(ShortcutFile(local=target, arguments="/auto", name="x").to_bytes())
    assert shell_reads(path) == (target, "/auto")
