"""What only Windows knows, asked elsewhere; and what is made of its answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.windows.descriptors import Descriptor, Entry
from agent.windows.rights import WindowsRights, is_elevated
from agent.windows.volumes import WindowsVolumes, is_built_in

ADMINS, USERS = "S-1-5-32-544", "S-1-5-32-545"
MODIFY, ADD_FOLDER = 0x1301BF, 0x4
USB, SD, FIREWIRE, NVME, RAID, SPACES, FILE_BACKED, UNKNOWN = 7, 12, 4, 17, 8, 16, 15, 0
GUARDED = Descriptor(ADMINS, (Entry(allows=True, inherit_only=False, mask=MODIFY, sid=ADMINS),))


def users_have(mask: int) -> Descriptor:
    return Descriptor(ADMINS, (Entry(allows=True, inherit_only=False, mask=mask, sid=USERS),))


@dataclass
class SimulatedVolumes:
    """Implements `agent.ports.Volumes`."""

    outside: set[str] = field(default_factory=set)
    """Drives that can be taken along, and shares."""
    asked: list[str] = field(default_factory=list)

    def is_fixed_local(self, path: Path) -> bool:
        self.asked.append(str(path))
        return not str(path).startswith(tuple(self.outside))


def rights_on(lists: dict[str, Descriptor | None], volumes: SimulatedVolumes) -> WindowsRights:
    return WindowsRights(lists.get, volumes)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_the_superuser_of_posix_is_an_ordinary_user(tmp_path: Path) -> None:
    assert not is_elevated()
    assert not WindowsVolumes().is_fixed_local(tmp_path)


def test_a_list_that_names_administrators_only_is_believed_on_a_disk_of_this_pc() -> None:
    rights = rights_on({"D:\\PP": GUARDED}, SimulatedVolumes())
    assert not rights.ordinary_can_write("D:\\PP")
    assert not rights.ordinary_can_swap("D:\\PP")


@pytest.mark.parametrize("place", ["E:\\PP", "\\\\HOST\\PP"])
def test_a_list_from_elsewhere_names_administrators_of_elsewhere(place: str) -> None:
    rights = rights_on({place: GUARDED}, SimulatedVolumes({place[:3]}))
    assert rights.ordinary_can_write(place)
    assert rights.ordinary_can_swap(place)


def test_a_list_that_lets_users_in_needs_no_question_about_the_disk() -> None:
    volumes = SimulatedVolumes()
    rights = rights_on({"D:\\PP": users_have(MODIFY)}, volumes)
    assert rights.ordinary_can_write("D:\\PP")
    assert rights.ordinary_can_swap("D:\\PP")
    assert volumes.asked == []


def test_who_may_add_folders_to_a_drive_swaps_nothing_there() -> None:
    rights = rights_on({"C:\\": users_have(ADD_FOLDER)}, SimulatedVolumes())
    assert rights.ordinary_can_write("C:\\")
    assert not rights.ordinary_can_swap("C:\\")


def test_what_can_not_be_told_is_not_safe() -> None:
    rights = rights_on({}, SimulatedVolumes())
    assert rights.ordinary_can_write("D:\\absent")
    assert rights.ordinary_can_swap("D:\\absent")


@pytest.mark.parametrize(
    ("bus", "of_windows", "built_in"),
    [
        (NVME, False, True),
        (RAID, False, True),
        (SPACES, False, True),
        (USB, False, False),
        (SD, False, False),
        (FIREWIRE, False, False),
        (FILE_BACKED, False, False),
        (UNKNOWN, False, False),
        (None, False, False),
        (None, True, True),
        (FILE_BACKED, True, True),
        (USB, True, False),
    ],
    ids=[
        "nvme", "raid", "storage-spaces", "usb", "sd", "firewire", "mounted-image", "unknown",
        "driver-does-not-say", "driver-of-windows-itself", "windows-in-an-image", "windows-to-go",
    ],
)  # fmt: skip
def test_a_disk_is_built_in_when_its_bus_says_so(
    bus: int | None, of_windows: bool, built_in: bool
) -> None:
    assert is_built_in(bus, of_windows=of_windows) is built_in
