"""Mounted file systems and the product for the lanes `ntfs` and `exfat`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks.images import Format, Volume, volume
from tests.disks.practice import DiskPc, product
from tests.real.practice import Product


@pytest.fixture(scope="session")
def medicom(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """With names that every file system but FAT32 takes here."""
    return product(tmp_path_factory.mktemp("medicom"))


@pytest.fixture
def ntfs(tmp_path: Path) -> Iterator[Volume]:
    with volume(Format.NTFS, tmp_path) as mounted:
        yield mounted


@pytest.fixture
def pc(ntfs: Volume, medicom: Product, tmp_path: Path) -> DiskPc:
    """A PC with its program folder on NTFS, nothing installed yet."""
    return DiskPc(medicom, tmp_path / "BALIE-1", volume=ntfs)


@pytest.fixture(params=[Format.EXFAT, Format.FAT32], ids=lambda kind: kind.name.lower())
def stick(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Volume]:
    """A stick of each kind, empty."""
    with volume(request.param, tmp_path) as mounted:
        yield mounted


@pytest.fixture
def plain_medicom(stick: Volume, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """With names that this stick takes."""
    return product(tmp_path_factory.mktemp("medicom"), stick.kind.letter)
