"""The version stamp in a program: read from a real PE, never a crash on anything else."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.manifest import stamps
from agent.manifest.stamps import read_stamp

SECTION_RVA = 0x1000
RAW_AT = 0x200
SUBFOLDER = 0x8000_0000


def _folder(identity: int, target: int) -> bytes:
    """A resource folder with one numbered entry."""
    return struct.pack("<IIHHHH", 0, 0, 0, 0, 0, 1) + struct.pack("<II", identity, target)


def _version_info(version: tuple[int, int, int, int]) -> bytes:
    most, least = version[0] << 16 | version[1], version[2] << 16 | version[3]
    fixed = struct.pack("<13I", 0xFEEF04BD, 0x10000, most, least, most, least, 0x3F, *[0] * 6)
    key = "VS_VERSION_INFO\0".encode("utf-16-le")
    length = 6 + len(key) + 2 + len(fixed)
    return struct.pack("<HHH", length, len(fixed), 0) + key + b"\0\0" + fixed


def portable_executable(version: tuple[int, int, int, int] | None) -> bytes:
    """The smallest PE32 with (or without) a version resource."""
    resources = b""
    if version is not None:
        info = _version_info(version)
        entry = struct.pack("<IIII", SECTION_RVA + 0x58, len(info), 0, 0)
        resources = _folder(16, SUBFOLDER | 0x18) + _folder(1, SUBFOLDER | 0x30)
        resources += _folder(1033, 0x48) + entry + info
    size = max(len(resources), 16)
    directories = [(0, 0)] * 16
    if resources:
        directories[2] = (SECTION_RVA, size)
    optional = struct.pack("<HBBIIIIII", 0x10B, 0, 0, 0, size, 0, 0, SECTION_RVA, SECTION_RVA)
    optional += struct.pack("<III", 0x400000, 0x1000, 0x200)
    optional += struct.pack("<HHHHHH", 4, 0, 0, 0, 4, 0)
    optional += struct.pack("<IIII", 0, SECTION_RVA + 0x1000, RAW_AT, 0)
    optional += struct.pack("<HHIIIIII", 2, 0, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
    optional += b"".join(struct.pack("<II", *one) for one in directories)
    coff = struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, len(optional), 0x0102)
    section = b".rsrc\0\0\0" + struct.pack(
        "<IIIIIIHHI", size, SECTION_RVA, 0x200, RAW_AT, 0, 0, 0, 0, 0x40000040
    )
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head = dos + b"PE\0\0" + coff + optional + section
    return head.ljust(RAW_AT, b"\0") + resources.ljust(0x200, b"\0")


def test_reads_the_file_version(tmp_path: Path) -> None:
    path = tmp_path / "medicom.exe"
    path.write_bytes(portable_executable((22, 4, 0, 118)))
    assert read_stamp(path) == "22.4.0.118"
    assert path.read_bytes() == portable_executable((22, 4, 0, 118))


@pytest.mark.parametrize(
    "data",
    [
        portable_executable(None),
        portable_executable((0, 0, 0, 0)),
        portable_executable((1, 2, 3, 4))[:300],
        b"",
        b"M",
        b"MZ",
        b"#!/bin/sh\n",
    ],
    ids=["no-resource", "zeros", "cut-off", "empty", "one-byte", "two-bytes", "script"],
)
def test_has_no_stamp_to_give(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.exe"
    path.write_bytes(data)
    assert read_stamp(path) is None


def test_no_stamp_from_what_is_absent_or_a_folder(tmp_path: Path) -> None:
    assert read_stamp(tmp_path / "absent.exe") is None
    assert read_stamp(tmp_path) is None


def test_does_not_look_into_a_file_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.exe"
    path.write_bytes(portable_executable((1, 2, 3, 4)))
    monkeypatch.setattr(stamps, "MAX_PROGRAM_BYTES", 100)
    assert read_stamp(path) is None


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_never_raises_on_a_damaged_program(tmp_path: Path, data: st.DataObject) -> None:
    program = bytearray(portable_executable((1, 2, 3, 4)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(2, len(program) - 1))
        program[place] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    path = tmp_path / "a.exe"
    path.write_bytes(program)
    found = read_stamp(path)
    assert found is None or len(found.split(".")) == 4


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400))
def test_never_raises_on_any_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.exe"
    path.write_bytes(b"MZ" + data)
    assert read_stamp(path) is None
