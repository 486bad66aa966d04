"""Probes of the vendor's own keys and of the Windows Installer's records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.msi_records import MACHINE, USER_DATA, packed
from agent.discovery.probes import msi, vendor_keys
from agent.model import ProbeGroup
from agent.ports import View
from tests.simulators.pc import USER_SID, SimulatedPc
from tests.simulators.registry import key_of
from tests.unit.discovery.probe_kit import Looking

ROOT = "D:\\Praktijk\\PP 2019"
VENDOR = "HKLM\\SOFTWARE\\PharmaPartners"
PRODUCT = packed("{91120000-0030-0000-0000-0000000FF1CE}")


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    return SimulatedPc(tmp_path)


@pytest.mark.parametrize(
    "name", ["PharmaPartners", "PHARMA PARTNERS", "PharmaPartners B.V.", "PharmaPartnersMedicom"]
)
def test_every_spelling_of_the_vendor_is_read(pc: SimulatedPc, name: str) -> None:
    pc.registry.put(
        f"HKLM\\SOFTWARE\\{name}\\Medicom\\2023", "Home", f"{ROOT}\\", view=View.BITS_32
    )
    (found,) = Looking(vendor_keys.PROBE, pc).look()
    assert (found.path, found.group, found.open_to_all) == (ROOT, ProbeGroup.VENDOR_KEY, False)
    assert found.words == (name, "Medicom", "2023")


def test_other_vendors_are_not_opened(pc: SimulatedPc) -> None:
    pc.registry.put("HKLM\\SOFTWARE\\Other", "Path", "C:\\Other")
    pc.registry.put("HKLM\\SOFTWARE\\Pharma", "Path", "C:\\Pharma")
    looking = Looking(vendor_keys.PROBE, pc)
    assert looking.paths() == []
    assert not [place for place in looking.report.looked_at if "Other" in place]


def test_texts_and_lists_that_are_paths_count_and_others_do_not(pc: SimulatedPc) -> None:
    pc.registry.put(VENDOR, "Version", "2023.1")
    pc.registry.put(VENDOR, "Server", "http://srv/x")
    pc.registry.put(VENDOR, "Number", 7)
    pc.registry.put(VENDOR, "Bytes", b"C:\\x")
    pc.registry.put(VENDOR, "Folders", ("C:\\a", "relative", "C:\\b;C:\\c"))
    looking = Looking(vendor_keys.PROBE, pc)
    assert looking.paths() == ["C:\\a", "C:\\b", "C:\\c"]
    assert looking.troubles == []


def test_keys_of_the_user_count_as_written_by_the_user(pc: SimulatedPc) -> None:
    pc.registry.put("HKCU\\SOFTWARE\\PharmaPartners", "Last", "D:\\PP\\medicom.exe")
    (found,) = Looking(vendor_keys.PROBE, pc).look()
    assert found.open_to_all


def test_keys_deeper_than_the_limit_are_not_read(pc: SimulatedPc) -> None:
    pc.registry.put(f"{VENDOR}\\1\\2\\3\\4", "Path", "C:\\four")
    pc.registry.put(f"{VENDOR}\\1\\2\\3\\4\\5", "Path", "C:\\five")
    assert Looking(vendor_keys.PROBE, pc).paths() == ["C:\\four"]


def test_links_that_go_round_end(pc: SimulatedPc) -> None:
    pc.registry.put(VENDOR, "Path", ROOT)
    pc.registry.loops[key_of(f"{VENDOR}\\Again")] = key_of(VENDOR)
    pc.registry.loops[key_of(f"{VENDOR}\\Other")] = key_of(VENDOR)
    looking = Looking(vendor_keys.PROBE, pc)
    assert set(looking.paths()) == {ROOT}
    assert not looking.report.timed_out


def test_links_that_multiply_end_at_the_limit_of_keys(pc: SimulatedPc) -> None:
    pc.registry.put(VENDOR, "Path", ROOT)
    for number in range(9):
        pc.registry.loops[key_of(f"{VENDOR}\\{number}")] = key_of(VENDOR)
    looking = Looking(vendor_keys.PROBE, pc)
    looking.ask(limits=replace(looking.inquiry.limits, registry_keys=300))
    assert ROOT in looking.paths()
    assert "too-many-keys" in {what for _, what in looking.troubles}
    assert not looking.report.timed_out


def install(
    pc: SimulatedPc, account: str = MACHINE, name: str = "Medicom 2023.1", folder: str = ROOT
) -> None:
    key = USER_DATA / account / "Products" / PRODUCT / "InstallProperties"
    pc.registry.put(key, "DisplayName", name)
    pc.registry.put(key, "InstallLocation", f"{folder}\\")
    component = USER_DATA / account / "Components" / packed("0638C49D-BB8B-4CD1-B191-052E8F325736")
    pc.registry.put(component, PRODUCT, f"{ROOT}\\medicom.exe")
    pc.registry.put(component, packed("11111111-0030-0000-0000-0000000FF1CE"), "C:\\Other\\x.exe")


def test_an_msi_gives_its_folder_and_its_components(pc: SimulatedPc) -> None:
    install(pc)
    found = Looking(msi.PROBE, pc).look()
    assert [(e.path, e.is_folder) for e in found] == [(ROOT, True), (f"{ROOT}\\medicom.exe", None)]
    assert {(e.group, e.words, e.open_to_all) for e in found} == {
        (ProbeGroup.MSI, ("Medicom 2023.1",), False)
    }


def test_components_are_read_for_products_of_interest_only(pc: SimulatedPc) -> None:
    install(pc, name="Something else", folder="D:\\Else")
    looking = Looking(msi.PROBE, pc)
    assert looking.paths() == ["D:\\Else"]
    assert not [place for place in looking.report.looked_at if "Components" in place]


def test_what_a_user_installed_for_himself_counts_as_his(pc: SimulatedPc) -> None:
    install(pc, account=USER_SID)
    assert {e.open_to_all for e in Looking(msi.PROBE, pc).look()} == {True}
