from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from agent.discovery.name_index import NameIndex
from agent.discovery.sweep import sweep
from agent.errors import Stopped
from agent.ports import DriveKind, KnownFolder
from agent.progress import Watch
from tests.unit.discovery.installed import (
    FILES,
    QUICK,
    SIBLING,
    SOUGHT,
    asked,
    install,
    simulated,
)  # fmt: skip

ROOT = "D:\\Data\\Zorg\\Mcm"


@pytest.fixture
def pc(tmp_path):
    return simulated(tmp_path)


def swept(pc, *, sought=(SOUGHT,), elevated=False, **limits):
    inquiry = asked(pc, *sought, elevated=elevated, limits=replace(QUICK, **limits))
    evidence, report = sweep(inquiry, sought, watch=Watch())
    return {(piece.words[0], piece.path) for piece in evidence}, report


def test_finds_a_product_by_its_main_program(pc):
    pc.disks.write("D:\\a\\b\\c\\MEDICOM.EXE", b"x")
    found, report = swept(pc)
    assert found == {("medicom", "D:\\a\\b\\c")}
    assert report.complete
    assert report.drives == ("C:\\", "D:\\")


def test_finds_a_root_by_two_rare_names_in_the_right_relation(pc):
    install(
        pc, ROOT, without=[p for p in FILES if p not in {"bin/recept1.dll", "help/uitleg2.chm"}]
    )
    assert swept(pc)[0] == {("medicom", ROOT)}


def test_names_in_a_wrong_relation_make_no_root(pc):
    for name in ("recept1.dll", "uitleg2.chm"):
        pc.disks.write(f"D:\\los\\{name}", b"x")
    pc.disks.write("D:\\x\\bin\\recept1.dll", b"x")
    pc.disks.write("D:\\y\\help\\uitleg2.chm", b"x")
    assert swept(pc)[0] == set()


def test_finds_several_products_and_copies_in_one_go(pc):
    install(pc, ROOT)
    install(pc, ROOT + "\\kopie")
    pc.disks.write("C:\\Apotheek\\pharmacom.exe", b"x")
    found, _ = swept(pc, sought=(SOUGHT, SIBLING))
    assert {
        ("medicom", ROOT),
        ("medicom", ROOT + "\\kopie"),
        ("pharmacom", "C:\\Apotheek"),
    } <= found


@pytest.mark.parametrize(
    "place",
    [
        "C:\\Windows\\x",
        "C:\\Users\\ander\\x",
        "D:\\$Recycle.Bin\\S-1\\$R1",
        "D:\\System Volume Information\\x",
        "D:\\x\\.werkplekherstel\\oud",
        "E:\\x",
        "D:\\Staat\\x",
        "D:\\Herstel\\bestanden\\medicom-2022.4",
    ],
)
def test_never_goes_where_it_must_not(pc, place):
    pc.disks.add_drive("E", DriveKind.REMOVABLE)
    pc.disks.write("D:\\Herstel\\werkplekherstel.json", b"{}")
    pc.disks.write(place + "\\medicom.exe", b"x")
    inquiry = asked(pc, own_folders=("D:\\Staat",))
    pc.disks.opened.clear()
    evidence, report = sweep(inquiry, (SOUGHT,), watch=Watch())
    assert evidence == ()
    assert report.complete
    assert place not in pc.disks.opened


@pytest.mark.parametrize("place", ["C:\\Users\\balie\\x", "C:\\Users\\Public\\x"])
def test_goes_over_the_profiles_that_are_ours_or_everybodys(pc, place):
    pc.disks.write(place + "\\medicom.exe", b"x")
    assert swept(pc)[0] == {("medicom", place)}


def test_enters_no_link_and_no_cloud(pc):
    pc.disks.write("D:\\Echt\\medicom.exe", b"x")
    pc.disks.write("D:\\Wolk\\medicom.exe", b"x")
    pc.disks.links["C:\\Rond"] = "C:\\"
    pc.disks.links["C:\\Alias"] = "D:\\Echt"
    pc.disks.placeholders.add("D:\\Wolk")
    assert swept(pc)[0] == {("medicom", "D:\\Echt")}


def test_sees_a_volume_once_and_no_share_or_alias(pc):
    pc.disks.write("D:\\x\\medicom.exe", b"x")
    pc.disks.add_drive("S", alias_of="D:\\x")
    pc.disks.add_drive("M", DriveKind.NETWORK, alias_of="\\\\SRV\\Zorg")
    pc.disks.add_drive("F", ready=False)
    found, report = swept(pc)
    assert found == {("medicom", "D:\\x")}
    assert report.drives == ("C:\\", "D:\\")


def test_goes_over_sticks_on_request(pc):
    pc.disks.add_drive("E", DriveKind.REMOVABLE)
    pc.disks.write("E:\\x\\medicom.exe", b"x")
    assert swept(pc, removable=True)[0] == {("medicom", "E:\\x")}


@pytest.mark.parametrize(("name", "found"), [("PharmaPartners oud", 1), ("Zomaar", 0)])
def test_folders_with_our_names_come_first(pc, name, found):
    for number in range(20):
        pc.disks.write(f"C:\\Aa{number}\\x\\y.txt", b"x")
    pc.disks.write(f"D:\\{name}\\a\\medicom.exe", b"x")
    assert len(swept(pc, sweep_entries=35)[0]) == found


@pytest.mark.parametrize("limits", [{"sweep_entries": 3}, {"sweep_s": 0.0}])
def test_a_budget_that_is_spent_is_said(pc, limits):
    install(pc, ROOT)
    _, report = swept(pc, **limits)
    assert not report.complete


def test_a_folder_that_cannot_be_listed_is_counted(pc):
    pc.disks.folder("D:\\Dicht\\x")
    _, before = swept(pc)
    pc.disks.denied.add("D:\\Dicht")
    _, after = swept(pc)
    assert after.skipped == before.skipped + 1
    assert after.complete


def test_a_disk_that_hangs_is_left_behind(pc):
    pc.disks.folder("D:\\Hangt")
    pc.disks.hangs.add("D:\\Hangt")
    pc.disks.hang_s = 5.0
    inquiry = asked(pc, limits=replace(QUICK, sweep_s=5.0))
    started = time.monotonic()
    _, report = sweep(inquiry, (SOUGHT,), watch=Watch(), clock=lambda: 20 * time.monotonic())
    assert time.monotonic() - started < 2
    assert not report.complete


def test_a_pc_that_does_not_say_which_drives_it_has_is_left_alone(pc, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(pc.disks, "drives", lambda: release.wait(20) and ())
    inquiry = asked(pc, limits=replace(QUICK, sweep_s=5.0))
    _, report = sweep(inquiry, (SOUGHT,), watch=Watch(), clock=lambda: 20 * time.monotonic())
    release.set()
    assert (report.drives, report.complete) == ((), False)


def test_stops_when_asked(pc):
    pc.disks.folder("D:\\Hangt")
    pc.disks.hangs.add("D:\\Hangt")
    watch = Watch()
    threading.Timer(0.1, watch.stop).start()
    with pytest.raises(Stopped):
        sweep(asked(pc), (SOUGHT,), watch=watch)


@pytest.mark.parametrize(("root", "is_open"), [("C:\\Program Files\\PP", False), (ROOT, True)])
def test_elevated_it_says_whether_anybody_could_have_put_it_there(pc, root, is_open):
    install(pc, root)
    evidence, _ = sweep(asked(pc, elevated=True), (SOUGHT,), watch=Watch())
    assert [piece.open_to_all for piece in evidence] == [is_open]


def test_a_pc_without_known_folders_is_swept_too(pc):
    pc.folders.paths = {KnownFolder.TEMP: "C:\\Temp"}
    install(pc, ROOT)
    assert swept(pc)[0] == {("medicom", ROOT)}


def test_a_root_is_told_once():
    index = NameIndex.of([SOUGHT])
    names = [path.rpartition("/")[2].upper() for path in FILES if path.startswith("bin/")]
    assert list(index.roots("D:\\PP\\bin", names)) == [("medicom", 1)]
    assert list(index.roots("D:\\PP\\bin", names)) == []


@pytest.mark.parametrize(
    ("kind", "complete"),
    [(DriveKind.FIXED, False), (DriveKind.REMOVABLE, True), (DriveKind.UNKNOWN, True)],
)
def test_only_a_built_in_drive_that_is_left_out_makes_a_sweep_incomplete(pc, kind, complete):
    pc.disks.add_drive("F", kind, ready=False)
    assert swept(pc)[1].complete is complete
