"""What every `Disks` does: the simulator, POSIX, and Windows."""

from __future__ import annotations

import errno
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.model import FileId
from agent.ports import Disks, DriveKind, Entry
from agent.posix.disks import PosixDisks
from agent.windows.disks import WindowsDisks
from tests.simulators.disks import SimulatedDisks
from tests.windows.linking import is_wine, make_link, remove_link

MTIME = 1_600_000_000


@dataclass
class Stand(ABC):
    """One implementation, and how something is put on its disk."""

    disks: Disks
    base: str
    """An empty folder, as its paths are written."""

    def path(self, *parts: str) -> str:
        return str(self.disks.flavour(self.base, *parts))

    def write(self, name: str, data: bytes) -> str:
        place = self.disks.local(self.path(*name.split("/")))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        os.utime(place, (MTIME, MTIME))
        return self.path(*name.split("/"))

    def folder(self, name: str) -> str:
        self.disks.local(self.path(name)).mkdir()
        return self.path(name)

    @abstractmethod
    def link(self, name: str, target: str) -> str:
        """A link to a folder, by any of the kinds that the system has."""


class SimulatorStand(Stand):
    def write(self, name: str, data: bytes) -> str:
        path = super().write(name, data)
        self.disks.forget_names()
        return path

    def link(self, name: str, target: str) -> str:
        self.disks.links[self.path(name)] = target
        return self.path(name)


class PosixStand(Stand):
    def link(self, name: str, target: str) -> str:
        Path(self.path(name)).symlink_to(target, target_is_directory=True)
        return self.path(name)


@dataclass
class WindowsStand(Stand):
    links: list[str] = field(default_factory=list)

    def link(self, name: str, target: str) -> str:
        make_link(self.path(name), target)
        self.links.append(self.path(name))
        return self.path(name)


def simulator(folder: Path) -> Stand:
    disks = SimulatedDisks(folder)
    disks.add_drive("C")
    disks.folder("C:\\Praktijk")
    return SimulatorStand(disks, "C:\\Praktijk")


IMPLEMENTATIONS = {
    "simulator": simulator,
    "posix": lambda folder: PosixStand(PosixDisks(), str(folder)),
    "windows": lambda folder: WindowsStand(WindowsDisks(), os.path.realpath(folder)),
}
HERE = ["windows"] if os.name == "nt" else ["simulator", "posix"]


@pytest.fixture(params=HERE)
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    made = IMPLEMENTATIONS[request.param](tmp_path)
    yield made
    for link in made.links if isinstance(made, WindowsStand) else ():
        remove_link(link)


@pytest.fixture
def like_windows(stand: Stand) -> Stand:
    if isinstance(stand.disks, PosixDisks):
        pytest.skip("only where names have no case and drives have letters")
    return stand


def test_shows_a_file(stand: Stand):
    path = stand.write("Medicom ë/a b.exe", b"12345")
    expected = Entry("a b.exe", is_directory=False, size=5, mtime_ns=MTIME * 10**9)
    assert stand.disks.entry(path) == expected


def test_shows_a_folder(stand: Stand):
    shown = stand.disks.entry(stand.folder("Medicom"))
    assert (shown.name, shown.is_directory, shown.is_link, shown.size) == (
        "Medicom", True, False, 0,
    )  # fmt: skip


def test_shows_a_link_and_not_what_it_leads_to(stand: Stand):
    if is_wine():
        pytest.skip("Wine 8 shows no reparse points")
    link = stand.link("Alias", stand.folder("Medicom"))
    assert stand.disks.entry(link).is_link
    assert {e.name: e.is_link for e in stand.disks.entries(stand.base)} == {
        "Alias": True, "Medicom": False,
    }  # fmt: skip


def test_lists_what_a_folder_holds(stand: Stand):
    stand.write("a.exe", b"123")
    stand.folder("data")
    listed = {(e.name, e.is_directory, e.size) for e in stand.disks.entries(stand.base)}
    assert listed == {("a.exe", False, 3), ("data", True, 0)}


def test_lists_names_with_real_folders_apart(stand: Stand):
    stand.write("a.exe", b"123")
    stand.folder("data")
    if not is_wine():
        stand.link("Alias", stand.folder("Medicom"))
    folders, files = stand.disks.names(stand.base)
    assert set(folders) - {"Medicom"} == {"data"}
    assert "Alias" not in folders
    assert "a.exe" in files
    with pytest.raises(OSError):
        stand.disks.names(stand.path("absent"))


def test_what_is_not_there_is_said_so_by_every_question(stand: Stand):
    path = stand.path("absent", "a.exe")
    questions = (
        stand.disks.entry,
        stand.disks.identity,
        stand.disks.canonical,
        lambda asked: list(stand.disks.entries(asked)),
        lambda asked: stand.disks.read(asked, 10),
        stand.disks.sha256,
    )
    for question in questions:
        with pytest.raises(FileNotFoundError):
            question(path)


def test_a_file_is_no_folder_and_a_folder_no_file(stand: Stand):
    with pytest.raises(OSError):
        list(stand.disks.entries(stand.write("a.exe", b"")))
    folder = stand.folder("data")
    with pytest.raises(OSError):
        stand.disks.read(folder, 10)
    with pytest.raises(OSError):
        stand.disks.sha256(folder)


def test_one_folder_has_one_identity_by_whatever_name(stand: Stand):
    folder, other = stand.folder("Medicom"), stand.folder("Pharmacom")
    link = stand.link("Alias", folder)
    assert isinstance(stand.disks.identity(folder), FileId)
    assert stand.disks.identity(link) == stand.disks.identity(folder)
    assert stand.disks.identity(other) != stand.disks.identity(folder)


def test_a_path_through_a_link_has_one_canonical_form(stand: Stand):
    path = stand.write("Medicom/bin/a.exe", b"")
    stand.link("Alias", stand.path("Medicom"))
    assert stand.disks.canonical(stand.path("Alias", "bin", "a.exe")) == path


def test_links_that_go_round_end(stand: Stand):
    stand.link("One", stand.path("Two"))
    stand.link("Two", stand.path("One"))
    for question in (stand.disks.canonical, stand.disks.identity):
        with pytest.raises(OSError):
            question(stand.path("One"))


def test_reads_a_file_up_to_the_limit(stand: Stand):
    path = stand.write("win.ini", b"12345")
    assert stand.disks.read(path, 5) == b"12345"
    with pytest.raises(OSError) as caught:
        stand.disks.read(path, 4)
    assert caught.value.errno == errno.EFBIG


def test_reads_through_a_link_to_the_folder(stand: Stand):
    stand.write("Medicom/a.ini", b"1")
    stand.link("Alias", stand.path("Medicom"))
    assert stand.disks.read(stand.path("Alias", "a.ini"), 10) == b"1"


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_hashes_a_file(stand: Stand, size: int):
    path = stand.write("a.exe", b"x" * size)
    assert stand.disks.sha256(path) == hashlib.sha256(b"x" * size).hexdigest()


def test_gives_the_place_for_code_that_works_with_paths(stand: Stand):
    assert stand.disks.local(stand.write("a.exe", b"1")).read_bytes() == b"1"


def test_names_have_no_case(like_windows: Stand):
    disks, path = like_windows.disks, like_windows.write("Medicom/A.exe", b"1")
    other = like_windows.path("MEDICOM", "a.EXE")
    assert disks.identity(other) == disks.identity(path)
    assert disks.canonical(other) == path
    assert disks.read(other, 10) == b"1"


def test_every_drive_is_named_once_and_the_one_we_are_on_is_ready(like_windows: Stand):
    drives = {drive.root: drive for drive in like_windows.disks.drives()}
    assert len(drives) == len(like_windows.disks.drives())
    assert all(root[1:] == ":\\" and root[0].isupper() for root in drives)
    ours = drives[like_windows.base[:3].upper()]
    assert (ours.ready, ours.kind, ours.alias_of) == (True, DriveKind.FIXED, None)


def test_a_drive_that_is_not_there_is_said_so(like_windows: Stand):
    with pytest.raises(FileNotFoundError):
        like_windows.disks.entry("Q:\\PharmaPartners")
