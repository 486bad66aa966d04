"""What the attribute bits and the reparse tag of a file say; pure.

https://learn.microsoft.com/windows/win32/fileio/file-attribute-constants
"""

from __future__ import annotations

READ_ONLY = 0x1
HIDDEN = 0x2
SYSTEM = 0x4
DIRECTORY = 0x10
ARCHIVE = 0x20
NORMAL = 0x80
REPARSE_POINT = 0x400
OFFLINE = 0x1000
RECALL_ON_OPEN = 0x40000
RECALL_ON_DATA_ACCESS = 0x400000
INVALID = 0xFFFFFFFF
"""What `GetFileAttributesW` answers for a failure."""

NAME_SURROGATE = 0x20000000
"""The bit of a tag that stands for another place: symbolic links and junctions, not cloud files.

https://learn.microsoft.com/windows/win32/fileio/reparse-point-tags
"""
KEPT = READ_ONLY | HIDDEN | SYSTEM | ARCHIVE
"""What people and programs set; the rest belongs to the file system."""


def is_placeholder(attributes: int) -> bool:
    """Its content is elsewhere: opening it would fetch it."""
    return bool(attributes & (OFFLINE | RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS))


def is_link(attributes: int, tag: int) -> bool:
    """A reparse point that leads elsewhere."""
    return bool(attributes & REPARSE_POINT) and bool(tag & NAME_SURROGATE)
