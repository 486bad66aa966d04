"""Probes that read the registry: uninstall, App Paths, services, autostart, ODBC, search path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.letters import DEVICES
from agent.discovery.probes import (
    app_paths,
    autostart,
    data_sources,
    search_path,
    services,
    uninstall,
)
from agent.model import ProbeGroup
from agent.ports import DriveKind, View
from tests.simulators.pc import USER_SID, SimulatedPc
from tests.simulators.registry import key_of
from tests.unit.discovery.probe_kit import UNINSTALL, Looking

ROOT = "C:\\PharmaPartners"
PROGRAM = f"{ROOT}\\medicom.exe"
CURRENT = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion"


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    return SimulatedPc(tmp_path)


def test_an_uninstall_key_gives_folder_icon_and_uninstaller(pc: SimulatedPc) -> None:
    key = f"{UNINSTALL}\\Medicom_is1"
    pc.registry.put(key, "DisplayName", "Medicom 2023.1")
    pc.registry.put(key, "Publisher", "PharmaPartners B.V.")
    pc.registry.put(key, "InstallLocation", f'"{ROOT}\\"')
    pc.registry.put(key, "DisplayIcon", f"{PROGRAM},0")
    pc.registry.put(key, "UninstallString", f'"{ROOT}\\unins000.exe" /SILENT')
    folder, icon, remover = Looking(uninstall.PROBE, pc).look()
    words = ("Medicom 2023.1", "PharmaPartners B.V.", "Medicom_is1")
    assert (folder.group, folder.path, folder.is_folder, folder.words) == (
        ProbeGroup.INSTALL_LOCATION,
        ROOT,
        True,
        words,
    )
    assert folder.where == f"{key}: InstallLocation"
    assert (icon.group, icon.path, icon.is_folder) == (ProbeGroup.UNINSTALLER, PROGRAM, False)
    assert (remover.path, remover.words) == (f"{ROOT}\\unins000.exe", words)
    assert [one.open_to_all for one in (folder, icon, remover)] == [False] * 3


def test_both_views_and_both_hives_are_read_each_trace_once(pc: SimulatedPc) -> None:
    for view, path in ((View.BITS_64, "C:\\A"), (View.BITS_32, "C:\\B")):
        pc.registry.put(f"{UNINSTALL}\\Medicom", "InstallLocation", path, view=view)
    pc.registry.put(f"HKCU\\{CURRENT}\\Uninstall\\Medicom", "InstallLocation", "C:\\C")
    pc.registry.put(f"HKU\\{USER_SID}\\{CURRENT}\\Uninstall\\Medicom", "InstallLocation", "C:\\D")
    looking = Looking(uninstall.PROBE, pc)
    found = looking.look()
    assert [(e.path, e.open_to_all) for e in found] == [
        ("C:\\A", False),
        ("C:\\B", False),
        ("C:\\C", True),
    ]
    assert found[1].where.startswith(f"{UNINSTALL}\\Medicom (32-bit)")
    looking.ask(elevated=True)
    again = looking.look()
    assert [e.path for e in again] == ["C:\\A", "C:\\B", "C:\\C", "C:\\D"]
    assert again[-1].open_to_all


@pytest.mark.parametrize("text", ["", " ", '""', "C:\\", "MsiExec.exe /X{1}", "Medicom"])
def test_an_uninstall_key_without_a_place_gives_nothing(pc: SimulatedPc, text: str) -> None:
    for name in (*uninstall.FOLDERS, *uninstall.PROGRAMS):
        pc.registry.put(f"{UNINSTALL}\\Medicom", name, text)
    looking = Looking(uninstall.PROBE, pc)
    assert looking.paths() == []
    assert looking.troubles == []


@pytest.mark.parametrize("data", [7, b"C\0:\0", ("C:\\PP",)])
def test_a_value_of_the_wrong_type_is_named_and_the_rest_read(
    pc: SimulatedPc, data: int | bytes | tuple[str, ...]
) -> None:
    key = pc.registry.put(f"{UNINSTALL}\\Medicom", "InstallLocation", data)
    pc.registry.put(key, "DisplayIcon", PROGRAM)
    looking = Looking(uninstall.PROBE, pc)
    assert looking.paths() == [PROGRAM]
    assert looking.troubles == [(f"{key}: InstallLocation", "wrong-type")]


def test_a_key_that_may_not_be_read_is_named_and_the_rest_read(pc: SimulatedPc) -> None:
    denied = pc.registry.put(f"{UNINSTALL}\\Medicom A", "InstallLocation", "C:\\A")
    pc.registry.put(f"{UNINSTALL}\\Medicom B", "InstallLocation", "C:\\B")
    pc.registry.denied.add(denied)
    looking = Looking(uninstall.PROBE, pc)
    assert looking.paths() == ["C:\\B"]
    assert looking.troubles == [(str(denied), "Access is denied")]


def test_an_entry_in_which_nothing_is_called_like_a_product_is_passed_by(pc: SimulatedPc) -> None:
    other = pc.registry.put(f"{UNINSTALL}\\Tekstverwerker", "InstallLocation", "C:\\Tekst")
    pc.registry.put(other, "DisplayIcon", "C:\\Tekst\\tekst.exe,0")
    assert Looking(uninstall.PROBE, pc).paths() == []
    pc.registry.put(other, "Publisher", "PharmaPartners")
    assert Looking(uninstall.PROBE, pc).paths() == ["C:\\Tekst", "C:\\Tekst\\tekst.exe"]


def test_app_paths_give_program_and_folders(pc: SimulatedPc) -> None:
    key = f"HKLM\\{CURRENT}\\App Paths\\medicom.exe"
    pc.registry.put(key, "", f'"{PROGRAM}"')
    pc.registry.put(key, "Path", f"{ROOT};{ROOT}\\bin;")
    found = Looking(app_paths.PROBE, pc).look()
    assert [(e.path, e.is_folder) for e in found] == [
        (PROGRAM, False),
        (ROOT, None),
        (f"{ROOT}\\bin", None),
    ]
    assert found[0].where == f"{key}: (Default)"
    assert {e.words for e in found} == {("medicom.exe",)}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("C:\\Pharma Partners\\service.exe -k", "C:\\Pharma Partners\\service.exe"),
        ("\\??\\C:\\PP\\pp.sys", "C:\\PP\\pp.sys"),
        ('"C:\\PP\\service.exe"', "C:\\PP\\service.exe"),
        ("%ProgramFiles%\\PP\\service.exe", "C:\\Program Files\\PP\\service.exe"),
    ],
)
def test_the_program_of_a_service(pc: SimulatedPc, text: str, path: str) -> None:
    key = pc.registry.put(services.SERVICES / "PPService", "ImagePath", text, expandable=True)
    pc.registry.put(key, "DisplayName", "Medicom service")
    pc.registry.put(key, "Description", "@%SystemRoot%\\x.dll,-1")
    (found,) = Looking(services.PROBE, pc).look()
    assert (found.path, found.group, found.open_to_all) == (path, ProbeGroup.SERVICE, False)
    assert found.words == ("PPService", "Medicom service")


def test_an_unquoted_service_path_means_the_longest_that_is_there(pc: SimulatedPc) -> None:
    pc.disks.write("C:\\Pharma.exe dir\\service.exe", b"MZ")
    pc.registry.put(services.SERVICES / "PP", "ImagePath", "C:\\Pharma.exe dir\\service.exe -k")
    assert Looking(services.PROBE, pc).paths() == ["C:\\Pharma.exe dir\\service.exe"]


def test_an_emptied_folder_beside_another_is_not_mistaken_for_it(pc: SimulatedPc) -> None:
    pc.disks.folder("C:\\Pharma")
    pc.registry.put(services.SERVICES / "PP", "ImagePath", "C:\\Pharma Partners\\service.exe -k")
    assert Looking(services.PROBE, pc).paths() == ["C:\\Pharma Partners\\service.exe"]


@pytest.mark.parametrize("text", ["\\SystemRoot\\System32\\x.sys", "system32\\svchost.exe -k n"])
def test_what_windows_brings_along_is_left_out(pc: SimulatedPc, text: str) -> None:
    pc.registry.put(services.SERVICES / "x", "ImagePath", text)
    assert Looking(services.PROBE, pc).paths() == []


def test_run_keys_of_machine_and_user(pc: SimulatedPc) -> None:
    pc.registry.put(f"HKLM\\{CURRENT}\\Run", "Medicom", f"{PROGRAM} /tray")
    pc.registry.put(f"HKCU\\{CURRENT}\\RunOnce", "PP", '"D:\\PP\\start.exe"')
    found = Looking(autostart.PROBE, pc).look()
    assert [(e.path, e.words, e.open_to_all) for e in found] == [
        (PROGRAM, ("Medicom",), False),
        ("D:\\PP\\start.exe", ("PP",), True),
    ]


def test_data_sources_give_every_value_that_is_a_path(pc: SimulatedPc) -> None:
    key = "HKLM\\SOFTWARE\\ODBC\\ODBC.INI\\Medicom"
    pc.registry.put(key, "Driver", f"{ROOT}\\drivers\\pp.dll", view=View.BITS_32)
    pc.registry.put(key, "DBQ", f"{ROOT}\\data\\medicom.mdb", view=View.BITS_32)
    pc.registry.put(key, "UID", "sa", view=View.BITS_32)
    pc.registry.put(key, "Options", f"Driver={{x}};DefaultDir={ROOT};Z=1", view=View.BITS_32)
    found = Looking(data_sources.PROBE, pc).look()
    assert {e.path for e in found} == {
        f"{ROOT}\\drivers\\pp.dll",
        f"{ROOT}\\data\\medicom.mdb",
        ROOT,
    }
    assert {(e.group, e.words) for e in found} == {(ProbeGroup.DATA_SOURCE, ("Medicom",))}


def test_the_search_path_of_machine_and_user(pc: SimulatedPc) -> None:
    text = f'C:\\Windows;%ProgramFiles%\\Tool;{ROOT}\\bin\\;;"D:\\a b"'
    pc.registry.put(search_path.MACHINE, "Path", text, expandable=True)
    pc.registry.put("HKCU\\Environment", "PATH", "D:\\mine")
    found = Looking(search_path.PROBE, pc).look()
    assert [(e.path, e.open_to_all) for e in found] == [
        ("C:\\Program Files\\Tool", False),
        (f"{ROOT}\\bin", False),
        ("D:\\a b", False),
        ("D:\\mine", True),
    ]


def test_a_letter_of_another_logon_still_leads_somewhere(pc: SimulatedPc) -> None:
    pc.registry.put("HKCU\\Network\\H", "RemotePath", "\\\\SERVER\\PP")
    pc.registry.put(f"{UNINSTALL}\\Medicom", "InstallLocation", "H:\\Medicom")
    (found,) = Looking(uninstall.PROBE, pc).look()
    assert found.path == "\\\\SERVER\\PP\\Medicom"
    assert found.where.endswith("InstallLocation + HKCU\\Network\\H: RemotePath")
    assert found.open_to_all


@pytest.mark.posix("names with case")
def test_a_short_name_becomes_the_long_one(pc: SimulatedPc) -> None:
    pc.disks.folder("C:\\PharmaPartners\\Medicom")
    pc.disks.short_names["C:\\PHARMA~1"] = ROOT
    pc.registry.put(f"{UNINSTALL}\\Medicom", "DisplayIcon", "C:\\PHARMA~1\\MEDICOM\\gone.exe,0")
    assert Looking(uninstall.PROBE, pc).paths() == [f"{ROOT}\\Medicom\\gone.exe"]


def test_everything_denied_gives_nothing_and_says_so(pc: SimulatedPc) -> None:
    for place in (f"HKLM\\{CURRENT}\\Uninstall", f"HKCU\\{CURRENT}\\Uninstall"):
        for view in View:
            pc.registry.denied.add(key_of(place, view))
    looking = Looking(uninstall.PROBE, pc)
    assert looking.paths() == []
    assert {what for _, what in looking.troubles} == {"Access is denied"}
    assert len(looking.troubles) == 4


def test_a_registry_without_end_is_read_up_to_the_limit(pc: SimulatedPc) -> None:
    for number in range(40):
        pc.registry.put(f"{UNINSTALL}\\Medicom {number}", "InstallLocation", f"C:\\{number}")
    looking = Looking(uninstall.PROBE, pc)
    looking.ask(limits=replace(looking.inquiry.limits, registry_keys=11))
    assert len(looking.paths()) == 10
    assert [what for _, what in looking.troubles] == ["too-many-keys"]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("C:\\", []),
        ("Z:\\", []),
        ("P:\\", ["P:\\"]),
        ("H:\\", ["H:\\"]),
        ("Q:\\", ["D:\\Praktijk"]),
        ("\\\\SRV\\PP", ["\\\\SRV\\PP"]),
    ],
)
def test_a_whole_disk_is_no_program_folder_but_an_alias_may_be(
    pc: SimulatedPc, text: str, paths: list[str]
) -> None:
    pc.disks.add_drive("P", alias_of="C:\\PharmaPartners")
    pc.disks.add_drive("H", DriveKind.NETWORK, alias_of="\\\\SRV\\PP")
    pc.registry.put(DEVICES, "Q:", "\\??\\D:\\Praktijk")
    pc.registry.put(f"{UNINSTALL}\\Medicom", "InstallLocation", text)
    assert [path.rstrip("\\") for path in Looking(uninstall.PROBE, pc).paths()] == [
        path.rstrip("\\") for path in paths
    ]
