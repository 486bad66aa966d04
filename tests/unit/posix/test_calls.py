"""agent.posix.calls: flushing one file system, and a rename that never overwrites."""

from __future__ import annotations

import os

import pytest

from agent.posix import calls as posix

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows flushes file by file")


def test_flushes_the_file_system_of_a_folder(tmp_path):
    (tmp_path / "f").write_bytes(b"x")
    posix.sync_volume(tmp_path)
    assert (tmp_path / "f").read_bytes() == b"x"


def test_says_when_the_folder_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        posix.sync_volume(tmp_path / "absent")


def test_says_when_the_system_refuses():
    with pytest.raises(OSError, match="Bad file descriptor"):
        posix._syncfs(-1)


def test_flushes_everything_where_the_call_is_not_there(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(posix, "_syncfs", lambda _descriptor: False)
    monkeypatch.setattr(os, "sync", lambda: flushed.append(True))
    posix.sync_volume(tmp_path)
    assert flushed == [True]


def test_renames_in_one_step_where_the_system_can(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    if not posix.rename_no_replace(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system has no RENAME_NOREPLACE")
    assert [each.name for each in tmp_path.iterdir()] == ["b"]


def test_a_rename_never_overwrites(tmp_path):
    (tmp_path / "a").write_bytes(b"mine")
    (tmp_path / "b").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        posix.rename_no_replace(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == b"mine"
    assert (tmp_path / "b").read_bytes() == b"theirs"


def test_a_rename_names_the_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        posix.rename_no_replace(tmp_path / "absent", tmp_path / "b")
    assert caught.value.filename == str(tmp_path / "absent")


def test_a_system_without_the_call_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(posix, "_function", lambda _name: None)
    (tmp_path / "a").write_bytes(b"x")
    assert posix.rename_no_replace(tmp_path / "a", tmp_path / "b") is False
    assert (tmp_path / "a").exists()
