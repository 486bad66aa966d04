"""Who may write, read from a security descriptor; pure, so that every case is tested anywhere.

Whoever is not certainly an administrator or the system counts as an ordinary user: a person's own
account, a group of a domain, a group that nobody here knows.

https://learn.microsoft.com/windows/win32/secauthz/security-descriptors
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

ADMINISTRATIVE = frozenset(
    {
        "S-1-5-18",  # the system
        "S-1-5-32-544",  # Administrators
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",  # TrustedInstaller
    }
)
"""https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers"""
EVERYONE = "S-1-1-0"
NOBODY = frozenset({"S-1-3-0", "S-1-3-1", "S-1-3-4"})
"""Creator owner and group stand in for others when something new is made, and the owner's rights
are those of the owner, who is judged by himself."""

_ALLOWED, _DENIED = 0x00, 0x01
_OTHER_ALLOWED = frozenset({0x04, 0x05, 0x09, 0x0B})
"""Compound, object and conditional entries that allow; their conditions are taken as met.

https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-ace_header
"""
_INHERIT_ONLY = 0x08
_ENTRY_HEAD = 8
"""Bytes before the SID: type, flags, size and mask."""
_DACL_PRESENT = 0x0004
_SELF_RELATIVE = 0x8000

_WRITE_DATA, _APPEND_DATA, _DELETE_CHILD = 0x2, 0x4, 0x40
_WRITE_EXTENDED, _WRITE_ATTRIBUTES = 0x10, 0x100
_DELETE, _WRITE_DAC, _WRITE_OWNER = 0x10000, 0x40000, 0x80000
_GENERIC_ALL, _GENERIC_WRITE, _MAXIMUM = 0x10000000, 0x40000000, 0x02000000
SWAPPING = _DELETE_CHILD | _DELETE | _WRITE_DAC | _WRITE_OWNER | _GENERIC_ALL | _MAXIMUM
"""Rights on a folder with any of which somebody can put another thing in the place of what is in
it. Who may only add to it can't: the name is taken, and a folder that is not empty becomes no
junction.

https://learn.microsoft.com/windows/win32/fileio/file-security-and-access-rights
"""
WRITING = (
    SWAPPING | _WRITE_DATA | _APPEND_DATA | _WRITE_EXTENDED | _WRITE_ATTRIBUTES | _GENERIC_WRITE
)
"""Rights with any of which somebody can change a file, a folder's content, or who may.

The right to write attributes is enough to make an empty folder a junction (MS-FSA 2.1.5.10.37).
https://learn.microsoft.com/openspecs/windows_protocols/ms-fsa/
https://learn.microsoft.com/windows/win32/fileio/file-access-rights-constants
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an access control list."""

    allows: bool
    inherit_only: bool
    """Counts for what is made inside, not here."""
    mask: int
    sid: str
    """Empty where the entry is of a kind that we can't take apart."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Owner and list of one file or folder."""

    owner: str | None
    entries: tuple[Entry, ...] | None
    """None: no list at all, everybody may do everything."""


def writers(descriptor: Descriptor, rights: int = WRITING) -> frozenset[str]:
    """The SIDs that have one of these rights there.

    The owner is among them, because he may change the list.

    An entry that denies counts against later ones for the same SID, and for everyone if it denies
    everyone; a denied group does not count against its members, who may have left it.
    """
    if descriptor.entries is None:
        return frozenset({EVERYONE})
    found = {descriptor.owner} if descriptor.owner else {EVERYONE}
    denied: dict[str, int] = {}
    for entry in descriptor.entries:
        if entry.inherit_only or entry.sid in NOBODY:
            continue
        if not entry.allows:
            denied[entry.sid] = denied.get(entry.sid, 0) | entry.mask
            continue
        left = entry.mask & ~denied.get(entry.sid, 0) & ~denied.get(EVERYONE, 0)
        if left & rights:
            found.add(entry.sid or EVERYONE)
    return frozenset(found)


def others_write(
    descriptor: Descriptor,
    trusted: AbstractSet[str] = ADMINISTRATIVE,
    *,
    rights: int = WRITING,
) -> bool:
    """Whether anybody but those who are trusted may write there.

    Args:
        descriptor: of the file or folder.
        trusted: SIDs.
        rights: any of which counts as writing.
    """
    return not writers(descriptor, rights) <= trusted


def parse(data: bytes) -> Descriptor:
    """A self-relative security descriptor, as `GetNamedSecurityInfoW` gives it.

    https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d

    Raises:
        ValueError: because it is cut off or not self-relative.
    """
    try:
        _revision, _, control, owner, _group, _sacl, dacl = struct.unpack_from("<BBHIIII", data)
        if not control & _SELF_RELATIVE:
            raise ValueError("not self-relative")
        name = _sid(data, owner)[0] if owner else None
        present = control & _DACL_PRESENT and dacl
        return Descriptor(name, tuple(_entries(data, dacl)) if present else None)
    except (struct.error, IndexError) as error:
        raise ValueError("cut off") from error


def _entries(data: bytes, at: int) -> Iterator[Entry]:
    """https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/20233ed8-a6c6-4097-aafa-dd545ed24428."""
    _revision, _, _size, count, _ = struct.unpack_from("<BBHHH", data, at)
    at += 8
    for _number in range(count):
        kind, flags, size = struct.unpack_from("<BBH", data, at)
        if size < _ENTRY_HEAD or at + size > len(data):
            raise ValueError("an entry is cut off")
        mask = struct.unpack_from("<I", data, at + 4)[0]
        inherit_only = bool(flags & _INHERIT_ONLY)
        if kind in (_ALLOWED, _DENIED):
            yield Entry(kind == _ALLOWED, inherit_only, mask, _sid(data, at + _ENTRY_HEAD)[0])
        elif kind in _OTHER_ALLOWED:
            yield Entry(allows=True, inherit_only=inherit_only, mask=mask, sid="")
        at += size


def _sid(data: bytes, at: int) -> tuple[str, int]:
    """A SID as text, and where it ends.

    https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
    """
    revision, count = data[at], data[at + 1]
    authority = int.from_bytes(data[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}I", data, at + 8)
    return "-".join(str(part) for part in ("S", revision, authority, *parts)), at + 8 + 4 * count


def sid_of(data: bytes) -> str:
    """A SID as text.

    Raises:
        ValueError: because it is cut off.
    """
    try:
        return _sid(data, 0)[0]
    except (struct.error, IndexError) as error:
        raise ValueError("cut off") from error
