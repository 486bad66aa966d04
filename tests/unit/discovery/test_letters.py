"""Drive letters of other logons."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.discovery.letters import DEVICES, Letters
from agent.discovery.probing import Inquiry, Log
from agent.discovery.registry_reader import RegistryReader
from tests.simulators.pc import USER_SID, SimulatedPc


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    return SimulatedPc(tmp_path)


def letters(pc: SimulatedPc, *, elevated: bool = False) -> Letters:
    return Letters.read(RegistryReader(Inquiry(pc.pc, (), elevated=elevated), Log()))


def meant(found: Letters, path: str) -> list[tuple[str, bool]]:
    return [(one.target, one.open_to_all) for one in found.resolve(path)]


def test_a_subst_made_permanent_leads_to_its_folder(pc: SimulatedPc) -> None:
    pc.registry.put(DEVICES, "P:", "\\??\\D:\\Praktijk\\")
    (one,) = letters(pc).resolve("p:\\PP 2019\\medicom.exe")
    assert one.target == "D:\\Praktijk\\PP 2019\\medicom.exe"
    assert one.where == f"{DEVICES}: P:"
    assert not one.open_to_all


def test_a_mapped_drive_leads_to_its_share(pc: SimulatedPc) -> None:
    pc.registry.put("HKCU\\Network\\H", "RemotePath", "\\\\SERVER\\PP")
    assert meant(letters(pc), "H:\\medicom.exe") == [("\\\\SERVER\\PP\\medicom.exe", True)]


def test_an_elevated_run_reads_the_letters_of_who_is_logged_on(pc: SimulatedPc) -> None:
    pc.registry.put(f"HKU\\{USER_SID}\\Network\\h", "RemotePath", "\\\\SERVER\\PP")
    pc.registry.put("HKU\\.DEFAULT\\Network\\i", "RemotePath", "\\\\SERVER\\X")
    pc.registry.put(f"HKU\\{USER_SID}_Classes\\Network\\j", "RemotePath", "\\\\SERVER\\X")
    assert letters(pc).meanings == {}
    assert set(letters(pc, elevated=True).meanings) == {"H"}


def test_two_people_with_one_letter_give_both(pc: SimulatedPc) -> None:
    pc.registry.put(f"HKU\\{USER_SID}\\Network\\H", "RemotePath", "\\\\SERVER\\PP")
    pc.registry.put("HKU\\S-1-5-21-1-2-3-1002\\Network\\H", "RemotePath", "\\\\SERVER\\Other")
    pc.registry.put("HKU\\S-1-5-21-1-2-3-1003\\Network\\H", "RemotePath", "\\\\server\\pp")
    found = letters(pc, elevated=True)
    assert meant(found, "H:\\a") == [("\\\\SERVER\\PP\\a", True), ("\\\\SERVER\\Other\\a", True)]


def test_a_letter_may_lead_to_another_letter(pc: SimulatedPc) -> None:
    pc.registry.put(DEVICES, "P:", "\\??\\H:\\Praktijk")
    pc.registry.put("HKCU\\Network\\H", "RemotePath", "\\\\SERVER\\PP")
    assert meant(letters(pc), "P:\\a") == [("\\\\SERVER\\PP\\Praktijk\\a", True)]


def test_letters_that_go_round_lead_nowhere(pc: SimulatedPc) -> None:
    pc.registry.put(DEVICES, "P:", "\\??\\Q:\\x")
    pc.registry.put(DEVICES, "Q:", "\\??\\P:\\x")
    assert meant(letters(pc), "P:\\a") == []


@pytest.mark.parametrize("text", ["\\Device\\Null", "D:", "", "relative\\x", "\\??\\Volume{1}\\"])
def test_a_device_that_is_no_folder_is_left_out(pc: SimulatedPc, text: str) -> None:
    pc.registry.put(DEVICES, "P:", text)
    pc.registry.put(DEVICES, "NUL", "\\??\\C:\\x")
    assert letters(pc).meanings == {}


def test_what_is_known_about_no_letter_stays_unknown(pc: SimulatedPc) -> None:
    found = letters(pc)
    assert meant(found, "Z:\\a") == []
    assert meant(found, "\\\\SERVER\\PP") == []
