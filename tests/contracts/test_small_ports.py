"""What every `Rights`, `Folders`, `ProcessTable` and `Locks` does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from agent.ports import Folders, KnownFolder, LockHolder, Locks, ProcessTable, Rights
from agent.posix.absent import NoLocks
from agent.posix.folders import PosixFolders
from agent.posix.rights import PosixRights
from agent.windows.folders import WindowsFolders
from agent.windows.locks import WindowsLocks
from agent.windows.processes import SystemProcessTable
from agent.windows.rights import WindowsRights
from tests.simulators.folders import SimulatedFolders
from tests.simulators.locks import SimulatedLocks
from tests.simulators.pc import STANDARD_FOLDERS, STANDARD_VARIABLES
from tests.simulators.processes import SimulatedProcessTable
from tests.simulators.rights import SimulatedRights


@dataclass
class RightsStand:
    rights: Rights
    open: str
    """A folder where everybody may write."""
    private: str
    """A folder where nobody but this user may."""


def simulated_rights(folder: Path) -> RightsStand:
    swappable = {"C:\\Open", "C:\\Open-absent"}
    rights = SimulatedRights(open={"C:\\Open"}, private={"C:\\Users\\balie"}, swappable=swappable)
    return RightsStand(rights, "C:\\Open", "C:\\Users\\balie")


def real_rights(rights: Rights) -> Callable[[Path], RightsStand]:
    def made(folder: Path) -> RightsStand:
        for name, mode in (("open", 0o777), ("private", 0o700)):
            (folder / name).mkdir()
            (folder / name).chmod(mode)
        return RightsStand(rights, str(folder / "open"), str(folder / "private"))

    return made


RIGHTS = {
    "simulator": simulated_rights,
    "posix": real_rights(PosixRights()),
    "windows": real_rights(WindowsRights()),
}
HERE = ["windows"] if os.name == "nt" else ["simulator", "posix"]


@pytest.fixture(params=HERE)
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> RightsStand:
    return RIGHTS[request.param](tmp_path)


def test_this_user_may_write_in_both(stand: RightsStand):
    assert stand.rights.can_write(stand.open)
    assert stand.rights.can_write(stand.private)


def test_others_may_write_where_it_is_open_only(stand: RightsStand):
    if os.name != "nt":  # Windows Python's chmod changes no list
        assert stand.rights.others_can_write(stand.open)
        assert stand.rights.ordinary_can_write(stand.open)
        assert stand.rights.ordinary_can_swap(stand.open)
    assert not stand.rights.others_can_write(stand.private)


def test_what_is_not_there_is_not_safe(stand: RightsStand):
    absent = stand.open + "-absent"
    assert stand.rights.ordinary_can_write(absent)
    assert stand.rights.ordinary_can_swap(absent)
    assert stand.rights.others_can_write(absent)


def test_asking_leaves_nothing_behind(stand: RightsStand, tmp_path: Path):
    before = sorted(tmp_path.rglob("*"))
    stand.rights.can_write(stand.open)
    stand.rights.ordinary_can_write(stand.open)
    stand.rights.ordinary_can_swap(stand.open)
    assert sorted(tmp_path.rglob("*")) == before


def test_rights_of_the_run_are_told(stand: RightsStand):
    assert stand.rights.elevated() in {True, False}
    assert stand.rights.multi_session() is False


FOLDERS: dict[str, tuple[Folders, type[PurePath]]] = {
    "simulator": (
        SimulatedFolders(dict(STANDARD_FOLDERS), dict(STANDARD_VARIABLES)),
        PureWindowsPath,
    ),
    "posix": (PosixFolders(), PurePosixPath),
    "windows": (WindowsFolders(), PureWindowsPath),
}


@pytest.fixture(params=HERE)
def folders(request: pytest.FixtureRequest) -> tuple[Folders, type[PurePath]]:
    return FOLDERS[request.param]


@pytest.mark.parametrize("folder", list(KnownFolder))
def test_a_known_folder_is_absolute_or_not_there(folders, folder: KnownFolder):
    port, flavour = folders
    path = port.known(folder)
    if flavour is PureWindowsPath:
        assert path, "every Windows has it"
    assert path is None or flavour(path).is_absolute()
    assert path is None or path == str(flavour(path)), "without a separator at its end"


def test_names_of_variables_are_in_upper_case(folders):
    variables = folders[0].variables()
    assert variables
    assert all(name == name.upper() for name in variables)


PROCESSES: dict[str, ProcessTable] = {
    "simulator": SimulatedProcessTable(["medicom.exe"], executables=["D:\\PP\\a.exe", None]),
    "posix": SystemProcessTable(),
    "windows": SystemProcessTable(),
}


@pytest.mark.parametrize("name", HERE)
def test_running_programs_have_a_name_and_an_absolute_file_or_none(name: str):
    seen = PROCESSES[name].running()
    assert seen
    assert len({process.pid for process in seen}) == len(seen)
    assert all(process.name for process in seen)
    flavour = PurePosixPath if name == "posix" else PureWindowsPath
    # The file of a program that was deleted meanwhile is no path on Linux: "(deleted)".
    files = [flavour(process.executable) for process in seen if process.executable]
    assert files
    assert all(file.is_absolute() for file in files)


LOCKS: dict[str, Locks] = {
    "simulator": SimulatedLocks(),
    "posix": NoLocks(),
    "windows": WindowsLocks(),
}


@pytest.mark.parametrize("name", HERE)
def test_a_file_that_nobody_holds_has_no_holder(name: str, tmp_path: Path):
    (tmp_path / "free.dll").write_bytes(b"")
    assert list(LOCKS[name].holders([tmp_path / "free.dll", tmp_path / "absent"])) == []
    assert list(LOCKS[name].holders([])) == []


def test_a_holder_is_named_once(tmp_path: Path):
    holder = LockHolder("Medicom", 7)
    locks = SimulatedLocks({tmp_path / "a": [holder], tmp_path / "b": [holder]})
    assert list(locks.holders([tmp_path / "a", tmp_path / "b"])) == [holder]
