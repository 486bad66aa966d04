"""The table of results at the end of a test session: a fixture and a hook for a ``conftest.py``."""

from __future__ import annotations

import pytest

from tests.pc.judging import Row, table

ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture
def rows(request) -> list[Row]:
    """The lines of the table; add to them."""
    return request.config.stash.setdefault(ROWS, [])


def pytest_terminal_summary(terminalreporter, config) -> None:
    """Print the table, once though several folders of tests ask for it."""
    rows = config.stash.get(ROWS, [])
    if rows:
        terminalreporter.section("practices: right, asked, wrong")
        for line in table(rows):
            terminalreporter.write_line(line)
        rows.clear()
