"""What the POSIX ports have beyond the contracts of `tests/contracts`."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from agent.model import FileId
from agent.ports import KnownFolder
from agent.posix.disks import PosixDisks
from agent.posix.folders import PosixFolders
from agent.posix.rights import PosixRights

pytestmark = pytest.mark.posix("its ports")
OTHER = 4_321
"""A user and a group that this machine need not know."""


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError) as caught:
        PosixDisks().read(str(tmp_path / "pipe"), 10)
    assert caught.value.errno == errno.EINVAL


def test_there_are_no_drives_to_sweep():
    assert PosixDisks().drives() == ()


def test_identity_is_that_of_the_system(tmp_path: Path):
    seen = tmp_path.stat()
    assert PosixDisks().identity(str(tmp_path)) == FileId(seen.st_dev, seen.st_ino)


@pytest.mark.parametrize(
    ("folder", "environment", "expected"),
    [
        (KnownFolder.PROFILE, {}, "/home/b"),
        (KnownFolder.DESKTOP, {}, "/home/b/Desktop"),
        (KnownFolder.LOCAL, {}, "/home/b/.local/share"),
        (KnownFolder.LOCAL, {"XDG_DATA_HOME": "/data"}, "/data"),
        (KnownFolder.ROAMING, {"XDG_CONFIG_HOME": "/config"}, "/config"),
        (KnownFolder.WINDOWS, {}, None),
        (KnownFolder.PROGRAM_FILES, {}, None),
    ],
)
def test_folders_are_where_the_desktop_keeps_them(folder, environment, expected):
    assert PosixFolders(Path("/home/b"), environment).known(folder) == expected


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize(
    ("owner", "group", "mode", "ordinary"),
    [
        (0, 0, 0o755, False),
        (0, 0, 0o775, False),
        (0, OTHER, 0o755, False),
        (0, OTHER, 0o775, True),
        (0, 0, 0o757, True),
        (OTHER, 0, 0o700, True),
    ],
    ids=["root", "root's group", "another group reads", "another group writes", "all", "a user"],
)
def test_ordinary_users_write_by_owner_and_mode(tmp_path, owner, group, mode, ordinary):
    os.chown(tmp_path, owner, group)
    tmp_path.chmod(mode)
    assert PosixRights().ordinary_can_write(str(tmp_path)) is ordinary


def test_a_file_is_no_folder_to_write_in(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    assert not PosixRights().can_write(str(tmp_path / "file"))
