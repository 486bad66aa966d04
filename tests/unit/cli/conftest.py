"""One PC per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.workstation import Workstation, workstation


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workstation:
    return workstation(tmp_path, monkeypatch)
