"""Reading and writing under Windows: a failure keeps its number."""

from __future__ import annotations

import hashlib
import io
import msvcrt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hashing import hash_file, hash_many, open_regular
from agent.progress import Watch
from agent.windows import api, opening, streaming
from tests.windows.linking import is_wine

DATA = bytes(range(256)) * 4096
LOCK_VIOLATION, ACCESS_DENIED = 33, 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.dll").write_bytes(DATA)
    return tmp_path / "a.dll"


@pytest.fixture
def locked(file: Path) -> Iterator[Path]:
    """Somebody has locked the first bytes, as a database does, and lets others open the file."""
    if is_wine():
        pytest.skip("Wine 8 keeps nobody out of a locked region")
    descriptor = os.open(file, os.O_RDWR | os.O_BINARY)
    msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1000)
    try:
        yield file
    finally:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1000)
        os.close(descriptor)


def test_a_region_that_somebody_locked_says_so_by_its_number(locked: Path):
    with pytest.raises(OSError) as caught:
        hash_file(locked)
    assert caught.value.winerror == LOCK_VIOLATION
    (hashed,) = hash_many([str(locked)], [len(DATA)], watch=Watch())
    assert hashed.error is not None
    assert hashed.error.winerror == LOCK_VIOLATION


def test_a_stream_of_such_a_file_says_so_too(locked: Path):
    with open_regular(str(locked)) as file, pytest.raises(OSError) as caught:
        file.read(10)
    assert caught.value.winerror == LOCK_VIOLATION


def test_reading_without_the_right_to_says_so_by_its_number(file: Path):
    handle = opening.create(str(file), opening.GENERIC_WRITE)
    descriptor = opening.descriptor_of(handle, os.O_RDONLY)
    with streaming.NumberedFile(descriptor) as raw:
        for read in (lambda: raw.read(1), raw.read, lambda: raw.readinto(bytearray(9))):
            with pytest.raises(OSError) as caught:
                read()
            assert caught.value.winerror == ACCESS_DENIED


def test_what_is_opened_to_be_read_keeps_its_numbers(file: Path):
    with open_regular(str(file)) as raw:
        assert isinstance(raw, streaming.NumberedFile)


def test_a_file_is_read_whole_in_every_way(file: Path):
    assert hash_file(file) == (hashlib.sha256(DATA).hexdigest(), len(DATA))
    with open_regular(str(file)) as raw:
        assert raw.read(3) == DATA[:3]
        assert raw.read() == DATA[3:]
        assert raw.read(1) == b""
    with io.BufferedReader(open_regular(str(file))) as buffered:
        assert buffered.read(5) + buffered.read() == DATA


def test_what_is_written_stands_behind_what_stood_there(tmp_path: Path):
    descriptor = os.open(tmp_path / "b", os.O_RDWR | os.O_CREAT | os.O_BINARY)
    try:
        assert streaming.write(descriptor, memoryview(b"ab")) == 2
        assert streaming.write(descriptor, memoryview(bytearray(b"cd"))[1:]) == 1
        assert streaming.write(descriptor, memoryview(b"")) == 0
        streaming.flush(descriptor)
    finally:
        os.close(descriptor)
    assert (tmp_path / "b").read_bytes() == b"abd"


def test_writing_where_somebody_locked_says_so_by_its_number(locked: Path):
    handle = opening.create(str(locked), opening.GENERIC_READ | opening.GENERIC_WRITE)
    descriptor = opening.descriptor_of(handle, os.O_RDWR)
    try:
        with pytest.raises(OSError) as caught:
            streaming.write(descriptor, memoryview(b"x"))
    finally:
        os.close(descriptor)
    assert caught.value.winerror == LOCK_VIOLATION


def test_a_flush_that_is_refused_says_so_by_its_number(file: Path):
    handle = opening.create(str(file), opening.GENERIC_READ)
    descriptor = opening.descriptor_of(handle, os.O_RDONLY)
    try:
        with pytest.raises(OSError) as caught:
            streaming.flush(descriptor)
    finally:
        os.close(descriptor)
    assert caught.value.winerror == ACCESS_DENIED


def test_the_numbers_are_those_of_python(file: Path):
    assert isinstance(api.error_of(LOCK_VIOLATION), PermissionError)
    with pytest.raises(FileNotFoundError):
        open_regular(str(file) + "-absent")
