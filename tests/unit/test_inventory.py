"""agent.inventory: what is seen, what is read, what is left alone."""

from __future__ import annotations

import errno
import hashlib
import os
import stat as stat_module
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import inventory as inventory_module
from agent.errors import Stopped
from agent.inventory import is_redirected, key_of, take, walk
from agent.manifest.names import LOCK_NAME, STAGING_PREFIX, UNDO_DIRECTORY, fold
from agent.model import Mode, Role
from agent.progress import Stage, Watch

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX names and file types")
needs_rights = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything"
)


def role_of(path):
    if path.endswith(".log"):
        return Role.IGNORED
    return Role.SETTINGS if path.endswith(".ini") else Role.PROGRAM


def tree(root, **files):
    for path, data in files.pop("files", files).items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return root


def look(root, mode=Mode.FULL, to_hash=None, **more):
    return take(root, mode=mode, role_of=role_of, to_hash=to_hash, watch=Watch(), **more)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def root(tmp_path):
    files = {
        "bin/Medicom.exe": b"MZ program",
        "bin/nl/taal.dll": b"",
        "site.ini": b"[pc]",
        "trace.log": b"secret",
    }
    tree(tmp_path, files=files)
    (tmp_path / "spool").mkdir()
    return tmp_path


def test_full_look_hashes_everything_that_is_not_ignored(root):
    seen = look(root)
    assert {key: each.sha256 for key, each in seen.files.items()} == {
        "BIN/MEDICOM.EXE": sha256(b"MZ program"),
        "BIN/NL/TAAL.DLL": sha256(b""),
        "SITE.INI": sha256(b"[pc]"),
    }
    assert [each.path for each in seen.files.values()] == [
        "bin/Medicom.exe",
        "bin/nl/taal.dll",
        "site.ini",
    ]
    assert seen.directories == {"BIN": "bin", "BIN/NL": "bin/nl", "SPOOL": "spool"}
    assert (seen.ignored, seen.bytes_read, seen.mode, seen.root) == (1, 14, Mode.FULL, root)
    assert (seen.links, seen.unreadable_directories) == ((), {})


def test_quick_look_reads_no_file(root, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("read")

    monkeypatch.setattr(inventory_module, "hash_many", refuse)
    seen = look(root, Mode.QUICK)
    assert {each.path: each.size for each in seen.files.values()} == {
        "bin/Medicom.exe": 10,
        "bin/nl/taal.dll": 0,
        "site.ini": 4,
    }
    assert seen.bytes_read == 0
    assert not any(each.sha256 or each.error for each in seen.files.values())


def test_only_the_named_files_are_read(root):
    seen = look(root, to_hash={"BIN/MEDICOM.EXE"})
    assert [each.path for each in seen.files.values() if each.sha256] == ["bin/Medicom.exe"]
    assert set(seen.files) == {"BIN/MEDICOM.EXE", "BIN/NL/TAAL.DLL", "SITE.INI"}
    assert seen.bytes_read == 10


def test_a_named_file_is_taken_whatever_its_role(root):
    seen = look(root, to_hash={"TRACE.LOG"})
    assert seen.files["TRACE.LOG"].sha256 == sha256(b"secret")
    assert seen.ignored == 0


@pytest.mark.posix("access times")
def test_ignored_files_are_counted_and_never_opened(root):
    os.utime(root / "trace.log", ns=(5, 6))
    seen = look(root)
    assert seen.ignored == 1
    assert "TRACE.LOG" not in seen.files
    assert (root / "trace.log").stat().st_atime_ns == 5


def test_newest_time_is_that_of_program_files(root):
    for number, name in enumerate(["bin/nl/taal.dll", "bin/Medicom.exe", "site.ini", "trace.log"]):
        os.utime(root / name, ns=(0, (number + 1) * 10**9))
    assert look(root).newest_mtime_ns == 2 * 10**9
    assert look(root, Mode.QUICK).newest_mtime_ns == 2 * 10**9


def test_an_empty_folder_has_no_newest_time(tmp_path):
    seen = look(tmp_path)
    assert (dict(seen.files), seen.newest_mtime_ns, seen.bytes_read) == ({}, 0, 0)


def test_our_own_files_are_never_part_of_it(root):
    ours = {
        LOCK_NAME: b"",
        UNDO_DIRECTORY + "/run/original": b"old",
        f"bin/{STAGING_PREFIX}1-2": b"staged",
        f"{STAGING_PREFIX.upper()}X": b"staged",
    }
    before = look(root)
    tree(root, files=ours)
    after = look(root)
    assert (after.files, after.directories) == (before.files, before.directories)
    assert after.ignored == before.ignored


def test_other_hidden_files_are_part_of_it(root):
    tree(root, files={".hidden/.file": b"x"})
    assert look(root).files[".HIDDEN/.FILE"].size == 1


@posix_only
def test_links_and_special_files_are_reported_and_not_followed(root, tmp_path_factory):
    outside = tree(tmp_path_factory.mktemp("outside"), files={"letter.doc": b"private"})
    (root / "out").symlink_to(outside)
    (root / "bin" / "up").symlink_to("..")
    (root / "file.dll").symlink_to("bin/Medicom.exe")
    (root / "dangling").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    seen = look(root)
    assert seen.links == ("bin/up", "dangling", "file.dll", "out", "pipe")
    assert len(seen.files) == 3
    assert set(seen.directories) == {"BIN", "BIN/NL", "SPOOL"}


@posix_only
def test_a_link_as_root_is_entered(root, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(root)
    assert look(link).files == look(root).files


def status(**values):
    return SimpleNamespace(**values)


@pytest.mark.parametrize(
    ("seen", "redirected"),
    [
        (status(st_mode=0), False),
        (status(st_file_attributes=0x20, st_reparse_tag=0), False),
        (status(st_file_attributes=0x410, st_reparse_tag=0xA0000003), True),
        (status(st_file_attributes=0x400, st_reparse_tag=0xA000000C), True),
        (status(st_file_attributes=0x400, st_reparse_tag=0), True),
        (status(st_file_attributes=0x400, st_reparse_tag=0x80000013), False),
        (status(st_file_attributes=0x400, st_reparse_tag=0x9000001A), False),
        (status(st_file_attributes=0x400000, st_reparse_tag=0), True),
        (status(st_file_attributes=0x40000, st_reparse_tag=0), True),
        (status(st_file_attributes=0x1000, st_reparse_tag=0), True),
    ],
    ids=[
        "posix", "plain", "junction", "symbolic-link", "unknown-tag", "deduplicated",
        "cloud-here", "cloud-away", "cloud-open", "offline",
    ],
)  # fmt: skip
def test_what_stands_for_another_place_on_windows(seen, redirected):
    assert is_redirected(seen) is redirected


@needs_rights
def test_what_may_not_be_read_is_unreadable_and_not_missing(root):
    (root / "bin" / "Medicom.exe").chmod(0)
    (root / "spool").chmod(0)
    try:
        seen = look(root)
    finally:
        (root / "spool").chmod(0o700)
    assert seen.files["BIN/MEDICOM.EXE"].error.errno == errno.EACCES
    assert seen.files["BIN/MEDICOM.EXE"].size == 10
    assert seen.unreadable_directories["SPOOL"].errno == errno.EACCES


def test_a_file_that_cannot_be_read_keeps_its_size_and_gets_the_problem(root, monkeypatch):
    real = inventory_module.hash_many

    def failing(paths, sizes, **more):
        (root / "bin" / "Medicom.exe").unlink()
        return real(paths, sizes, **more)

    monkeypatch.setattr(inventory_module, "hash_many", failing)
    seen = look(root).files["BIN/MEDICOM.EXE"]
    assert (seen.sha256, seen.size, seen.error.errno) == (None, 10, errno.ENOENT)


def test_a_folder_that_cannot_be_listed_is_reported(root, monkeypatch):
    real = inventory_module._listing

    def failing(place, *, follow):
        if place.endswith("bin"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(place, follow=follow)

    monkeypatch.setattr(inventory_module, "_listing", failing)
    seen = look(root)
    assert seen.unreadable_directories["BIN"].errno == errno.EACCES
    assert seen.directories["BIN"] == "bin"
    assert list(seen.files) == ["SITE.INI"]


@posix_only
def test_a_folder_that_became_a_link_meanwhile_is_not_entered(root, tmp_path_factory):
    outside = tree(tmp_path_factory.mktemp("outside"), files={"letter.doc": b"private"})
    walker = inventory_module._Walker(str(root), ())
    walker.enter("")
    (root / "spool").rmdir()
    (root / "spool").symlink_to(outside)
    walker.enter("spool")
    assert "spool/letter.doc" not in [seen.path for seen in walker.tree.files]
    assert walker.tree.unreadable["spool"].errno in {errno.ENOTDIR, errno.ELOOP}


def test_systems_without_descriptors_of_folders_see_the_same(root, monkeypatch):
    before = look(root)
    monkeypatch.setattr(inventory_module, "_BY_DESCRIPTOR", False)
    assert look(root) == before


def test_a_root_that_is_not_there_is_unreadable(tmp_path):
    seen = look(tmp_path / "absent")
    assert seen.unreadable_directories[""].errno == errno.ENOENT
    assert seen.files == {}


def test_names_with_letters_emoji_and_255_bytes(tmp_path):
    names = ["België.dll", "straße.dll", "💊.dll", "x" * 251 + ".dll"]
    tree(tmp_path, files={name: name.encode() for name in names})
    seen = look(tmp_path)
    assert {each.path for each in seen.files.values()} == set(names)
    assert seen.files["BELGIË.DLL"].sha256 == sha256("België.dll".encode())


@posix_only
def test_very_deep_trees_end_in_a_report_and_never_in_an_error(tmp_path):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(40):  # 40 x 120 characters: more than the system takes in one path
        os.mkdir("d" * 120, dir_fd=here)
        there = os.open("d" * 120, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = there
    os.close(here)
    tree(tmp_path, files={("d" * 120 + "/") * 3 + "f.dll": b"x"})
    seen = look(tmp_path)
    assert next(iter(seen.files.values())).sha256 == sha256(b"x")
    assert len(seen.files) == 1
    (problem,) = seen.unreadable_directories.values()
    assert problem.errno == errno.ENAMETOOLONG


@posix_only
def test_a_name_that_is_not_nfc_never_matches_a_listed_one(tmp_path):
    decomposed = unicodedata.normalize("NFD", "België.dll")
    tree(tmp_path, files={decomposed: b"x"})
    seen = look(tmp_path)
    assert fold("België.dll") not in seen.files
    (only,) = seen.files.values()
    assert (only.path, only.sha256) == (decomposed, sha256(b"x"))


def test_even_a_lone_character_that_folds_alike_does_not_match():
    assert fold("\u1fbe") == fold("\u03b9")
    assert key_of("\u1fbe") != key_of("\u03b9")


@posix_only
def test_two_spellings_of_one_name_keep_the_first_and_show_the_other(tmp_path):
    tree(tmp_path, files={"a.dll": b"2", "A.dll": b"1", "sub/x": b"", "SUB/y": b""})
    seen = look(tmp_path, to_hash={"A.DLL"})
    assert (seen.files["A.DLL"].path, seen.files["A.DLL"].sha256) == ("A.dll", sha256(b"1"))
    others = [each for key, each in seen.files.items() if key not in {"A.DLL", "SUB/X", "SUB/Y"}]
    assert [(each.path, each.sha256) for each in others] == [("a.dll", None)]
    assert sorted(seen.directories.values()) == ["SUB", "sub"]
    assert seen.directories["SUB"] == "SUB"


@posix_only
def test_a_name_that_is_no_text_is_shown_printable_and_still_read(tmp_path):
    tree(tmp_path, files={os.fsdecode(b"d\xff/f\xfe.dll"): b"x"})
    seen = look(tmp_path)
    (only,) = seen.files.values()
    assert only.path == "d\\udcff/f\\udcfe.dll"
    assert only.sha256 == sha256(b"x")
    assert list(seen.directories.values()) == ["d\\udcff"]
    only.path.encode()


def test_files_and_keys_come_sorted_by_path_whatever_the_disk_says(tmp_path):
    names = [f"{n % 7}/{n % 3}/{n}.dll" for n in range(100)]
    tree(tmp_path, files=dict.fromkeys(names, b"x"))
    seen = look(tmp_path, threads=3)
    assert [each.path for each in seen.files.values()] == sorted(names)
    assert list(seen.directories.values()) == sorted(seen.directories.values())


def test_skipped_folders_are_not_entered(root):
    found = walk(str(root), Watch(), skip={"bin"})
    assert [seen.path for seen in found.files] == ["site.ini", "trace.log"]
    assert found.directories == ["spool"]


def entry(name, problem, **more):
    """An entry of a list whose facts cannot be had."""

    def fail(*, follow_symlinks):
        raise problem

    return SimpleNamespace(**{"name": name, "stat": fail, "is_dir": fail, **more})


def test_a_file_that_goes_while_the_folder_is_listed_is_not_there(tmp_path):
    walker = inventory_module._Walker(str(tmp_path), ())
    walker._see([entry("gone.dll", FileNotFoundError(errno.ENOENT, "gone"))], "bin/")
    assert walker.tree == inventory_module.Tree()


def test_a_file_whose_facts_cannot_be_had_is_unreadable(tmp_path):
    walker = inventory_module._Walker(str(tmp_path), ())
    problem = OSError(errno.EIO, "Input/output error")
    walker._see([entry("f.dll", problem), entry("d", problem, is_dir=lambda **_: True)], "")
    (seen,) = walker.tree.files
    assert (seen.path, seen.error.errno) == ("f.dll", errno.EIO)
    assert walker.tree.directories == ["d"]
    assert walker.tree.unreadable["d"].errno == errno.EIO


def test_stop_is_heard_while_walking(root):
    watch = Watch()
    watch.start(Stage.LOOK)
    watch.stop()
    with pytest.raises(Stopped):
        walk(str(root), watch)


def test_progress_has_totals_and_ends_at_them(root):
    watch = Watch()
    take(root, mode=Mode.FULL, role_of=role_of, to_hash=None, watch=watch, stage=Stage.CHECK)
    now = watch.now
    assert (now.stage, now.files_done, now.files_total) == (Stage.CHECK, 3, 3)
    assert (now.bytes_done, now.bytes_total) == (14, 14)


def test_nothing_on_the_disk_is_touched(root):
    def facts():
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_mode, path.lstat().st_size)
            for path in [root, *root.rglob("*")]
        }

    before = facts()
    look(root)
    look(root, Mode.QUICK)
    assert facts() == before
    assert stat_module.S_ISDIR(root.stat().st_mode)


PART = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda name: name not in {".", ".."} and len(name.encode()) <= 255)


@posix_only
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(PART, min_size=1, max_size=8, unique=True))
def test_every_file_is_seen_exactly_once_under_whatever_name(tmp_path_factory, names):
    root = tmp_path_factory.mktemp("any")
    tree(root, files={name: name.encode() for name in names})
    seen = take(root, mode=Mode.FULL, role_of=lambda _: Role.PROGRAM, to_hash=None, watch=Watch())
    expected = sorted(name for name in names if not inventory_module.is_ours(name))
    assert sorted(each.path for each in seen.files.values()) == expected
    assert {each.sha256 for each in seen.files.values()} == {sha256(n.encode()) for n in expected}
    assert isinstance(seen.root, Path)
