"""agent.windows.priority: lower, and back where the system allows it."""

from __future__ import annotations

import psutil
import pytest

from agent.windows.priority import NICER, lower_priority


class _Process:
    """A process whose priority is a number, which it may not be allowed to change."""

    def __init__(self, refused: Exception | None = None) -> None:
        self.value, self.refused = 0, refused

    def nice(self, value: int | None = None) -> int | None:
        if value is None:
            return self.value
        if self.refused is not None:
            raise self.refused
        self.value = value
        return None


def lowered(monkeypatch: pytest.MonkeyPatch, process: _Process):
    monkeypatch.setattr(psutil, "Process", lambda: process)
    monkeypatch.setattr(psutil, "WINDOWS", False)
    return lower_priority()


def test_goes_down_and_comes_back(monkeypatch: pytest.MonkeyPatch):
    process = _Process()
    restore = lowered(monkeypatch, process)
    assert process.value == NICER
    restore()
    assert process.value == 0


def test_a_system_that_refuses_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    process = _Process(psutil.AccessDenied(1))
    lowered(monkeypatch, process)()
    assert process.value == 0


def test_a_system_that_does_not_give_it_back_is_no_fault(monkeypatch: pytest.MonkeyPatch):
    process = _Process()
    restore = lowered(monkeypatch, process)
    process.refused = psutil.AccessDenied(1)
    restore()
    assert process.value == NICER
