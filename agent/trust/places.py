"""Who vouches for a manifest, from the place it lies in; never from a word in it.

A fixed local disk counts as put there by IT. A removable disk or a share counts as nobody: the
list is then `adhoc`. Something that can't be told is not fixed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.model import Trust
from agent.ports import Volumes


class Voucher(Protocol):
    """One way of vouching for a manifest; a signature will be another beside the place."""

    def trust_of(self, data: bytes, path: Path) -> Trust | None:
        """The trust that this way gives to a document, None when it says nothing about it."""
        ...


def trust_of(path: Path, *, volumes: Volumes) -> Trust:
    """`installed` on a fixed local disk, `adhoc` anywhere else."""
    return Trust.INSTALLED if volumes.is_fixed_local(path) else Trust.ADHOC


@dataclass(frozen=True, slots=True)
class PlaceVoucher:
    """Vouches by place alone."""

    volumes: Volumes

    def trust_of(self, data: bytes, path: Path) -> Trust | None:
        """See `trust_of`; the bytes do not matter."""
        del data
        return trust_of(path, volumes=self.volumes)


NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "ncpfs", "afs", "9p", "ceph", "glusterfs"}
    | {"lustre", "ocfs2", "gfs2", "davfs", "coda", "virtiofs", "vboxsf", "prl_fs", "autofs"}
)
REMOVABLE_FILE_SYSTEMS = frozenset({"vfat", "msdos", "exfat", "iso9660", "udf", "hfsplus"})
"""What sticks, cards and discs are formatted with."""
LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs"})
"""FUSE on a disk of this PC (`fuseblk` is how ntfs-3g shows); any other may be far away."""

_OCTAL = re.compile(r"\\([0-7]{3})")
_SEPARATOR = "-"
_MOUNT_FIELDS = 5
"""Fields of a line in mountinfo up to the mount point."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of ``/proc/self/mountinfo``."""

    point: str
    device: str
    """``major:minor``."""
    file_system: str


@dataclass(frozen=True, slots=True)
class PortableVolumes:
    """Asks the kernel's list of mounts; where there is none, nothing is fixed.

    https://www.kernel.org/doc/html/latest/filesystems/proc.html#proc-pid-mountinfo
    """

    mountinfo: Path = Path("/proc/self/mountinfo")
    block_devices: Path = Path("/sys/dev/block")

    def is_fixed_local(self, path: Path) -> bool:
        """Whether the path, links followed, is on a disk that is built into this PC."""
        try:
            mount = self._mount_of(os.path.realpath(path))
        except (OSError, ValueError):
            return False
        if mount is None or not _is_local(mount.file_system):
            return False
        return not self._is_removable(mount.device)

    def _mount_of(self, path: str) -> Mount | None:
        """The longest mount point above the path; of equal ones the last, it covers the others."""
        found: Mount | None = None
        for mount in mounts(self.mountinfo.read_text(encoding="utf-8", errors="surrogateescape")):
            above = mount.point.rstrip("/") + "/"
            inside = path == mount.point or path.startswith(above)
            if inside and (found is None or len(mount.point) >= len(found.point)):
                found = mount
        return found

    def _is_removable(self, device: str) -> bool:
        """What the kernel says of the disk, or of the disk that a partition is on."""
        entry = Path(os.path.realpath(self.block_devices / device))
        for folder in (entry, entry.parent):
            try:
                return (folder / "removable").read_text(encoding="ascii").strip() == "1"
            except (OSError, ValueError):
                continue
        return False


def _is_local(file_system: str) -> bool:
    if file_system in NETWORK_FILE_SYSTEMS or file_system in REMOVABLE_FILE_SYSTEMS:
        return False
    return not file_system.startswith("fuse") or file_system in LOCAL_FUSE


def mounts(mountinfo: str) -> Iterator[Mount]:
    """The mounts in the kernel's list; lines that make no sense are passed over."""
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if _SEPARATOR not in fields[_MOUNT_FIELDS:]:
            continue
        separator = fields.index(_SEPARATOR, _MOUNT_FIELDS)
        if separator + 1 < len(fields):
            point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4])
            yield Mount(point, fields[2], fields[separator + 1])
