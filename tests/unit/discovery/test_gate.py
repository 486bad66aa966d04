from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from agent.discovery.gate import Gate, RefusedError, is_share
from agent.ports import DriveKind
from tests.unit.discovery.installed import QUICK, asked, simulated


@pytest.fixture
def pc(tmp_path):
    made = simulated(tmp_path)
    made.disks.add_drive("E", DriveKind.REMOVABLE)
    made.disks.add_drive("M", DriveKind.NETWORK, alias_of="\\\\SRV\\Zorg")
    made.disks.add_drive("S", alias_of="D:\\Praktijk")
    made.disks.add_share("\\\\SRV\\Zorg")
    return made


def gate(pc, **facts):
    return Gate(asked(pc, **facts))


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("C:\\PP\\bin\\..\\x.exe", "C:\\PP\\x.exe"),
        ("c:/PP/x.exe", "c:\\PP\\x.exe"),
        ("\\\\?\\C:\\PP", "C:\\PP"),
        ("\\??\\C:\\PP", "C:\\PP"),
        ("\\\\?\\UNC\\SRV\\Zorg\\PP", "\\\\SRV\\Zorg\\PP"),
        (" C:\\PP\\ ", "C:\\PP"),
        ("\\\\.\\pipe\\x", None),
        ("C:PP", None),
        ("PP\\x.exe", None),
        ("", None),
        ("C:\\a\0b", None),
    ],
)
def test_cleans_a_path_or_says_that_it_is_none(pc, path, clean):
    assert gate(pc).clean(path) == clean


@pytest.mark.parametrize(
    ("path", "high"),
    [
        ("C:\\", True),
        ("C:\\Windows\\System32", True),
        ("C:\\Program Files", True),
        ("C:\\Users\\balie\\Desktop", True),
        ("X:\\", True),
        ("C:\\Program Files\\PP", False),
        ("S:\\", False),
        ("\\\\SRV\\Zorg\\", False),
    ],
)
def test_a_folder_that_holds_a_whole_system_is_too_high(pc, path, high):
    assert gate(pc).too_high(path) is high


def test_a_mapped_letter_is_on_the_network_and_subst_is_not(pc):
    one = gate(pc)
    far = [path for path in ("C:\\x", "M:\\x", "S:\\x", "\\\\SRV\\Zorg") if one.is_network(path)]
    assert far == ["M:\\x", "\\\\SRV\\Zorg"]
    assert one.is_removable("E:\\x")
    assert not is_share("\\\\?\\Volume{0}\\x")


@pytest.mark.parametrize("path", ["\\\\SRV\\Zorg\\PP", "M:\\PP"])
def test_elevated_only_shares_of_configured_hosts_are_touched(pc, path):
    assert gate(pc).refusal(path) is None
    assert gate(pc, elevated=True).refusal(path) == "host-not-configured"
    assert gate(pc, elevated=True, hosts=frozenset({"srv"})).refusal(path) is None


def test_elevated_a_link_that_only_administrators_could_make_is_followed(pc):
    pc.disks.folder("D:\\Echt")
    pc.disks.links["C:\\Program Files\\PP"] = "D:\\Echt"
    pc.disks.links["C:\\PP"] = "D:\\Echt"
    one = gate(pc, elevated=True)
    assert one.refusal("C:\\Program Files\\PP\\x") is None
    assert one.refusal("C:\\PP\\x") == "link-open-to-all"


def test_a_place_that_is_silent_is_asked_once(pc):
    one, asked_times, release = gate(pc), [], threading.Event()

    def question():
        asked_times.append(1)
        return release.wait(10)

    for path in ("\\\\SRV\\Zorg\\a", "M:\\b", "\\\\srv\\Zorg\\c"):
        with pytest.raises(RefusedError) as caught:
            one.ask(path, question)
        assert caught.value.reason == "share-silent"
    release.set()
    assert len(asked_times) == 1


def test_a_question_is_answered_with_its_answer_or_its_error(pc):
    assert gate(pc).ask("C:\\x", lambda: 7) == 7
    with pytest.raises(FileNotFoundError):
        gate(pc).ask("C:\\x", lambda: pc.disks.entry("C:\\x"))


@pytest.mark.parametrize(("elevated", "reason"), [(False, None), (True, "disk-silent")])
def test_drives_that_the_pc_does_not_name_in_time_are_none(pc, monkeypatch, elevated, reason):
    release = threading.Event()
    monkeypatch.setattr(pc.disks, "drives", lambda: release.wait(10) and ())
    one = gate(pc, elevated=elevated, limits=replace(QUICK, look_s=0.05))
    assert one.drives == {}
    assert one.refusal("M:\\x") == reason
    release.set()
