"""A program folder on NTFS: hard links, names in any case, compressed folders, a full volume."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.disks.images import Format, volume
from tests.disks.practice import BIG, NEW, OLD, DiskPc
from tests.real.practice import snapshot

pytestmark = pytest.mark.ntfs

GONE = ("medicom.exe", "bin/anders03.dll", BIG, "help/hëlp over recepten.chm", "leeg.txt")
REPLACED = "bin/anders07.dll"
"""Other bytes in each version, under the same path."""
COMPRESSED = 0x800
"""https://learn.microsoft.com/windows/win32/fileio/file-attribute-constants"""
ATTRIBUTES = "system.ntfs_attrib"
"""What ntfs-3g calls a file's attributes: four bytes, lowest first."""


def attributes(path: Path) -> int:
    return int.from_bytes(os.getxattr(path, ATTRIBUTES), "little")


def test_back_and_undo_are_exact_after_mounting_again(pc, medicom):
    pc.install(OLD, without=GONE)
    before = pc.files()

    answer = pc.repair(medicom.whole(OLD))

    pc.volume.again()
    assert answer.code == 0
    assert pc.is_complete(OLD)
    assert pc.has_its_own()
    assert pc.leftovers() == []
    assert pc.undo().code == 0
    pc.volume.again()
    assert pc.files() == before


def test_forward_keeps_originals_by_a_link_and_undo_gives_the_very_files_back(pc, medicom):
    pc.install(OLD)
    before, number = pc.files(), (pc.root / REPLACED).stat().st_ino

    assert pc.repair(medicom.whole(NEW), to_version=NEW).code == 0
    pc.volume.again()
    assert pc.is_complete(NEW)
    assert pc.has_its_own()
    assert (pc.root / REPLACED).stat().st_ino != number

    assert pc.undo().code == 0
    pc.volume.again()
    assert pc.files() == before
    assert (pc.root / REPLACED).stat().st_ino == number
    assert (pc.root / REPLACED).stat().st_nlink == 1


def test_a_replaced_file_is_not_written_through_its_other_names(pc, medicom):
    """Somebody's reserve outside the root, and a second name inside it, keep the old bytes."""
    pc.install(OLD)
    place = pc.root / REPLACED
    reserve, inside = pc.volume.place / "reserve.dll", pc.root / "eigen kopie.dll"
    os.link(place, reserve)
    os.link(place, inside)
    old = place.read_bytes()
    number = place.stat().st_ino

    assert pc.repair(medicom.whole(NEW), to_version=NEW).code == 0

    pc.volume.again()
    assert place.read_bytes() == medicom.files[NEW][REPLACED]
    assert place.stat().st_nlink == 1
    assert [reserve.read_bytes(), inside.read_bytes()] == [old, old]
    assert [reserve.stat().st_ino, inside.stat().st_ino] == [number, number]

    assert pc.undo().code == 0
    pc.volume.again()
    assert place.read_bytes() == old
    assert (place.stat().st_ino, place.stat().st_nlink) == (number, 3)


def test_a_restored_file_is_no_second_name_of_its_source(pc, medicom):
    """The source is on the same volume, where a link would be the cheapest copy."""
    pc.install(OLD, without=GONE)
    copy = pc.volume.place / "kopie"
    for path in GONE:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(medicom.files[OLD][path])
    before = snapshot(copy)

    assert pc.repair(copy).code == 0

    pc.volume.again()
    assert [(pc.root / path).stat().st_nlink for path in GONE] == [1] * len(GONE)
    assert not any((pc.root / path).samefile(copy / path) for path in GONE)
    assert snapshot(copy) == before


def test_a_file_under_another_case_is_the_listed_one(pc, medicom):
    """ntfs-3g tells cases apart, Windows does not: no second file of that name is made."""
    pc.install(OLD, without=GONE[1:])
    (pc.root / "medicom.exe").rename(pc.root / "MEDICOM.EXE")
    (pc.root / "bin").rename(pc.root / "Bin")

    assert pc.repair(medicom.whole(OLD)).code == 0

    ours = {"bin", "medicom.exe"}
    names = sorted(entry.name for entry in pc.root.iterdir() if entry.name.lower() in ours)
    assert names == ["Bin", "MEDICOM.EXE"]
    assert (pc.root / "Bin" / "anders03.dll").read_bytes() == medicom.files[OLD][GONE[1]]
    assert pc.check().kind == "healthy"


def test_of_two_names_that_differ_in_case_only_none_is_written_unasked(pc, medicom):
    """Made by another system; Windows shows one of them. The first spelling is the listed file."""
    pc.install(OLD, without=GONE[1:])
    (pc.root / "Medicom.exe").write_bytes(b"the other one")
    before = pc.files()

    answer = pc.repair(medicom.whole(OLD))

    assert answer.code == 20
    assert answer.file("medicom.exe")["state"] == "changed"
    assert {p: seen for p, seen in pc.files().items() if p in before} == before
    assert pc.undo().code == 0
    assert pc.files() == before


def test_names_are_found_as_windows_finds_them(medicom, tmp_path):
    """A volume that ignores case, as every Windows does."""
    with volume(Format.NTFS_ANY_CASE, tmp_path) as any_case:
        pc = DiskPc(medicom, tmp_path / "BALIE-2", volume=any_case).install(OLD, without=GONE)
        (pc.root / "bin" / "anders05.dll").rename(pc.root / "bin" / "ANDERS05.DLL")
        before = pc.files()
        assert pc.repair(medicom.whole(OLD)).code == 0
        any_case.again()
        assert pc.check().kind == "healthy"
        assert pc.repair(medicom.whole(NEW), to_version=NEW).code == 0
        any_case.again()
        assert pc.check().kind == "healthy"
        assert pc.record.version == NEW
        assert pc.undo().code == 0
        assert pc.undo().code == 0
        assert pc.files() == before


def test_a_compressed_folder_stays_compressed_and_gets_right_bytes(pc, medicom):
    pc.install(OLD, without=GONE)
    folder = (pc.root / BIG).parent
    folder.mkdir(exist_ok=True)
    flags = attributes(folder) | COMPRESSED
    os.setxattr(folder, ATTRIBUTES, flags.to_bytes(4, "little"))

    assert pc.repair(medicom.whole(OLD)).code == 0

    pc.volume.again()
    assert attributes(folder) & COMPRESSED
    assert attributes(pc.root / BIG) & COMPRESSED
    assert pc.is_complete(OLD)


def test_a_full_volume_ends_with_51_and_nothing_is_changed(pc, medicom):
    pc.install(OLD, without=GONE)
    filler = pc.volume.place / "vol"
    room = os.statvfs(pc.volume.place)
    filler.write_bytes(b"\0" * (room.f_bavail * room.f_frsize - len(medicom.files[OLD][BIG]) // 2))
    before = pc.files()

    assert pc.repair(medicom.whole(OLD)).code == 51

    assert pc.files() == before
    filler.unlink()
    assert pc.repair(medicom.whole(OLD)).code == 0
    assert pc.is_complete(OLD)
