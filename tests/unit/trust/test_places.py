"""Trust from the place: a fixed local disk, or anything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.model import Trust
from agent.trust.places import Mount, PlaceVoucher, PortableVolumes, Voucher, mounts, trust_of

LINE = "{id} 1 {device} / {point} rw,relatime shared:1 - {kind} /dev/x rw\n"


@dataclass
class SimulatedVolumes:
    """Disks whose kind a test chooses."""

    fixed: set[Path] = field(default_factory=set)

    def is_fixed_local(self, path: Path) -> bool:
        return path in self.fixed


def test_a_fixed_disk_counts_as_installed_and_anything_else_as_adhoc(tmp_path: Path) -> None:
    volumes = SimulatedVolumes({tmp_path})
    assert trust_of(tmp_path, volumes=volumes) is Trust.INSTALLED
    volumes.fixed.clear()
    assert trust_of(tmp_path, volumes=volumes) is Trust.ADHOC


def test_the_bytes_of_a_document_say_nothing(tmp_path: Path) -> None:
    voucher: Voucher = PlaceVoucher(SimulatedVolumes({tmp_path}))
    assert voucher.trust_of(b'{"trust": "signed"}', tmp_path) is Trust.INSTALLED
    assert voucher.trust_of(b'{"trust": "signed"}', tmp_path / "x") is Trust.ADHOC


def portable(tmp_path: Path, *table: tuple[str, str, str]) -> PortableVolumes:
    """Volumes with mounts (point, file system, device)."""
    lines = (
        LINE.format(id=number, device=device, point=point, kind=kind)
        for number, (point, kind, device) in enumerate(table)
    )
    (tmp_path / "mountinfo").write_text("".join(lines))
    return PortableVolumes(tmp_path / "mountinfo", tmp_path / "block")


@pytest.mark.posix("a table of mounts")
@pytest.mark.parametrize(
    ("kind", "fixed"),
    [
        ("ext4", True),
        ("btrfs", True),
        ("overlay", True),
        ("tmpfs", True),
        ("fuseblk", True),
        ("cifs", False),
        ("nfs4", False),
        ("9p", False),
        ("fuse.sshfs", False),
        ("fuse.smbnetfs", False),
        ("fuse", False),
        ("vfat", False),
        ("exfat", False),
        ("iso9660", False),
    ],
)
def test_tells_a_disk_by_its_file_system(tmp_path: Path, kind: str, fixed: bool) -> None:
    volumes = portable(tmp_path, ("/", kind, "8:1"))
    assert volumes.is_fixed_local(tmp_path / "list.json") is fixed


@pytest.mark.posix("a table of mounts")
def test_the_innermost_mount_decides(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    volumes = portable(tmp_path, ("/", "ext4", "8:1"), (str(stick), "vfat", "8:17"))
    assert not volumes.is_fixed_local(stick / "a.json")
    assert volumes.is_fixed_local(tmp_path / "stick2" / "a.json")


@pytest.mark.posix("a table of mounts")
def test_of_two_mounts_on_one_place_the_last_decides(tmp_path: Path) -> None:
    assert not portable(tmp_path, ("/", "ext4", "8:1"), ("/", "nfs", "0:9")).is_fixed_local(
        tmp_path
    )
    assert portable(tmp_path, ("/", "nfs", "0:9"), ("/", "ext4", "8:1")).is_fixed_local(tmp_path)


@pytest.mark.posix("a table of mounts")
def test_a_link_counts_for_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "catalogue").symlink_to(tmp_path / "share")
    table = (("/", "ext4", "8:1"), (str(tmp_path / "share"), "cifs", "0:9"))
    assert not portable(tmp_path, *table).is_fixed_local(tmp_path / "catalogue" / "a.json")


@pytest.mark.posix("a table of mounts")
@pytest.mark.parametrize(("removable", "fixed"), [("1\n", False), ("0\n", True)])
def test_a_disk_that_the_kernel_calls_removable_is_not_fixed(
    tmp_path: Path, removable: str, fixed: bool
) -> None:
    partition = tmp_path / "devices" / "sdb" / "sdb1"
    partition.mkdir(parents=True)
    (partition.parent / "removable").write_text(removable)
    (tmp_path / "block").mkdir()
    (tmp_path / "block" / "8:17").symlink_to(partition)
    assert portable(tmp_path, ("/", "ext4", "8:17")).is_fixed_local(tmp_path) is fixed


def test_what_can_not_be_told_is_not_fixed(tmp_path: Path) -> None:
    assert not PortableVolumes(tmp_path / "absent").is_fixed_local(tmp_path)
    (tmp_path / "mountinfo").write_text("nonsense\n1 2 3 - \n")
    assert not PortableVolumes(tmp_path / "mountinfo").is_fixed_local(tmp_path)
    assert not portable(tmp_path, ("/", "ext4", "8:1")).is_fixed_local(Path("a\0b"))


def test_spaces_in_a_mount_point_are_read() -> None:
    line = LINE.format(id=1, device="8:17", point="/media/USB\\040STICK", kind="vfat")
    assert list(mounts(line)) == [Mount("/media/USB STICK", "8:17", "vfat")]
