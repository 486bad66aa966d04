"""One PC per test."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.simulators.clock import Clock
from tests.unit.workflow.practice import Practice
from tests.unit.workstation import Workstation, workstation


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workstation:
    return workstation(tmp_path, monkeypatch)


@pytest.fixture
def clock(pc: Workstation) -> Clock:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    pc.overrides["clock"] = clock
    return clock


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Practice:
    return Practice(tmp_path, monkeypatch)
