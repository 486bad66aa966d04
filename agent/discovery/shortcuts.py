"""Reading one Windows shortcut (``.lnk``) as far as a search needs it; nothing is ever resolved.

Behind this narrow function stands LnkParse3. Its parts are used one by one, because the whole
parser is quadratic on damaged files and skips two characters of a unicode path suffix (1.6.0).
The format: https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink/
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_BLOCKS = 64
"""Extra data blocks of one shortcut that are read."""
MAX_ITEMS = 64
"""Items of a target's ID list that are read."""
MAX_CHARACTERS = 2_048
"""Bytes of one zero-ended text that are looked through."""

_BLOCK_HEADER = struct.Struct("<II")
_ITEM_SIZE = struct.Struct("<H")
_SMALLEST_ITEM = 3
_ENVIRONMENT, _TRACKER, _DARWIN = 0xA0000001, 0xA0000003, 0xA0000006
_NET_FLAG = 0x0002
_SHORT_HEADER = 20
"""Bytes of a network link without unicode names."""
_PREFER_ENVIRONMENT = "PreferEnvironmentPath"
_GUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
_ICON_OF_PRODUCT = re.compile(r"\\Installer\\\{(" + _GUID.pattern + r")\}\\", re.IGNORECASE)


class NotAShortcutError(ValueError):
    """The bytes are no shortcut, or too damaged to tell."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a shortcut says about where it leads."""

    targets: tuple[str, ...] = ()
    """Ways in which it names its target, best first; variables not filled in."""
    arguments: str | None = None
    working_folder: str | None = None
    icon: str | None = None
    machine: str | None = None
    """NetBIOS name of the PC on which it was made or last followed."""
    product_code: str | None = None
    """Of an advertised shortcut: GUID of the MSI product, upper case, without braces."""
    component_code: str | None = None
    """Of an advertised shortcut: GUID of the MSI component that holds the program."""


def read_shortcut(data: bytes) -> Shortcut:
    """Take a shortcut apart.

    Args:
        data: the whole file; the caller caps its size.

    Raises:
        NotAShortcutError: because the bytes can't be read as a shortcut, whatever is wrong.
    """
    # The library warns of every oddity of every vendor. Not `catch_warnings`: that is not safe in
    # the threads in which probes run; the same filter twice is one filter.
    warnings.filterwarnings("ignore", module=r"LnkParse3\.")
    try:
        return _Parts(data).shortcut()
    except NotAShortcutError:
        raise
    except Exception as error:
        # The library raises whatever its arithmetic met: struct.error, IndexError, KeyError …
        raise NotAShortcutError(type(error).__name__) from error


@dataclass
class _Parts:
    """The structures of one file, in their order."""

    data: bytes
    header: Any = field(init=False)
    items: bytes = field(init=False, default=b"")
    info: bytes = field(init=False, default=b"")
    texts: dict[str, str] = field(init=False, default_factory=dict)
    rest: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        from LnkParse3.lnk_header import LnkHeader  # noqa: PLC0415 - 37 ms that few searches need
        from LnkParse3.string_data import StringData  # noqa: PLC0415

        if not self.data:
            raise NotAShortcutError("empty")
        self.header = LnkHeader(indata=self.data)
        flags = set(self.header.link_flags())
        if self.header.link_cls_id() != "00021401-0000-0000-C000-000000000046":
            raise NotAShortcutError("class")
        at = self.header.size()
        if "HasTargetIDList" in flags:
            end = at + 2 + _ITEM_SIZE.unpack_from(self.data, at)[0]
            self.items, at = self.data[at + 2 : end], end
        if "HasLinkInfo" in flags:
            end = at + _BLOCK_HEADER.unpack_from(self.data, at)[0]
            self.info, at = self.data[at:end], end
        if "ForceNoLinkInfo" in flags:
            self.info = b""
        read = StringData(_Flags(flags), indata=self.data[at:])
        self.texts = {name: str(text) for name, text in read.as_dict().items() if text}
        self.rest = self.data[at + read.size() :]
        self.prefers_environment = _PREFER_ENVIRONMENT in flags

    def shortcut(self) -> Shortcut:
        blocks = dict(self._blocks())
        environment = _environment(blocks.get(_ENVIRONMENT))
        located = _quietly(_located, self.info)
        named = _quietly(_named_items, self.items)
        order = (environment, located) if self.prefers_environment else (located, environment)
        product, component = _advertised(blocks.get(_DARWIN))
        icon = self.texts.get("icon_location")
        by_icon = _ICON_OF_PRODUCT.search(icon or "")
        return Shortcut(
            targets=tuple(dict.fromkeys(one for one in (*order, named) if one)),
            arguments=self.texts.get("command_line_arguments"),
            working_folder=self.texts.get("working_directory"),
            icon=icon,
            machine=_machine(blocks.get(_TRACKER)),
            product_code=product or (by_icon[1].upper() if by_icon else None),
            component_code=component,
        )

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        rest = self.rest
        for _ in range(MAX_BLOCKS):
            if len(rest) < _BLOCK_HEADER.size:
                return
            size, signature = _BLOCK_HEADER.unpack_from(rest)
            if size < _BLOCK_HEADER.size:
                return
            yield signature, rest[:size]
            rest = rest[size:]


@dataclass
class _Flags:
    """What `StringData` asks of the file it belongs to."""

    flags: set[str]

    def is_unicode(self) -> bool:
        return "IsUnicode" in self.flags

    def has_name(self) -> bool:
        return "HasName" in self.flags

    def has_relative_path(self) -> bool:
        return "HasRelativePath" in self.flags

    def has_working_dir(self) -> bool:
        return "HasWorkingDir" in self.flags

    def has_arguments(self) -> bool:
        return "HasArguments" in self.flags

    def has_icon_location(self) -> bool:
        return "HasIconLocation" in self.flags


def _quietly(read: Any, raw: bytes) -> str | None:
    """One way of naming the target; when it is damaged another may still be whole."""
    try:
        return read(raw) if raw else None
    except (struct.error, ValueError, IndexError, KeyError, TypeError):
        return None


def _located(raw: bytes) -> str | None:
    """The target by its LinkInfo: a local path, or a share and what follows it."""
    from LnkParse3.info.local import Local  # noqa: PLC0415
    from LnkParse3.info.network import Network  # noqa: PLC0415
    from LnkParse3.info_factory import InfoFactory  # noqa: PLC0415
    from LnkParse3.lnk_info import LnkInfo  # noqa: PLC0415

    kind = InfoFactory(LnkInfo(indata=raw)).info_class()
    if kind is None:
        return None
    info = kind(indata=raw)
    base: str | None = None
    if isinstance(info, Local):
        base = _wide_at(raw, info.local_base_path_offset_unicode()) or info.local_base_path()
    elif isinstance(info, Network):
        base = _net_name(raw, info.common_network_relative_link_offset())
    if not base:
        return None
    suffix = _wide_at(raw, info.common_path_suffix_offset_unicode())
    if suffix is None:
        suffix = info.common_path_suffix()
    return base if not suffix else f"{base.rstrip(chr(92))}\\{suffix}"


def _net_name(raw: bytes, at: int) -> str | None:
    """The share of a network link; unicode where it is there."""
    size, _, name_at = struct.unpack_from("<III", raw, at)
    link = raw[at : at + size]
    if name_at > _SHORT_HEADER:
        wide = _wide_at(link, struct.unpack_from("<I", link, _SHORT_HEADER)[0])
        if wide:
            return wide
    return _narrow_at(link, name_at)


def _wide_at(raw: bytes, at: int | None) -> str | None:
    if not at or at >= len(raw):
        return None
    piece = raw[at : at + MAX_CHARACTERS]
    return piece[: len(piece) & ~1].decode("utf-16-le", "replace").split("\0", 1)[0]


def _narrow_at(raw: bytes, at: int) -> str | None:
    piece = raw[at : at + MAX_CHARACTERS].split(b"\0", 1)[0]
    return piece.decode("cp1252", "replace") or None


def _named_items(raw: bytes) -> str | None:
    """The target by the names in its ID list: a volume, then folders; old 8.3 names at times."""
    from LnkParse3.target.my_computer import MyComputer  # noqa: PLC0415
    from LnkParse3.target.shell_fs_folder import ShellFSFolder  # noqa: PLC0415
    from LnkParse3.target_factory import TargetFactory  # noqa: PLC0415

    drive, names = None, []
    for item in _items(raw):
        kind = TargetFactory(indata=item).target_class()
        if kind is MyComputer:
            drive = MyComputer(indata=item).volume_name()
        elif kind is ShellFSFolder:
            names.append(str(ShellFSFolder(indata=item).primary_name()))
    return "\\".join((drive.rstrip("\\"), *names)) if drive and names else None


def _items(raw: bytes) -> Iterator[bytes]:
    for _ in range(MAX_ITEMS):
        size = _ITEM_SIZE.unpack_from(raw)[0] if len(raw) > _SMALLEST_ITEM else 0
        if size < _SMALLEST_ITEM:
            return
        yield raw[:size]
        raw = raw[size:]


def _environment(block: bytes | None) -> str | None:
    from LnkParse3.extra.environment import Environment  # noqa: PLC0415

    if block is None:
        return None
    read = Environment(indata=block)
    return read.target_unicode() or read.target_ansi() or None


def _machine(block: bytes | None) -> str | None:
    from LnkParse3.extra.distributed_tracker import DistributedTracker  # noqa: PLC0415

    return DistributedTracker(indata=block).machine_id() or None if block is not None else None


def _advertised(block: bytes | None) -> tuple[str | None, str | None]:
    """Product and component of an advertised shortcut; None for what is not there or damaged."""
    from LnkParse3.extra.darwin import Darwin  # noqa: PLC0415

    if block is None:
        return None, None
    read = Darwin(indata=block)
    return _guid(read.product_code_id), _guid(read.component_id)


def _guid(read: Any) -> str | None:
    try:
        text = read()
    except (ValueError, IndexError):
        return None
    return text.upper() if text and _GUID.fullmatch(text) else None
