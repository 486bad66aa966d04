"""A document is written whole or not at all."""

from __future__ import annotations

import os
import stat

import pytest

from agent import whole
from agent.whole import write_whole


def test_a_reader_sees_the_new_document(tmp_path):
    path = tmp_path / "lijst.json"
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["lijst.json"]


def test_a_failed_flush_leaves_the_earlier_document_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "lijst.json"
    path.write_bytes(b"old")

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["lijst.json"]


@pytest.mark.skipif(os.name == "nt", reason="permission bits are POSIX")
def test_others_may_read_what_is_left_for_them(tmp_path):
    path = tmp_path / "gevraagd.json"
    write_whole(path, b"{}")
    assert stat.S_IMODE(path.stat().st_mode) & 0o044
