"""Which folders may be a root at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.errors import ItError, UsageError, WerkplekError
from agent.workflow import roots
from agent.workflow.roots import refuse_inside, resolve_folder, resolve_root


def _problem(given: Path, state: Path) -> str:
    with pytest.raises(WerkplekError) as caught:
        resolve_root(given, state)
    return caught.value.problem


@pytest.mark.posix("links")
def test_one_link_at_the_root_is_followed(tmp_path: Path) -> None:
    real = tmp_path / "PP"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    assert resolve_root(tmp_path / "link", tmp_path / "state") == real.resolve()


def test_a_name_that_can_be_none(tmp_path: Path) -> None:
    assert _problem(tmp_path / "a\0b", tmp_path) == "root-unusable"


def test_no_rights_to_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(roots.os, "scandir", refused)
    with pytest.raises(ItError) as caught:
        resolve_folder(tmp_path)
    assert (caught.value.problem, caught.value.exit_code) == ("root-no-rights", 50)


def test_windows_names_its_own_system_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, programs = tmp_path / "Windows", tmp_path / "Program Files"
    (windows / "System32").mkdir(parents=True)
    (programs / "Medicom").mkdir(parents=True)
    for name in roots.SYSTEM_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(roots, "_on_windows", lambda: True)
    assert resolve_folder(windows) == windows
    monkeypatch.setenv("SystemRoot", str(windows))
    monkeypatch.setenv("ProgramFiles", str(programs))
    for refused in (windows, windows / "System32", programs):
        with pytest.raises(UsageError, match="root-too-high"):
            resolve_folder(refused)
    assert resolve_folder(programs / "Medicom") == programs / "Medicom"


def test_an_executable_guards_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "Herstel"
    (ours / "inner").mkdir(parents=True)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(ours / "werkplek.exe"))
    for place in (ours, ours / "inner", tmp_path):
        assert _problem(place, tmp_path / "state") == "root-is-our-source"


def test_an_installed_package_guards_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "agent"
    package.mkdir(parents=True)
    (tmp_path / "site-packages" / "other").mkdir()
    monkeypatch.setattr(roots.agent, "__file__", str(package / "__init__.py"))
    assert _problem(package, tmp_path / "state") == "root-is-our-source"
    other = tmp_path / "site-packages" / "other"
    assert resolve_root(other, tmp_path / "state") == other


@pytest.mark.posix("links")
def test_output_stays_outside(tmp_path: Path) -> None:
    root = tmp_path / "PP"
    root.mkdir()
    (tmp_path / "link").symlink_to(root)
    refuse_inside(tmp_path / "x.json", root)
    for inside in (root / "x.json", tmp_path / "link" / "x.json", root / "no" / "x", root):
        with pytest.raises(UsageError, match="output-inside-folder"):
            refuse_inside(inside, root)
