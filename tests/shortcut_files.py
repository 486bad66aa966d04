"""Writing real Windows shortcuts (``.lnk``) for tests, byte by byte as the vendor describes them.

https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink/
"""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass

CLASS = uuid.UUID("00021401-0000-0000-C000-000000000046")
MY_COMPUTER = uuid.UUID("20D04FE0-3AEA-1069-A2D8-08002B30309D")
DIGITS = "!$%&'()*+,-.0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~"
"""The 85 digits in which an advertised shortcut spells a GUID, least significant first."""

HAS_ITEMS, HAS_INFO, HAS_NAME, HAS_FOLDER = 0x01, 0x02, 0x04, 0x10
HAS_ARGUMENTS, HAS_ICON, IS_UNICODE = 0x20, 0x40, 0x80
HAS_ENVIRONMENT, HAS_DARWIN, PREFER_ENVIRONMENT = 0x200, 0x1000, 0x02000000


@dataclass(frozen=True, kw_only=True)
class ShortcutFile:
    """One shortcut; every part that is None is left out of the file."""

    local: str | None = None
    """Local path in the LinkInfo, in the code page and, where that can't say it, in unicode."""
    share: str | None = None
    """``\\\\HOST\\Share`` in the LinkInfo; `suffix` follows it."""
    suffix: str = ""
    device: str | None = None
    """Letter under which the share was mapped: ``H:``."""
    environment: str | None = None
    """Path with variables in an environment block."""
    prefer_environment: bool = False
    items: str | None = None
    """Local path as an ID list."""
    product: str | None = None
    """Advertised: GUID of the MSI product."""
    feature: str = "Main"
    component: str | None = None
    """Advertised: GUID of the MSI component."""
    name: str | None = None
    folder: str | None = None
    """Working directory."""
    arguments: str | None = None
    icon: str | None = None
    machine: str | None = None
    """Name of the PC on which it was made."""
    serial: int = 0x5EEDC0DE
    """Of the volume with the target."""
    unicode: bool = True

    def to_bytes(self) -> bytes:
        """The file."""
        return b"".join(
            (self._header(), self._items(), self._info(), self._texts(), self._blocks())
        )

    def _header(self) -> bytes:
        given = {
            HAS_ITEMS: self.items,
            HAS_INFO: self.local or self.share,
            HAS_NAME: self.name,
            HAS_FOLDER: self.folder,
            HAS_ARGUMENTS: self.arguments,
            HAS_ICON: self.icon,
            IS_UNICODE: self.unicode or None,
            HAS_ENVIRONMENT: self.environment,
            HAS_DARWIN: self.product,
            PREFER_ENVIRONMENT: self.prefer_environment or None,
        }
        flags = sum(flag for flag, part in given.items() if part is not None)
        times = struct.pack("<3Q", *(133_000_000_000_000_000,) * 3)
        tail = struct.pack("<IiIHHII", 4096, 0, 1, 0, 0, 0, 0)
        return (
            struct.pack("<I", 0x4C)
            + CLASS.bytes_le
            + struct.pack("<II", flags, 0x20)
            + times
            + tail
        )

    def _items(self) -> bytes:
        if self.items is None:
            return b""
        drive, *names = self.items.split("\\")
        volume = b"\x2f" + f"{drive}\\".encode().ljust(22, b"\0")
        listed = [b"\x1f\x50" + MY_COMPUTER.bytes_le, volume]
        for place, name in enumerate(names, start=1):
            kind = b"\x36" if place == len(names) else b"\x35"
            listed.append(kind + b"\0" + struct.pack("<IIH", 0, 0, 0x20) + _wide(name))
        whole = b"".join(struct.pack("<H", len(one) + 2) + one for one in listed) + b"\0\0"
        return struct.pack("<H", len(whole)) + whole

    def _info(self) -> bytes:
        if self.local is not None:
            return _local_info(self.local, self.suffix, self.serial)
        return (
            _network_info(self.share, self.suffix, self.device) if self.share is not None else b""
        )

    def _texts(self) -> bytes:
        written = b""
        for text in (self.name, self.folder, self.arguments, self.icon):
            if text is not None:
                data = text.encode("utf-16-le" if self.unicode else "cp1252")
                written += struct.pack("<H", len(text)) + data
        return written

    def _blocks(self) -> bytes:
        written = b""
        if self.environment is not None:
            written += _text_block(0xA0000001, self.environment)
        if self.product is not None:
            written += _text_block(0xA0000006, self._descriptor())
        if self.machine is not None:
            droids = b"".join(uuid.UUID(int=number).bytes_le for number in range(1, 5))
            body = struct.pack("<II", 0x58, 0) + self.machine.encode().ljust(16, b"\0") + droids
            written += struct.pack("<II", 0x60, 0xA0000003) + body
        return written + bytes(4)

    def _descriptor(self) -> str:
        start = darwin(self.product or "") + self.feature
        return start + (">" + darwin(self.component) if self.component is not None else "<")


def darwin(code: str) -> str:
    """A GUID in the 20 characters of an advertised shortcut."""
    written = ""
    for number in struct.unpack("<4I", uuid.UUID(code).bytes_le):
        for _ in range(5):
            number, digit = divmod(number, 85)  # noqa: PLW2901 - the next digit of the same number
            written += DIGITS[digit]
    return written


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def _narrow(text: str) -> bytes:
    return text.encode("cp1252", "replace") + b"\0"


def _needs_unicode(*texts: str) -> bool:
    return any(not text.isascii() for text in texts)


def _local_info(local: str, suffix: str, serial: int) -> bytes:
    volume = struct.pack("<IIII", 0x11, 3, serial, 0x10) + b"\0"
    wide = _needs_unicode(local, suffix)
    header = 0x24 if wide else 0x1C
    pieces = [volume, _narrow(local), _narrow(suffix)]
    pieces += [_wide(local), _wide(suffix)] if wide else []
    places = _places(header, pieces)
    offsets = [places[0], places[1], 0, places[2], *(places[3:] if wide else ())]
    return _sized(header, 0x01, offsets, pieces)


def _network_info(share: str, suffix: str, device: str | None) -> bytes:
    wide = _needs_unicode(share, suffix)
    header = 0x24 if wide else 0x1C
    pieces = [_network_link(share, device, wide=wide), _narrow(suffix)]
    pieces += [_wide(suffix)] if wide else []
    places = _places(header, pieces)
    offsets = [0, 0, places[0], places[1], *((0, places[2]) if wide else ())]
    return _sized(header, 0x02, offsets, pieces)


def _network_link(share: str, device: str | None, *, wide: bool) -> bytes:
    header = 28 if wide else 20
    pieces = [_narrow(share), _narrow(device or "")]
    pieces += [_wide(share), _wide(device or "")] if wide else []
    places = _places(header, pieces)
    size = header + sum(map(len, pieces))
    flags = 0x02 | (0x01 if device is not None else 0)
    start = struct.pack(
        "<IIIII", size, flags, places[0], places[1] if device is not None else 0, 0x20000
    )
    return start + (struct.pack("<II", *places[2:]) if wide else b"") + b"".join(pieces)


def _places(header: int, pieces: list[bytes]) -> list[int]:
    return [header + sum(map(len, pieces[:count])) for count in range(len(pieces))]


def _sized(header: int, flags: int, offsets: list[int], pieces: list[bytes]) -> bytes:
    body = b"".join(pieces)
    start = struct.pack("<III", header + len(body), header, flags)
    return start + struct.pack(f"<{len(offsets)}I", *offsets) + body


def _text_block(signature: int, text: str) -> bytes:
    narrow = text.encode("cp1252", "replace")[:259].ljust(260, b"\0")
    wide = text.encode("utf-16-le")[:518].ljust(520, b"\0")
    return struct.pack("<II", 0x314, signature) + narrow + wide
