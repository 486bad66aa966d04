"""Manifests once a session, and the table of every answer at the end."""

from __future__ import annotations

import pytest

from tests.pc.products import put_manifests, sought
from tests.pc.table import pytest_terminal_summary, rows

__all__ = ["products", "pytest_terminal_summary", "rows"]


@pytest.fixture(scope="session")
def products(tmp_path_factory):
    """What is looked for: both products with every known manifest."""
    return sought(put_manifests(tmp_path_factory.mktemp("products")))
