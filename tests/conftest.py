"""What holds for every test: no time limits on examples, the same examples in CI, no real state."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")


def pytest_runtest_setup(item):
    """What Windows has not is not tried there; the marker says what it is."""
    marker = item.get_closest_marker("posix")
    if marker is not None and os.name == "nt":
        pytest.skip(f"POSIX only: {marker.args[0]}")


@pytest.fixture(autouse=True)
def _state_of_nobody(tmp_path_factory, monkeypatch):
    """No test reads or writes the state of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    monkeypatch.delenv("WERKPLEK_STATE", raising=False)
