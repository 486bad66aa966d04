"""A small practice: the same seven PCs, with software that is a twentieth of the size."""

from __future__ import annotations

import pytest

from agent.demo.software import Software, generate

SMALL_FILES = 60
SMALL_BYTES = (40, 400)


@pytest.fixture(scope="session")
def small() -> Software:
    return generate(SMALL_FILES, SMALL_BYTES)
