"""What only Windows knows, asked elsewhere: an ordinary user, and no fixed disk."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent.windows.rights import is_elevated
from agent.windows.volumes import WindowsVolumes


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_the_superuser_of_posix_is_an_ordinary_user(tmp_path: Path) -> None:
    assert not is_elevated()
    assert not WindowsVolumes().is_fixed_local(tmp_path)
