"""Reading shortcuts: real bytes, damaged bytes, any bytes."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.discovery.shortcuts import NotAShortcutError, Shortcut, read_shortcut
from tests.shortcut_files import ShortcutFile

PROGRAM = "C:\\PharmaPartners\\medicom.exe"
PRODUCT = "91120000-0030-0000-0000-0000000FF1CE"
COMPONENT = "0638C49D-BB8B-4CD1-B191-052E8F325736"
WHOLE = ShortcutFile(
    local=PROGRAM,
    environment="%ProgramFiles%\\PP\\medicom.exe",
    items=PROGRAM,
    product=PRODUCT,
    component=COMPONENT,
    name="Medicom",
    folder="C:\\PharmaPartners",
    arguments="/auto",
    icon="C:\\PharmaPartners\\medicom.ico",
    machine="balie-1",
)


@pytest.mark.parametrize(
    ("file", "target"),
    [
        (ShortcutFile(local=PROGRAM), PROGRAM),
        (ShortcutFile(local=PROGRAM, items="C:\\PHARMA~1\\medicom.exe"), PROGRAM),
        (ShortcutFile(local="C:\\PP", suffix="medicom.exe"), "C:\\PP\\medicom.exe"),
        (ShortcutFile(local="C:\\", suffix="PP\\medicom.exe"), "C:\\PP\\medicom.exe"),
        (ShortcutFile(local="D:\\Huisarts Zoë\\a.exe"), "D:\\Huisarts Zoë\\a.exe"),
        (ShortcutFile(local="D:\\Ω", suffix="β\\a.exe"), "D:\\Ω\\β\\a.exe"),
        (ShortcutFile(share="\\\\SRV\\PP", suffix="a.exe"), "\\\\SRV\\PP\\a.exe"),
        (ShortcutFile(share="\\\\SRV\\PP", suffix="a.exe", device="H:"), "\\\\SRV\\PP\\a.exe"),
        (ShortcutFile(share="\\\\SRV\\Zoë", suffix="β.exe", device="H:"), "\\\\SRV\\Zoë\\β.exe"),
        (ShortcutFile(environment="%PROGRAMFILES%\\a.exe"), "%PROGRAMFILES%\\a.exe"),
        (ShortcutFile(items=PROGRAM), PROGRAM),
        (
            ShortcutFile(local=PROGRAM, environment="%X%\\a.exe", prefer_environment=True),
            "%X%\\a.exe",
        ),
    ],
)
def test_reads_the_target_in_each_way_it_is_written(file: ShortcutFile, target: str) -> None:
    assert read_shortcut(file.to_bytes()).targets[0] == target


def test_reads_everything_of_a_full_one() -> None:
    assert read_shortcut(WHOLE.to_bytes()) == Shortcut(
        targets=(PROGRAM, "%ProgramFiles%\\PP\\medicom.exe"),
        arguments="/auto",
        working_folder="C:\\PharmaPartners",
        icon="C:\\PharmaPartners\\medicom.ico",
        machine="balie-1",
        product_code=PRODUCT,
        component_code=COMPONENT,
    )


def test_an_advertised_one_without_component_still_names_its_product() -> None:
    read = read_shortcut(ShortcutFile(product=PRODUCT).to_bytes())
    assert (read.targets, read.product_code, read.component_code) == ((), PRODUCT, None)


def test_an_icon_of_the_installer_names_the_product() -> None:
    icon = f"%SystemRoot%\\Installer\\{{{PRODUCT.lower()}}}\\medicom.ico"
    assert read_shortcut(ShortcutFile(icon=icon).to_bytes()).product_code == PRODUCT


def test_texts_in_the_code_page_are_read_too() -> None:
    file = ShortcutFile(local=PROGRAM, arguments="/naam Zoë", unicode=False)
    assert read_shortcut(file.to_bytes()).arguments == "/naam Zoë"


@pytest.mark.parametrize(
    "data", [b"", b"MZ", bytes(76), b"L\0\0\0" + bytes(72), WHOLE.to_bytes()[:70]]
)
def test_refuses_what_is_no_shortcut(data: bytes) -> None:
    with pytest.raises(NotAShortcutError):
        read_shortcut(data)


def test_damage_behind_the_target_leaves_the_target() -> None:
    data = ShortcutFile(local=PROGRAM, arguments="/auto").to_bytes()
    assert read_shortcut(data[:-12]).targets == (PROGRAM,)


def test_blocks_of_one_byte_cost_no_time() -> None:
    data = ShortcutFile(local=PROGRAM).to_bytes()[:-4]
    started = time.monotonic()
    read = read_shortcut(data + struct.pack("<I", 1) * (1 << 18))
    assert read.targets == (PROGRAM,)
    assert time.monotonic() - started < 1.0


def test_a_hundred_thousand_blocks_cost_no_time() -> None:
    data = ShortcutFile(local=PROGRAM).to_bytes()[:-4]
    started = time.monotonic()
    read = read_shortcut(data + struct.pack("<II", 8, 0xA000FFFF) * 130_000)
    assert read.targets == (PROGRAM,)
    assert time.monotonic() - started < 1.0


@given(st.binary(max_size=400))
def test_survives_any_bytes(data: bytes) -> None:
    _survives(data)
    _survives(WHOLE.to_bytes()[:76] + data)


@given(st.integers(0, len(WHOLE.to_bytes())))
def test_survives_a_cut_at_any_place(length: int) -> None:
    _survives(WHOLE.to_bytes()[:length])


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=8))
def test_survives_wrong_bytes_anywhere(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE.to_bytes())
    for at, byte in changes:
        data[at % len(data)] = byte
    _survives(bytes(data))


def _survives(data: bytes) -> None:
    try:
        read = read_shortcut(data)
    except NotAShortcutError:
        return
    assert all(isinstance(target, str) for target in read.targets)
