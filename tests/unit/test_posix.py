"""agent.posix: flushing one file system."""

from __future__ import annotations

import os

import pytest

from agent import posix

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
