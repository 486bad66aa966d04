"""Files under Windows: the real reason of a refusal, and nobody kept out."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.hashing import hash_file
from agent.repair import troubles
from agent.windows import api, opening
from agent.windows.disks import WindowsDisks
from agent.windows.file_ops import WindowsFileOps
from agent.windows.retrying import RETRY_PAUSES_MS
from agent.windows.rights import WindowsRights
from tests.windows.linking import is_wine

SHARE_NOTHING = 0


@contextmanager
def held(path: Path, share: int = SHARE_NOTHING) -> Iterator[None]:
    """Somebody else has the file open."""
    handle = opening.create(str(path), opening.GENERIC_READ, share=share)
    try:
        yield
    finally:
        api.CloseHandle(handle)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.dll").write_bytes(b"old")
    return tmp_path / "a.dll"


def test_a_file_in_use_says_so_by_its_number(file: Path):
    with held(file), pytest.raises(PermissionError) as caught:
        os.close(opening.open_to_read(str(file)))
    assert caught.value.winerror == api.ERROR_SHARING_VIOLATION
    assert troubles.reason_of(caught.value) == "locked"


def test_the_hash_of_a_file_in_use_says_so_too(file: Path):
    with held(file), pytest.raises(OSError) as caught:
        hash_file(file)
    assert caught.value.winerror == api.ERROR_SHARING_VIOLATION


def test_others_may_rename_and_delete_what_we_read(file: Path):
    descriptor = opening.open_to_read(str(file))
    try:
        file.rename(file.with_name("b.dll"))
        file.with_name("b.dll").unlink()
        assert os.read(descriptor, 10) == b"old"
    finally:
        os.close(descriptor)


def test_a_folder_is_no_file(tmp_path: Path):
    with pytest.raises(OSError):
        opening.open_to_read(str(tmp_path))


def test_bytes_are_read_as_they_are(file: Path):
    file.write_bytes(b"a\r\nb\x1a\n")
    descriptor = opening.open_to_read(str(file))
    try:
        assert os.read(descriptor, 20) == b"a\r\nb\x1a\n"
    finally:
        os.close(descriptor)


def test_a_file_that_is_not_there_says_so(tmp_path: Path):
    with pytest.raises(FileNotFoundError) as caught:
        opening.open_to_read(str(tmp_path / "absent"))
    assert caught.value.errno == errno.ENOENT


def test_a_target_in_use_is_waited_for_and_left_as_it_was(tmp_path: Path, file: Path):
    slept: list[float] = []
    ops = WindowsFileOps(sleep=slept.append)
    (tmp_path / "new").write_bytes(b"new")
    with held(file), pytest.raises(OSError) as caught:
        ops.replace_keeping(tmp_path / "new", file, tmp_path / "backup")
    assert troubles.reason_of(caught.value) == "locked"
    assert slept == [pause / 1000 for pause in RETRY_PAUSES_MS]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dll", "new"]
    assert file.read_bytes() == b"old"


def test_a_target_that_is_let_go_is_replaced(tmp_path: Path, file: Path):
    (tmp_path / "new").write_bytes(b"new")
    holding = held(file)
    holding.__enter__()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            holding.__exit__(None, None, None)

    WindowsFileOps(sleep=sleep).replace_keeping(tmp_path / "new", file, tmp_path / "backup")
    assert slept == [0.05, 0.1]
    assert (file.read_bytes(), (tmp_path / "backup").read_bytes()) == (b"new", b"old")


def test_a_file_that_others_only_read_can_be_renamed_aside(tmp_path: Path, file: Path):
    with held(file, opening.SHARE_ALL):
        WindowsFileOps().rename_no_clobber(file, tmp_path / "b.dll")
    assert (tmp_path / "b.dll").read_bytes() == b"old"


def test_paths_longer_than_260_characters_work_everywhere(tmp_path: Path):
    ops, disks = WindowsFileOps(), WindowsDisks()
    folder = tmp_path
    while len(str(folder)) < 300:
        folder = folder / ("map " + "x" * 40)
        ops.make_directory(folder)
    staged, place = folder / ".staged", folder / "place.dll"
    descriptor = ops.create_staging(staged)
    ops.write(descriptor, memoryview(b"old"))
    ops.finish(descriptor, staged, 10**18)
    ops.rename_no_clobber(staged, place)
    descriptor = ops.create_staging(staged)
    ops.write(descriptor, memoryview(b"new"))
    ops.finish(descriptor, staged, None)
    ops.match_attributes(place, staged)
    ops.replace_keeping(staged, place, folder / "backup")
    assert disks.read(str(place), 10) == b"new"
    assert hash_file(str(place))[1] == 3
    assert {entry.name for entry in disks.entries(str(folder))} == {"place.dll", "backup"}
    if not is_wine():  # Wine 8 tells no final path of that length
        assert disks.canonical(str(place)) == str(place)
    for name in ("place.dll", "backup"):
        ops.remove_file(folder / name)
    ops.remove_directory(folder)
    with pytest.raises(FileNotFoundError):
        disks.entry(str(folder))


def test_an_alternate_stream_does_not_change_the_file(file: Path):
    before = hash_file(file)
    Path(f"{file}:Zone.Identifier").write_bytes(b"[ZoneTransfer]")
    assert hash_file(file) == before


def test_a_file_opened_again_is_read_when_it_is_the_same(file: Path):
    with opening.opened(str(file), opening.READ_ATTRIBUTES) as handle:
        again = opening.reopened(handle, str(file))
    descriptor = opening.descriptor_of(again, os.O_RDONLY)
    try:
        assert os.read(descriptor, 10) == b"old"
    finally:
        os.close(descriptor)


def test_what_took_its_place_between_two_openings_is_not_read(tmp_path: Path, file: Path):
    with opening.opened(str(file), opening.READ_ATTRIBUTES) as handle:
        file.rename(tmp_path / "aside")
        file.write_bytes(b"secret")
        with pytest.raises(OSError) as caught:
            opening.reopened(handle, str(file))
    assert caught.value.errno == errno.ELOOP


@pytest.mark.parametrize("name", ["a.dll\0", "a.dll\0b", "\0"])
def test_a_name_with_a_nul_is_refused_everywhere_not_cut_off(tmp_path: Path, file: Path, name: str):
    path, disks, rights = f"{tmp_path}\\{name}", WindowsDisks(), WindowsRights()
    asked: tuple[Callable[[str], object], ...] = (
        disks.entry, disks.identity, disks.canonical, disks.names, disks.sha256,
        lambda path: list(disks.entries(path)), lambda path: disks.read(path, 10),
        opening.open_to_read, hash_file,
    )  # fmt: skip
    for ask in asked:
        with pytest.raises(OSError) as caught:
            ask(path)
        assert caught.value.winerror == api.ERROR_INVALID_NAME
    assert rights.ordinary_can_write(path)
    assert rights.others_can_write(path)
    assert not rights.can_write(path)
    assert file.read_bytes() == b"old"
