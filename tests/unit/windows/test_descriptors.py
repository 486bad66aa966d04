"""agent.windows.descriptors: who may write, from real forms of access control lists."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.windows.descriptors import (
    ADMINISTRATIVE,
    EVERYONE,
    SWAPPING,
    Descriptor,
    Entry,
    others_write,
    parse,
    sid_of,
    writers,
)

SYSTEM, ADMINS = "S-1-5-18", "S-1-5-32-544"
INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
USERS, AUTHENTICATED, CREATOR = "S-1-5-32-545", "S-1-5-11", "S-1-3-0"
ME = "S-1-5-21-1000-2000-3000-1001"
FULL, MODIFY, READ = 0x1F01FF, 0x1301BF, 0x1200A9
ADD_FOLDER, ADD_FILE, DELETE_CHILD, WRITE_DAC = 0x4, 0x2, 0x40, 0x40000
WRITE_EXTRAS, WRITE_ATTRIBUTES, DELETE, WRITE_OWNER = 0x10, 0x100, 0x10000, 0x80000
ALLOW, DENY, ALLOW_OBJECT, ALLOW_IF, AUDIT = 0, 1, 5, 9, 2
INHERIT_ONLY = 0x8


def binary_sid(text: str) -> bytes:
    _, revision, authority, *parts = text.split("-")
    head = struct.pack("<BB", int(revision), len(parts)) + int(authority).to_bytes(6, "big")
    return head + struct.pack(f"<{len(parts)}I", *map(int, parts))


def ace(sid: str, mask: int, kind: int = ALLOW, flags: int = 0) -> bytes:
    body = struct.pack("<I", mask) + binary_sid(sid)
    return struct.pack("<BBH", kind, flags, 4 + len(body)) + body


def descriptor(owner: str | None, aces: list[bytes] | None) -> bytes:
    """A self-relative security descriptor, as Windows lays it out."""
    control, at = 0x8000, 20
    owner_at = at if owner else 0
    body = binary_sid(owner) if owner else b""
    dacl_at = 0
    if aces is not None:
        control |= 0x0004
        dacl_at = at + len(body)
        listed = b"".join(aces)
        body += struct.pack("<BBHHH", 2, 0, 8 + len(listed), len(aces), 0) + listed
    return struct.pack("<BBHIIII", 1, 0, control, owner_at, 0, 0, dacl_at) + body


PROGRAM_FILES = [
    ace(INSTALLER, FULL),
    ace(SYSTEM, MODIFY),
    ace(ADMINS, MODIFY),
    ace(USERS, READ),
    ace(CREATOR, 0x10000000, flags=0xB),
    ace("S-1-15-2-1", READ),
]
"""As Windows installs it: ordinary users read, whoever makes something owns what he made."""
DRIVE_ROOT = [
    ace(ADMINS, FULL),
    ace(SYSTEM, FULL),
    ace(USERS, READ),
    ace(AUTHENTICATED, 0xE0010000, flags=0xB),
    ace(AUTHENTICATED, ADD_FOLDER),
]
"""As Windows installs it: any user may make folders there."""


@pytest.mark.parametrize(
    ("owner", "aces", "open_to_all"),
    [
        (INSTALLER, PROGRAM_FILES, False),
        (SYSTEM, [ace(ADMINS, FULL), ace(USERS, READ)], False),
        (SYSTEM, [], False),
        (INSTALLER, DRIVE_ROOT, True),
        (ADMINS, [ace(USERS, MODIFY)], True),
        (ADMINS, [ace(USERS, ADD_FILE)], True),
        (ADMINS, [ace(USERS, DELETE_CHILD)], True),
        (ADMINS, [ace(USERS, WRITE_DAC)], True),
        (ADMINS, [ace(USERS, WRITE_ATTRIBUTES)], True),
        (ADMINS, [ace(USERS, WRITE_EXTRAS)], True),
        (ADMINS, [ace(USERS, 0x40000000)], True),
        (ADMINS, [ace(EVERYONE, FULL)], True),
        (ADMINS, [ace("S-1-5-4", MODIFY)], True),
        (ADMINS, [ace("S-1-5-21-1-2-3-513", MODIFY)], True),
        (ADMINS, [ace(USERS, MODIFY, flags=INHERIT_ONLY)], False),
        (ADMINS, [ace(USERS, MODIFY, AUDIT)], False),
        (ADMINS, [ace(USERS, MODIFY, ALLOW_OBJECT)], True),
        (ADMINS, [ace(USERS, MODIFY, ALLOW_IF)], True),
        (ADMINS, [ace(USERS, FULL, DENY), ace(USERS, MODIFY)], False),
        (ADMINS, [ace(EVERYONE, FULL, DENY), ace(USERS, MODIFY)], False),
        (ADMINS, [ace(USERS, MODIFY), ace(USERS, FULL, DENY)], True),
        (ADMINS, [ace(ME, FULL, DENY), ace(USERS, MODIFY)], True),
        (ADMINS, None, True),
        (ME, [ace(ADMINS, FULL)], True),
        (None, [ace(ADMINS, FULL)], True),
    ],
    ids=[
        "program-files", "read-only", "nobody-at-all", "drive-root", "modify", "add-file",
        "delete-child", "change-the-list", "attributes", "extended-attributes", "generic-write",
        "everyone", "interactive",
        "domain-users", "for-what-is-made-inside", "audit", "object", "condition",
        "denied-before", "denied-to-everyone", "denied-too-late", "one-member-denied", "no-list",
        "owned-by-a-user", "no-owner",
    ],
)  # fmt: skip
def test_whether_an_ordinary_user_can_write(
    owner: str | None, aces: list[bytes] | None, open_to_all: bool
):
    assert others_write(parse(descriptor(owner, aces))) is open_to_all


@pytest.mark.parametrize(
    ("owner", "aces", "swapped"),
    [
        (INSTALLER, PROGRAM_FILES, False),
        (INSTALLER, DRIVE_ROOT, False),
        (ADMINS, [ace(USERS, ADD_FILE | ADD_FOLDER | WRITE_ATTRIBUTES)], False),
        (ADMINS, [ace(USERS, 0x40000000)], False),
        (ADMINS, [ace(USERS, DELETE_CHILD)], True),
        (ADMINS, [ace(USERS, DELETE)], True),
        (ADMINS, [ace(USERS, WRITE_DAC)], True),
        (ADMINS, [ace(USERS, WRITE_OWNER)], True),
        (ADMINS, [ace(USERS, 0x10000000)], True),
        (ADMINS, [ace(USERS, MODIFY)], True),
        (ADMINS, None, True),
        (ME, [ace(ADMINS, FULL)], True),
    ],
    ids=[
        "program-files", "drive-root", "adding", "generic-write", "delete-child", "delete",
        "change-the-list", "take-it", "generic-all", "modify", "no-list", "owned-by-a-user",
    ],
)  # fmt: skip
def test_who_may_only_add_to_a_folder_does_not_swap_what_is_in_it(
    owner: str | None, aces: list[bytes] | None, swapped: bool
):
    assert others_write(parse(descriptor(owner, aces)), rights=SWAPPING) is swapped


def test_my_own_folder_is_open_to_nobody_else():
    mine = parse(descriptor(ME, [ace(ME, FULL), ace(SYSTEM, FULL), ace(ADMINS, FULL)]))
    assert writers(mine) == {ME, SYSTEM, ADMINS}
    assert others_write(mine)
    assert not others_write(mine, ADMINISTRATIVE | {ME})


def test_takes_a_descriptor_apart():
    data = descriptor(SYSTEM, [ace(USERS, READ, flags=INHERIT_ONLY), ace(EVERYONE, FULL, DENY)])
    assert parse(data) == Descriptor(
        SYSTEM,
        (
            Entry(allows=True, inherit_only=True, mask=READ, sid=USERS),
            Entry(allows=False, inherit_only=False, mask=FULL, sid=EVERYONE),
        ),
    )


def test_a_sid_reads_as_people_write_it():
    assert sid_of(binary_sid(INSTALLER)) == INSTALLER
    with pytest.raises(ValueError, match="cut off"):
        sid_of(b"\1\5")


WHOLE = descriptor(INSTALLER, PROGRAM_FILES)


@pytest.mark.parametrize("length", range(0, len(WHOLE), 7))
def test_a_descriptor_that_is_cut_off_is_refused(length: int):
    with pytest.raises(ValueError, match="cut off"):
        parse(WHOLE[:length])


def test_one_that_is_not_self_relative_is_refused():
    with pytest.raises(ValueError, match="self-relative"):
        parse(b"\1\0\4\0" + bytes(16))


@given(st.binary(max_size=200), st.integers(0, len(WHOLE)))
def test_noise_never_makes_anything_but_an_answer_or_a_refusal(noise: bytes, at: int):
    for data in (noise, WHOLE[:at] + noise + WHOLE[at + len(noise) :]):
        try:
            found = parse(data)
        except ValueError:
            continue
        assert others_write(found) in {True, False}
