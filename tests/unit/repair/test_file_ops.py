from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from agent.repair.file_ops import PosixFileOps
from tests.faults.practice import tree_of, write
from tests.simulators.file_ops import no_links, no_move

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the port of POSIX")

OPS = {
    "renames": PosixFileOps(),
    "links": PosixFileOps(move=no_move),
    "no-links": PosixFileOps(link=no_links, move=no_move),
}


@pytest.fixture(params=list(OPS))
def ops(request: pytest.FixtureRequest) -> PosixFileOps:
    return OPS[request.param]


def test_a_staged_file_gets_what_its_folder_gives_any_new_file(ops, tmp_path: Path):
    before = os.umask(0o027)
    try:
        path = tmp_path / "staged"
        descriptor = ops.create_staging(path)
        ops.write(descriptor, memoryview(b"bytes"))
        ops.finish(descriptor, path, 1_000_000_000)
    finally:
        os.umask(before)
    assert tree_of(tmp_path) == {"staged": (b"bytes", 0o640, 1_000_000_000)}


def test_staging_never_overwrites_and_never_follows_a_link(ops, tmp_path: Path):
    write(tmp_path / "victim", b"precious")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = tree_of(tmp_path)
    for name in ("victim", "link", "dangling"):
        with pytest.raises(FileExistsError):
            ops.create_staging(tmp_path / name)
    assert tree_of(tmp_path) == before


def test_a_rename_never_overwrites(ops, tmp_path: Path):
    write(tmp_path / "ours", b"ours")
    write(tmp_path / "theirs", b"theirs")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    before = tree_of(tmp_path)
    for name in ("theirs", "folder", "link"):
        with pytest.raises(FileExistsError):
            ops.rename_no_clobber(tmp_path / "ours", tmp_path / name)
    assert tree_of(tmp_path) == before


def test_a_rename_leaves_one_name(ops, tmp_path: Path):
    write(tmp_path / "ours", b"ours", 0o604, 7_000_000_000)
    ops.rename_no_clobber(tmp_path / "ours", tmp_path / "place")
    assert tree_of(tmp_path) == {"place": (b"ours", 0o604, 7_000_000_000)}


def test_a_replaced_file_is_kept_with_its_facts(ops, tmp_path: Path):
    write(tmp_path / "staged", b"new", 0o644, 9_000_000_000)
    write(tmp_path / "place", b"old", 0o604, 7_000_000_000)
    ops.replace_keeping(tmp_path / "staged", tmp_path / "place", tmp_path / "backup")
    assert tree_of(tmp_path) == {
        "place": (b"new", 0o644, 9_000_000_000),
        "backup": (b"old", 0o604, 7_000_000_000),
    }


def test_a_replacement_that_fails_leaves_everything(ops, tmp_path: Path):
    write(tmp_path / "place", b"old")
    before = tree_of(tmp_path)
    with pytest.raises(FileNotFoundError):
        ops.replace_keeping(tmp_path / "absent", tmp_path / "place", tmp_path / "backup")
    assert tree_of(tmp_path) == before


def test_a_backup_that_is_there_is_not_overwritten(ops, tmp_path: Path):
    for name in ("staged", "place", "backup"):
        write(tmp_path / name, name.encode())
    before = tree_of(tmp_path)
    with pytest.raises(FileExistsError):
        ops.replace_keeping(tmp_path / "staged", tmp_path / "place", tmp_path / "backup")
    assert tree_of(tmp_path) == before


def test_another_error_of_a_link_is_not_taken_for_a_disk_without_links(tmp_path: Path):
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    ops = PosixFileOps(link=refuse, move=no_move)
    for name in ("staged", "place"):
        write(tmp_path / name, name.encode())
    before = tree_of(tmp_path)
    with pytest.raises(PermissionError):
        ops.rename_no_clobber(tmp_path / "staged", tmp_path / "new")
    with pytest.raises(PermissionError):
        ops.replace_keeping(tmp_path / "staged", tmp_path / "place", tmp_path / "backup")
    assert tree_of(tmp_path) == before


def test_a_staged_file_takes_the_mode_of_the_one_it_replaces(ops, tmp_path: Path):
    write(tmp_path / "model", b"", 0o751)
    write(tmp_path / "staged", b"", 0o600)
    ops.match_attributes(tmp_path / "model", tmp_path / "staged")
    assert stat.S_IMODE((tmp_path / "staged").stat().st_mode) == 0o751


def test_a_record_is_written_at_its_place_and_ends_there(ops, tmp_path: Path):
    ops.append(tmp_path / "record", b"one\ntwo\n", 0)
    ops.append(tmp_path / "record", b"2\n", 4)
    assert (tmp_path / "record").read_bytes() == b"one\n2\n"


def test_only_empty_folders_are_removed(ops, tmp_path: Path):
    write(tmp_path / "folder" / "file", b"")
    with pytest.raises(OSError):
        ops.remove_directory(tmp_path / "folder")
    ops.remove_file(tmp_path / "folder" / "file")
    ops.remove_directory(tmp_path / "folder")
    assert tree_of(tmp_path) == {}


def test_flushes_the_volume_and_tells_its_room(ops, tmp_path: Path):
    ops.sync_volume(tmp_path)
    assert ops.free_bytes(tmp_path) > 0
    assert ops.volume_id(tmp_path) == tmp_path.stat().st_dev
