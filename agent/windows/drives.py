r"""The drive letters of this PC: what sort of disk each is, and what `subst` and `net use` made.

No question here touches the network, and none waits for somebody to put in a disc.
https://learn.microsoft.com/windows/win32/fileio/volume-management-functions
"""

from __future__ import annotations

import ctypes
import string
from contextlib import suppress
from ctypes.wintypes import DWORD

from agent.ports import Drive, DriveKind, Hive, Key
from agent.windows import api
from agent.windows.opening import opened, quiet_errors
from agent.windows.registry import WindowsRegistry

KINDS = {
    2: DriveKind.REMOVABLE,
    3: DriveKind.FIXED,
    4: DriveKind.NETWORK,
    5: DriveKind.OPTICAL,
    6: DriveKind.RAM,
}
"""https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew"""
OUTSIDE_BUSES = frozenset({4, 7, 12})
"""IEEE 1394, USB, SD: a disk on one of these can be taken along, whatever type Windows shows.

https://learn.microsoft.com/windows-hardware/drivers/ddi/ntddstor/ne-ntddstor-storage_bus_type
"""
_QUERY_PROPERTY = 0x2D1400
"""``IOCTL_STORAGE_QUERY_PROPERTY``."""
_BUS_OFFSET = 28
"""Of ``BusType`` in ``STORAGE_DEVICE_DESCRIPTOR``."""
_DESCRIPTOR_BYTES = 1024
_QUERY_BYTES = 12
"""``STORAGE_PROPERTY_QUERY`` with everything 0: the device, by the standard query."""
_DEVICE_CHARACTERS = 4096
_SUBST = "\\??\\"


def drives() -> tuple[Drive, ...]:
    """Every letter, in their order.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getlogicaldrives
    """
    mask = api.GetLogicalDrives()
    with quiet_errors():
        return tuple(
            _drive(letter) for bit, letter in enumerate(string.ascii_uppercase) if mask >> bit & 1
        )


def kind_of(root: str) -> DriveKind:
    r"""What sort of disk a drive or volume is, its bus looked at too.

    Args:
        root: ``C:\``, or the folder where a volume is mounted, with ``\`` at its end.
    """
    kind = KINDS.get(api.GetDriveTypeW(root), DriveKind.UNKNOWN)
    if kind is DriveKind.FIXED and bus_of(root) in OUTSIDE_BUSES:
        return DriveKind.REMOVABLE
    return kind


def bus_of(root: str) -> int | None:
    r"""The number of the bus that a disk is on; None where its driver does not say.

    https://learn.microsoft.com/windows/win32/api/winioctl/ni-winioctl-ioctl_storage_query_property

    Args:
        root: ``C:\``, or the folder where a volume is mounted, with ``\`` at its end.
    """
    query = (ctypes.c_ubyte * _QUERY_BYTES)()
    answer = (ctypes.c_ubyte * _DESCRIPTOR_BYTES)()
    size = DWORD()
    with suppress(OSError), opened(_device(root), 0) as device:
        api.DeviceIoControl.succeed(
            device, _QUERY_PROPERTY, ctypes.byref(query), _QUERY_BYTES,
            ctypes.byref(answer), _DESCRIPTOR_BYTES, ctypes.byref(size), None,
        )  # fmt: skip
        return bus_in(bytes(answer)[: size.value])
    return None


def _device(root: str) -> str:
    r"""The name under which the volume itself is opened, without asking for any right.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumenameforvolumemountpointw
    """
    if len(root) == len("C:\\"):
        return "\\\\.\\" + root.rstrip("\\")
    buffer = ctypes.create_unicode_buffer(_DEVICE_CHARACTERS)
    api.GetVolumeNameForVolumeMountPointW.succeed(root, buffer, _DEVICE_CHARACTERS, path=root)
    return buffer.value.rstrip("\\")


def bus_in(descriptor: bytes) -> int | None:
    """``BusType`` of a ``STORAGE_DEVICE_DESCRIPTOR``; None where the driver cut it off.

    https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-storage_device_descriptor
    """
    if len(descriptor) < _BUS_OFFSET + 4:
        return None
    return int.from_bytes(descriptor[_BUS_OFFSET : _BUS_OFFSET + 4], "little")


def _drive(letter: str) -> Drive:
    root = f"{letter}:\\"
    alias = _alias(letter)
    if alias is not None and not alias.startswith("\\\\"):
        return Drive(root, KINDS.get(api.GetDriveTypeW(root), DriveKind.UNKNOWN), alias_of=alias)
    kind = kind_of(root)
    if kind is DriveKind.NETWORK:  # whether it answers is asked by who wants something of it
        return Drive(root, kind, alias_of=alias)
    return Drive(root, kind, ready=_is_ready(root), alias_of=alias)


def _is_ready(root: str) -> bool:
    """An empty card reader answers 21, a locked drive its own number.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumeinformationw
    """
    return bool(api.GetVolumeInformationW(root, None, 0, None, None, None, None, 0))


def _alias(letter: str) -> str | None:
    """What `subst` or a mapped letter stands for.

    https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-querydosdevicew
    """
    buffer = ctypes.create_unicode_buffer(_DEVICE_CHARACTERS)
    if api.QueryDosDeviceW(f"{letter}:", buffer, _DEVICE_CHARACTERS):
        alias = substituted(buffer.value)
        if alias is not None:
            return alias
    if KINDS.get(api.GetDriveTypeW(f"{letter}:\\")) is not DriveKind.NETWORK:
        return None
    return _connection(letter)


def substituted(device: str) -> str | None:
    r"""The folder or share behind a letter that `subst` made; None for a device.

    Args:
        device: what `QueryDosDeviceW` says: ``\??\D:\Folder``, ``\??\UNC\HOST\Share\Folder``.
    """
    if not device.startswith(_SUBST):
        return None
    target = device[len(_SUBST) :]
    if target.upper().startswith("UNC\\"):
        return "\\\\" + target[len("UNC\\") :]
    return target if target[1:3] == ":\\" else None


def _connection(letter: str) -> str | None:
    r"""The share behind a mapped letter, from this logon's own list; no network is asked.

    https://learn.microsoft.com/windows/win32/api/winnetwk/nf-winnetwk-wnetgetconnectionw
    """
    buffer = ctypes.create_unicode_buffer(_DEVICE_CHARACTERS)
    size = DWORD(_DEVICE_CHARACTERS)
    with suppress(OSError):
        answer = api.WNetGetConnectionW(f"{letter}:", buffer, ctypes.byref(size))
        if answer == api.NO_ERROR and buffer.value:
            return buffer.value
    with suppress(OSError):
        kept = WindowsRegistry().values(Key(Hive.USER, f"Network\\{letter}")).get("RemotePath")
        return kept.text if kept is not None else None
    return None
