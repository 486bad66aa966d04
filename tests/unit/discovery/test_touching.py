"""What a probe may touch, and what it never does."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, Log
from agent.discovery.touching import Reach
from agent.ports import Drive, DriveKind
from tests.simulators.disks import SimulatedDisks
from tests.simulators.pc import SimulatedPc


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    pc = SimulatedPc(tmp_path)
    pc.disks.add_drive("D", DriveKind.REMOVABLE)
    pc.disks.add_drive("E", DriveKind.REMOVABLE, ready=False)
    pc.disks.add_drive("H", DriveKind.NETWORK)
    pc.disks.add_drive("I", DriveKind.NETWORK, alias_of="\\\\SRV\\PP")
    pc.disks.add_drive("P", alias_of="C:\\Users")
    pc.disks.write("D:\\a.txt", b"12345")
    pc.disks.add_share("\\\\SRV\\PP")
    pc.disks.opened.clear()
    return pc


def reach(pc: SimulatedPc, *hosts: str) -> Reach:
    return Reach(Inquiry(pc.pc, (), hosts=frozenset(hosts)))


@pytest.mark.parametrize(
    ("path", "stands"),
    [
        ("C:\\Users", True),
        ("P:\\Public", True),
        ("D:\\a.txt", True),
        ("D:\\b.txt", False),
        ("E:\\a.txt", None),
        ("Z:\\a.txt", None),
        ("H:\\a.txt", None),
        ("I:\\a.txt", None),
        ("\\\\SRV\\PP\\a.txt", None),
    ],
)
def test_what_stands_there(pc: SimulatedPc, path: str, stands: bool | None) -> None:
    assert reach(pc).stands(path) is stands
    assert (pc.disks.opened == []) is (path[0] in "EHIZ\\")


def test_a_configured_host_is_asked_in_any_case_of_its_name(pc: SimulatedPc) -> None:
    assert reach(pc, "srv").stands("\\\\Srv\\PP\\a.txt") is False
    assert reach(pc, "srv").stands("I:\\a.txt") is False
    assert pc.disks.opened == ["\\\\Srv\\PP\\a.txt", "I:\\a.txt"]


def test_what_may_not_be_seen_can_not_be_told(pc: SimulatedPc) -> None:
    pc.disks.denied.add("D:\\")
    assert reach(pc).stands("D:\\a.txt") is None


def test_only_built_in_drives_that_are_ready_and_their_own_are_fixed(pc: SimulatedPc) -> None:
    pc.disks.add_drive("F", ready=False)
    assert reach(pc).fixed_roots() == ("C:\\",)


def test_a_short_name_of_what_is_gone_is_told_by_its_parent(pc: SimulatedPc) -> None:
    pc.disks.folder("C:\\PharmaPartners")
    pc.disks.short_names["C:\\PHARMA~1"] = "C:\\PharmaPartners"
    assert reach(pc).canonical("C:\\PHARMA~1\\x\\y.exe") == "C:\\PharmaPartners\\x\\y.exe"
    assert reach(pc).canonical("Z:\\PHARMA~1\\x") == "Z:\\PHARMA~1\\x"


def test_files_below_come_breadth_first_down_to_the_depth(pc: SimulatedPc) -> None:
    for path in ("C:\\T\\1\\2\\3\\deep", "C:\\T\\1\\2\\b", "C:\\T\\a"):
        pc.disks.write(path, b"")
    log = Log()
    found = [path for path, _ in reach(pc).below("C:\\T", log, depth=2, limit=99)]
    assert found == ["C:\\T\\a", "C:\\T\\1\\2\\b"]
    assert log.troubles == []


def test_a_tree_larger_than_the_limit_is_named(pc: SimulatedPc) -> None:
    for number in range(9):
        pc.disks.write(f"C:\\T\\{number}", b"")
    log = Log()
    assert len(list(reach(pc).below("C:\\T", log, depth=2, limit=5))) == 5
    assert [(t.where, t.what) for t in log.troubles] == [("C:\\T", "too-many-entries")]


def test_reading_says_why_it_could_not(pc: SimulatedPc) -> None:
    log = Log()
    assert reach(pc).read("D:\\a.txt", 5, log) == b"12345"
    assert reach(pc).read("D:\\a.txt", 4, log) is None
    assert reach(pc).read("D:\\gone", 4, log) is None
    assert reach(pc).read("\\\\SRV\\PP\\a", 4, log) is None
    assert [t.where for t in log.troubles] == ["D:\\a.txt"]


class SilentDisks(SimulatedDisks):
    """A PC on which the question for drives hangs."""

    def drives(self) -> tuple[Drive, ...]:
        """See `Disks`."""
        time.sleep(0.5)
        return super().drives()


def test_a_pc_that_does_not_say_its_drives_is_touched_nowhere(pc: SimulatedPc) -> None:
    silent = replace(pc.pc, disks=SilentDisks(pc.base))
    reach = Reach(Inquiry(silent, (), limits=Limits(probe_s=0.1)))
    started = time.monotonic()
    assert reach.has_letter("C:\\Users")
    assert reach.stands("C:\\Users") is None
    assert reach.fixed_roots() == ()
    assert time.monotonic() - started < 0.3


def test_drives_are_asked_for_once_in_an_inquiry(pc: SimulatedPc) -> None:
    inquiry = Inquiry(pc.pc, ())
    assert Reach(inquiry).stands("Q:\\") is None
    pc.disks.add_drive("Q")
    assert Reach(inquiry).stands("Q:\\") is None
    assert Reach(replace(inquiry)).stands("Q:\\") is True
