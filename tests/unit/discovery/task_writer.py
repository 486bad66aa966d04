"""Scheduled tasks as Windows writes them, for tests."""

from __future__ import annotations

import struct

PROGRAM = "C:\\PharmaPartners\\update.exe"
SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def xml(
    command: str = PROGRAM, *, more: str = "", principal: str = "<UserId>S-1-5-18</UserId>"
) -> bytes:
    """A task file: UTF-16 with its mark."""
    text = (
        f'<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="{SPACE}">'
        f'<Principals><Principal id="A">{principal}</Principal></Principals>'
        f"<Actions><Exec><Command>{command}</Command>{more}</Exec></Actions></Task>"
    )
    return b"\xff\xfe" + text.encode("utf-16-le")


def actions(command: str, arguments: str = "", folder: str = "", version: int = 3) -> bytes:
    """The actions of a task in the registry."""

    def text(value: str) -> bytes:
        data = value.encode("utf-16-le")
        return struct.pack("<I", len(data)) + data

    start = struct.pack("<H", version) + (text("LocalSystem") if version == 3 else b"")
    body = b"".join(map(text, ("", command, arguments, folder)))
    return start + struct.pack("<H", 0x6666) + body + (bytes(2) if version == 3 else b"")
