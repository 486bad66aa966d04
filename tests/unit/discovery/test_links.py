"""Which links an elevated run does not follow, and that no probe does."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.discovery.links import leads_astray
from agent.discovery.probes import PROBES
from agent.discovery.probes.shortcuts import PROFILE_LIST
from agent.discovery.probing import Inquiry, Log, Sought, run_probes
from agent.discovery.touching import Reach
from agent.ports import DriveKind
from agent.profiles import Profiles
from tests.shortcut_files import ShortcutFile
from tests.simulators.pc import PROFILE, SimulatedPc
from tests.simulators.rights import SimulatedRights

FAR = "\\\\KWAAD\\x"


class AskedRights(SimulatedRights):
    """Rights that remember what they were asked about: Windows follows links for the answer."""

    asked: list[str]

    def ordinary_can_write(self, path: str) -> bool:
        """See `Rights`."""
        self.asked = [*getattr(self, "asked", []), path]
        return super().ordinary_can_write(path)


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    pc = SimulatedPc(tmp_path)
    pc.rights = AskedRights(True, guarded=pc.rights.guarded, private=pc.rights.private)
    pc.disks.add_drive("D")
    pc.disks.add_share(FAR)
    pc.disks.write(f"{FAR}\\Medicom.lnk", ShortcutFile(local="C:\\x\\medicom.exe").to_bytes())
    pc.disks.write(f"{FAR}\\a.ini", b"[x]\r\nmap=C:\\PP\r\n")
    return pc


def astray(pc: SimulatedPc, path: str) -> bool:
    return leads_astray(Inquiry(pc.pc, ()), path)


def test_a_link_counts_when_ordinary_users_could_have_made_it(pc: SimulatedPc) -> None:
    for link in ("C:\\Program Files\\PP", "D:\\PP"):
        pc.disks.links[link] = FAR
    assert not astray(pc, "C:\\Program Files\\PP\\a.exe")
    assert astray(pc, "D:\\PP")
    assert astray(pc, "D:\\PP\\bin\\a.exe")


def test_what_is_no_link_or_is_not_there_leads_nowhere(pc: SimulatedPc) -> None:
    pc.disks.folder("D:\\PP\\bin")
    assert not astray(pc, "D:\\PP\\bin")
    assert not astray(pc, "D:\\PP\\gone\\a.exe")
    assert not astray(pc, "D:\\")


def test_what_may_not_be_seen_counts_as_a_link_where_one_could_be_made(pc: SimulatedPc) -> None:
    for folder in ("D:\\PP", "C:\\Program Files\\PP"):
        pc.disks.folder(folder)
        pc.disks.denied.add(folder)
    assert astray(pc, "D:\\PP\\a.exe")
    assert not astray(pc, "C:\\Program Files\\PP\\a.exe")


def test_a_letter_that_stands_for_a_folder_is_as_safe_as_that_folder(pc: SimulatedPc) -> None:
    pc.disks.links["D:\\PP"] = FAR
    pc.disks.add_drive("P", alias_of="D:\\PP")
    pc.disks.add_drive("Q", alias_of="C:\\Program Files")
    assert astray(pc, "P:\\a.ini")
    assert not astray(pc, "Q:\\a.ini")


def test_no_link_on_a_share_is_looked_for(pc: SimulatedPc) -> None:
    pc.disks.add_drive("H", DriveKind.NETWORK, alias_of=FAR)
    pc.disks.opened.clear()
    assert not astray(pc, f"{FAR}\\a\\b")
    assert not astray(pc, "H:\\a\\b")
    assert pc.disks.opened == []


def reach(pc: SimulatedPc, *, elevated: bool = True) -> Reach:
    return Reach(Inquiry(pc.pc, (), elevated=elevated))


def test_elevated_nothing_is_asked_through_such_a_link(pc: SimulatedPc) -> None:
    pc.disks.links["D:\\PP"] = FAR
    one, log = reach(pc), Log()
    pc.disks.opened.clear()
    assert one.stands("D:\\PP\\a.ini") is None
    assert one.read("D:\\PP\\a.ini", 99, log) is None
    assert one.canonical("D:\\PP\\A~1.INI") == "D:\\PP\\A~1.INI"
    assert list(one.entries("D:\\PP", log)) == []
    assert one.open_to_all("D:\\PP\\a.ini")
    assert set(pc.disks.opened) == {"D:\\PP"}
    assert set(pc.rights.asked) == {"D:\\"}
    assert [(t.where, t.what) for t in log.troubles] == [("D:\\PP", "link-open-to-all")]


def test_a_person_follows_his_own_links(pc: SimulatedPc) -> None:
    pc.disks.links["D:\\PP"] = FAR
    assert reach(pc, elevated=False).stands("D:\\PP\\a.ini") is True


@pytest.mark.parametrize(
    "link",
    [
        f"{PROFILE}\\Desktop",
        "D:\\Profiel\\Desktop",
        "D:\\Medicom",
        "C:\\PharmaPartners",
        "C:\\ProgramData\\PharmaPartners",
    ],
)
def test_no_probe_of_an_elevated_run_goes_through_such_a_link(pc: SimulatedPc, link: str) -> None:
    service = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Medicom"
    pc.registry.put(service, "ImagePath", "D:\\Medicom\\bin dir\\PHARMA~1.exe -x")
    sid = "S-1-5-21-1-2-3-1002"
    pc.registry.put(PROFILE_LIST / sid, "ProfileImagePath", "D:\\Profiel")
    pc.disks.folder("D:\\Profiel")
    pc.processes.executables.append("C:\\PharmaPartners\\medicom.exe")
    pc.disks.local(link).rmdir() if pc.disks.local(link).is_dir() else None
    pc.disks.forget_names()
    pc.disks.links[link] = FAR
    pc.disks.opened.clear()
    inquiry = Inquiry(pc.pc, (Sought(Profiles.load().get("medicom")),), elevated=True)
    _, reports = run_probes(PROBES, inquiry)
    assert not [report.probe for report in reports if report.timed_out]
    beyond = f"{link}\\".casefold()
    assert [p for p in pc.disks.opened if p.casefold().startswith(beyond)] == []
    assert [p for p in pc.rights.asked if f"{p}\\".casefold().startswith(beyond)] == []


def test_a_letter_that_is_unknown_or_not_ready_is_not_told_to_be_empty(pc: SimulatedPc) -> None:
    pc.disks.add_drive("E", DriveKind.FIXED, ready=False)
    assert reach(pc).stands("E:\\Medicom\\medicom.exe") is None
    assert reach(pc).stands("Z:\\Medicom\\medicom.exe") is None
