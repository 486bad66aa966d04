"""What every `FileOps` does: POSIX with three kinds of disk, Windows, Windows without
`ReplaceFileW`, and Windows for somebody who may not change access rights."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.repair.file_ops import FileOps, PosixFileOps
from agent.windows.api import error_of
from agent.windows.file_ops import WindowsFileOps
from agent.windows.replacing import Names
from agent.windows.writing import DiskCalls
from tests.simulators.file_ops import no_links, no_move

MTIME = 1_600_000_001_123_456_700
"""Nanoseconds; a multiple of what NTFS can hold."""


class FatCalls(DiskCalls):
    """What a stick with FAT or exFAT can do."""

    def can_replace(self, path: str) -> bool:
        return False


class ModifyOnlyCalls(DiskCalls):
    """What somebody can do who may modify a file and not its access rights."""

    def replace(self, names: Names, *, merging: bool = True) -> None:
        if merging:
            raise error_of(5, names.target)
        super().replace(names, merging=merging)


IMPLEMENTATIONS: dict[str, Callable[[], FileOps]] = {
    "renames": PosixFileOps,
    "links": lambda: PosixFileOps(move=no_move),
    "no-links": lambda: PosixFileOps(link=no_links, move=no_move),
    "windows": WindowsFileOps,
    "windows-fat": lambda: WindowsFileOps(calls=FatCalls()),
    "windows-modify-only": lambda: WindowsFileOps(calls=ModifyOnlyCalls()),
}
HERE = [name for name in IMPLEMENTATIONS if name.startswith("windows") == (os.name == "nt")]


@pytest.fixture(params=HERE)
def ops(request: pytest.FixtureRequest) -> FileOps:
    return IMPLEMENTATIONS[request.param]()


def put(path: Path, data: bytes, mtime_ns: int = MTIME, *, read_only: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(mtime_ns, mtime_ns))
    path.chmod(0o444 if read_only else 0o644)
    return path


def seen(folder: Path) -> dict[str, tuple[bytes, int, bool]]:
    """Every file: content, modification time, read-only."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder).as_posix()): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            not path.stat().st_mode & stat.S_IWUSR,
        )
        for path in files
    }


def staged(ops: FileOps, path: Path, data: bytes = b"new") -> Path:
    descriptor = ops.create_staging(path)
    ops.write(descriptor, memoryview(data))
    ops.finish(descriptor, path, MTIME)
    return path


def hidden(path: Path) -> bool:
    bits = getattr(path.stat(), "st_file_attributes", 0)
    return bool(bits & stat.FILE_ATTRIBUTE_HIDDEN)


def test_a_staged_file_has_its_bytes_and_the_time_of_the_vendor(ops: FileOps, tmp_path: Path):
    staged(ops, tmp_path / "staged", b"x" * 3_000_000)
    assert seen(tmp_path) == {"staged": (b"x" * 3_000_000, MTIME, False)}


def test_staging_never_overwrites(ops: FileOps, tmp_path: Path):
    put(tmp_path / "victim", b"precious")
    (tmp_path / "folder").mkdir()
    before = seen(tmp_path)
    for name in ("victim", "folder"):
        with pytest.raises(FileExistsError):
            ops.create_staging(tmp_path / name)
    assert seen(tmp_path) == before


def test_what_was_given_up_can_be_removed(ops: FileOps, tmp_path: Path):
    descriptor = ops.create_staging(tmp_path / "staged")
    ops.discard(descriptor)
    ops.remove_file(tmp_path / "staged")
    assert seen(tmp_path) == {}


def test_a_file_in_its_place_is_shown_whatever_it_was_before(ops: FileOps, tmp_path: Path):
    ops.rename_no_clobber(staged(ops, tmp_path / "staged"), tmp_path / "place")
    assert seen(tmp_path) == {"place": (b"new", MTIME, False)}
    assert not hidden(tmp_path / "place")


def test_a_rename_never_overwrites(ops: FileOps, tmp_path: Path):
    put(tmp_path / "ours", b"ours")
    put(tmp_path / "theirs", b"theirs")
    (tmp_path / "folder").mkdir()
    before = seen(tmp_path)
    for name in ("theirs", "folder"):
        with pytest.raises(FileExistsError):
            ops.rename_no_clobber(tmp_path / "ours", tmp_path / name)
    assert seen(tmp_path) == before
    assert (tmp_path / "folder").is_dir()


def test_a_rename_says_what_is_not_there(ops: FileOps, tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        ops.rename_no_clobber(tmp_path / "absent", tmp_path / "place")


@pytest.mark.parametrize("read_only", [False, True], ids=["writable", "read-only"])
def test_a_replaced_file_is_kept_with_its_facts(ops: FileOps, tmp_path: Path, read_only: bool):
    old = put(tmp_path / "place", b"old", 7_000_000_000, read_only=read_only)
    new = staged(ops, tmp_path / "staged")
    ops.match_attributes(old, new)
    ops.replace_keeping(new, old, tmp_path / "backup")
    assert seen(tmp_path) == {
        "backup": (b"old", 7_000_000_000, read_only),
        "place": (b"new", MTIME, read_only),
    }
    assert not hidden(old)


@pytest.mark.parametrize("read_only", [False, True], ids=["writable", "read-only"])
def test_a_replacement_goes_back_the_way_it_came(ops: FileOps, tmp_path: Path, read_only: bool):
    place = put(tmp_path / "place", b"old", 7_000_000_000, read_only=read_only)
    new, backup = staged(ops, tmp_path / "staged"), tmp_path / "backup"
    ops.replace_keeping(new, place, backup)
    ops.replace_keeping(backup, place, new)
    assert seen(tmp_path)["place"] == (b"old", 7_000_000_000, read_only)
    ops.remove_file(new)
    assert list(seen(tmp_path)) == ["place"]


def test_a_replacement_that_fails_leaves_everything(ops: FileOps, tmp_path: Path):
    put(tmp_path / "place", b"old", read_only=True)
    before = seen(tmp_path)
    with pytest.raises(FileNotFoundError):
        ops.replace_keeping(tmp_path / "absent", tmp_path / "place", tmp_path / "backup")
    assert seen(tmp_path) == before


def test_a_backup_that_is_there_is_not_overwritten(ops: FileOps, tmp_path: Path):
    for name in ("staged", "place", "backup"):
        put(tmp_path / name, name.encode())
    before = seen(tmp_path)
    with pytest.raises(FileExistsError):
        ops.replace_keeping(tmp_path / "staged", tmp_path / "place", tmp_path / "backup")
    assert seen(tmp_path) == before


def test_a_record_is_written_at_its_place_and_ends_there(ops: FileOps, tmp_path: Path):
    ops.append(tmp_path / "record", b"one\ntwo\n", 0)
    ops.append(tmp_path / "record", b"2\n", 4)
    assert (tmp_path / "record").read_bytes() == b"one\n2\n"


def test_a_folder_is_made_once(ops: FileOps, tmp_path: Path):
    ops.make_directory(tmp_path / "folder")
    with pytest.raises(FileExistsError):
        ops.make_directory(tmp_path / "folder")
    with pytest.raises(FileNotFoundError):
        ops.make_directory(tmp_path / "absent" / "folder")


def test_only_empty_folders_are_removed(ops: FileOps, tmp_path: Path):
    put(tmp_path / "folder" / "file", b"", read_only=True)
    with pytest.raises(OSError):
        ops.remove_directory(tmp_path / "folder")
    ops.remove_file(tmp_path / "folder" / "file")
    ops.remove_directory(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_ours_can_be_hidden_twice(ops: FileOps, tmp_path: Path):
    ops.make_directory(tmp_path / ".ours")
    ops.hide(tmp_path / ".ours")
    ops.hide(tmp_path / ".ours")
    assert (tmp_path / ".ours").is_dir()


def test_tells_the_volume_and_its_room(ops: FileOps, tmp_path: Path):
    ops.sync_volume(tmp_path)
    assert ops.free_bytes(tmp_path) > 0
    assert ops.volume_id(tmp_path) == tmp_path.stat().st_dev
