"""The probe of shortcuts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.msi_records import MACHINE, USER_DATA, packed
from agent.discovery.probes import shortcuts
from agent.discovery.probes.shortcuts import PINS, PROFILE_LIST
from agent.model import ProbeGroup
from agent.ports import DriveKind, Entry, KnownFolder
from tests.shortcut_files import ShortcutFile
from tests.simulators.disks import SimulatedDisks
from tests.simulators.pc import PROFILE, SimulatedPc
from tests.unit.discovery.probe_kit import Looking

PROGRAM = "C:\\PharmaPartners\\medicom.exe"
PUBLIC = "C:\\Users\\Public\\Desktop"
DESKTOP = f"{PROFILE}\\Desktop"
UNNAMED = f"{DESKTOP}\\….lnk"
PRODUCT = "91120000-0030-0000-0000-0000000FF1CE"
COMPONENT = "0638C49D-BB8B-4CD1-B191-052E8F325736"


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    pc = SimulatedPc(tmp_path)
    pc.disks.write(PROGRAM, b"MZ")
    return Looking(shortcuts.PROBE, pc)


def put(looking: Looking, path: str, file: ShortcutFile) -> str:
    looking.pc.disks.write(path, file.to_bytes())
    return path


def test_a_shortcut_for_everybody(looking: Looking) -> None:
    path = put(looking, f"{PUBLIC}\\Medicom starten.lnk", ShortcutFile(local=PROGRAM))
    (found,) = looking.look()
    assert (found.group, found.path, found.where) == (ProbeGroup.SHORTCUT, PROGRAM, path)
    assert (found.words, found.is_folder, found.open_to_all) == (("Medicom starten",), False, False)


@pytest.mark.parametrize(
    "folder",
    [
        DESKTOP,
        f"{PROFILE}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\PP",
        f"{PROFILE}\\AppData\\Roaming\\{PINS}",
    ],
)
def test_a_shortcut_of_this_user(looking: Looking, folder: str) -> None:
    put(looking, f"{folder}\\a.lnk", ShortcutFile(local=PROGRAM))
    assert [(e.path, e.open_to_all) for e in looking.look()] == [(PROGRAM, True)]


@pytest.mark.parametrize("inside", shortcuts._IN_PROFILE)
def test_a_shortcut_of_another_user(looking: Looking, inside: str) -> None:
    sid = "S-1-5-21-1-2-3-1002"
    looking.pc.registry.put(PROFILE_LIST / sid, "ProfileImagePath", "%SystemDrive%\\Users\\arts")
    looking.pc.registry.put(PROFILE_LIST / "S-1-5-18", "ProfileImagePath", "C:\\sys")
    put(looking, f"C:\\Users\\arts\\{inside}\\a.lnk", ShortcutFile(local=PROGRAM))
    put(looking, f"C:\\sys\\{inside}\\a.lnk", ShortcutFile(local="C:\\x.exe"))
    assert [(e.path, e.open_to_all) for e in looking.look()] == [(PROGRAM, True)]


def test_a_profile_that_may_not_be_read_is_named(looking: Looking) -> None:
    sid = "S-1-5-21-1-2-3-1002"
    looking.pc.registry.put(PROFILE_LIST / sid, "ProfileImagePath", "C:\\Users\\arts")
    looking.pc.disks.folder("C:\\Users\\arts\\Desktop")
    looking.pc.disks.denied.add("C:\\Users\\arts")
    put(looking, f"{PUBLIC}\\a.lnk", ShortcutFile(local=PROGRAM))
    assert looking.paths() == [PROGRAM]
    assert ("C:\\Users\\arts\\Desktop", "Access is denied") in looking.troubles


@pytest.mark.parametrize(
    "file",
    [
        ShortcutFile(local="C:\\Gone\\medicom.exe"),
        ShortcutFile(local="C:\\Gone\\medicom.exe", machine="andere-pc", serial=1),
        ShortcutFile(environment="%ProgramFiles%\\Gone\\medicom.exe"),
    ],
)
def test_a_shortcut_to_nothing_is_dead(looking: Looking, file: ShortcutFile) -> None:
    put(looking, f"{DESKTOP}\\a.lnk", file)
    assert [e.group for e in looking.look()] == [ProbeGroup.DEAD_SHORTCUT]


@pytest.mark.parametrize("letter", ["E", "Z"])
def test_a_shortcut_to_a_drive_that_is_away_is_not_dead(looking: Looking, letter: str) -> None:
    looking.pc.disks.add_drive("E", ready=False)
    put(looking, f"{PUBLIC}\\a.lnk", ShortcutFile(local=f"{letter}:\\Medicom\\medicom.exe"))
    assert [e.group for e in looking.look()] == [ProbeGroup.SHORTCUT]


def test_a_share_is_named_and_never_touched(looking: Looking) -> None:
    looking.pc.disks.add_drive("H", DriveKind.NETWORK, alias_of="\\\\SRV\\PP")
    put(looking, f"{DESKTOP}\\a.lnk", ShortcutFile(share="\\\\SRV\\PP", suffix="medicom.exe"))
    put(looking, f"{DESKTOP}\\b.lnk", ShortcutFile(local="H:\\medicom.exe"))
    found = looking.look()
    assert [(e.group, e.path) for e in found] == [
        (ProbeGroup.SHORTCUT, "\\\\SRV\\PP\\medicom.exe"),
        (ProbeGroup.SHORTCUT, "H:\\medicom.exe"),
    ]
    assert not [p for p in looking.pc.disks.opened if p.startswith(("\\\\", "H:"))]


def test_a_share_of_a_configured_host_is_looked_at(looking: Looking) -> None:
    looking.pc.disks.add_share("\\\\SRV\\PP")
    put(looking, f"{PUBLIC}\\a.lnk", ShortcutFile(share="\\\\SRV\\PP", suffix="medicom.exe"))
    looking.ask(elevated=True, hosts=frozenset({"srv"}))
    assert [e.group for e in looking.look()] == [ProbeGroup.DEAD_SHORTCUT]


def test_elevated_what_a_user_wrote_is_not_followed(looking: Looking) -> None:
    put(looking, f"{DESKTOP}\\a.lnk", ShortcutFile(local="C:\\Planted\\medicom.exe"))
    looking.ask(elevated=True)
    (found,) = looking.look()
    assert found.open_to_all
    assert not [p for p in looking.pc.disks.opened if p.startswith("C:\\Planted")]


def test_a_desktop_on_a_share_is_not_opened(looking: Looking) -> None:
    looking.pc.folders.paths[KnownFolder.DESKTOP] = "\\\\SRV\\home\\Desktop"
    looking.look()
    assert ("\\\\SRV\\home\\Desktop", "on-a-share") in looking.troubles
    assert not [p for p in looking.pc.disks.opened if p.startswith("\\\\")]


def test_an_advertised_shortcut_leads_to_its_component_and_its_product(looking: Looking) -> None:
    products = USER_DATA / MACHINE / "Products" / packed(PRODUCT) / "InstallProperties"
    looking.pc.registry.put(products, "InstallLocation", "C:\\PharmaPartners")
    looking.pc.registry.put(products, "DisplayName", "Medicom")
    component = USER_DATA / MACHINE / "Components" / packed(COMPONENT)
    looking.pc.registry.put(component, packed(PRODUCT), PROGRAM)
    put(looking, f"{PUBLIC}\\a.lnk", ShortcutFile(product=PRODUCT, component=COMPONENT))
    found = looking.look()
    assert [(e.path, e.is_folder, e.group) for e in found] == [
        (PROGRAM, False, ProbeGroup.SHORTCUT),
        ("C:\\PharmaPartners", True, ProbeGroup.SHORTCUT),
    ]
    assert found[1].words == ("a", "Medicom")


def test_a_shortcut_to_a_host_means_what_it_is_given(looking: Looking) -> None:
    jar = "C:\\PharmaPartners\\medicom.jar"
    file = ShortcutFile(local="C:\\Windows\\System32\\cmd.exe", arguments=f'/c start "" "{jar}"')
    put(looking, f"{DESKTOP}\\a.lnk", file)
    assert looking.paths() == [jar]


def test_without_any_target_the_working_folder_counts(looking: Looking) -> None:
    put(looking, f"{DESKTOP}\\a.lnk", ShortcutFile(folder="C:\\PharmaPartners"))
    (found,) = looking.look()
    assert (found.path, found.is_folder) == ("C:\\PharmaPartners", None)


def test_one_of_two_gigabytes_is_not_opened(looking: Looking) -> None:
    path = f"{DESKTOP}\\huge.lnk"
    with looking.pc.disks.write(path, b"L").open("r+b") as file:
        file.truncate(2 << 30)
    put(looking, f"{DESKTOP}\\z.lnk", ShortcutFile(local=PROGRAM))
    assert looking.paths() == [PROGRAM]
    assert looking.troubles == [(UNNAMED, "too-large")]
    assert path not in looking.pc.disks.opened


def test_a_placeholder_is_not_opened(looking: Looking) -> None:
    path = put(looking, f"{DESKTOP}\\a.lnk", ShortcutFile(local=PROGRAM))
    looking.pc.disks.placeholders.add(path)
    assert looking.paths() == []
    assert looking.troubles == [(UNNAMED, "in-the-cloud")]
    assert path not in looking.pc.disks.opened


def test_links_are_not_followed(looking: Looking) -> None:
    put(looking, "C:\\Elsewhere\\a.lnk", ShortcutFile(local=PROGRAM))
    looking.pc.disks.links[f"{DESKTOP}\\folder"] = "C:\\Elsewhere"
    assert looking.paths() == []


class LinkedFile(SimulatedDisks):
    """Every file is a symbolic link."""

    def entries(self, path: str) -> Iterator[Entry]:
        """See `Disks`."""
        for entry in super().entries(path):
            yield entry if entry.is_directory else replace(entry, is_link=True)


def test_a_shortcut_that_is_itself_a_link_is_not_opened(looking: Looking) -> None:
    put(looking, f"{DESKTOP}\\a.lnk", ShortcutFile(local=PROGRAM))
    disks = LinkedFile(looking.pc.base)
    disks.add_drive("C")
    looking.ask(pc=replace(looking.pc.pc, disks=disks))
    assert looking.paths() == []
    assert DESKTOP in looking.report.looked_at


def test_what_lies_on_a_users_desktop_is_that_users_whoever_can_write_it(looking: Looking) -> None:
    looking.pc.rights.guarded.add(DESKTOP)
    looking.pc.rights.private.clear()
    put(looking, f"{DESKTOP}\\a.lnk", ShortcutFile(local=PROGRAM))
    assert [e.open_to_all for e in looking.look()] == [True]


def test_a_damaged_one_is_named_and_the_rest_read(looking: Looking) -> None:
    path = f"{DESKTOP}\\a.lnk"
    looking.pc.disks.write(path, ShortcutFile(local=PROGRAM).to_bytes()[:50])
    put(looking, f"{DESKTOP}\\b.lnk", ShortcutFile(local=PROGRAM))
    assert looking.paths() == [PROGRAM]
    assert looking.troubles == [(UNNAMED, "damaged-shortcut")]


def test_more_than_the_limit_are_not_read(looking: Looking) -> None:
    for number in range(5):
        put(looking, f"{DESKTOP}\\{number}.lnk", ShortcutFile(local=f"C:\\{number}\\a.exe"))
    looking.ask(limits=replace(looking.inquiry.limits, shortcuts=3))
    assert len(looking.paths()) == 3
    assert looking.troubles == [(DESKTOP, "too-many-shortcuts")]


def test_a_folder_that_hangs_costs_the_time_box_and_keeps_what_was_found(looking: Looking) -> None:
    put(looking, f"{PUBLIC}\\a.lnk", ShortcutFile(local=PROGRAM))
    looking.pc.disks.hangs.add(DESKTOP)
    looking.pc.disks.hang_s = 1.5
    looking.ask(limits=replace(looking.inquiry.limits, probe_s=0.3))
    started = time.monotonic()
    assert looking.paths() == [PROGRAM]
    assert time.monotonic() - started < 1.0
    assert looking.report.timed_out
