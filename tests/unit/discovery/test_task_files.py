"""Reading descriptions of scheduled tasks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.discovery.task_files import (
    MAX_ACTIONS,
    Action,
    UnreadableTaskError,
    read_actions,
    read_task,
)
from tests.unit.discovery.task_writer import PROGRAM, actions, xml


def test_a_file_says_what_is_started_and_on_whose_behalf() -> None:
    more = "<Arguments>/auto</Arguments><WorkingDirectory>C:\\PP</WorkingDirectory>"
    read = read_task(xml(more=more))
    assert read.actions == (Action(PROGRAM, "/auto", "C:\\PP"),)
    assert read.needs_administrator
    assert not read_task(xml(principal="<UserId>balie</UserId>")).needs_administrator


def test_more_actions_than_windows_allows_are_not_kept() -> None:
    many = "</Exec>" + "<Exec><Command>a.exe</Command></Exec>" * 100 + "<Exec>"
    assert len(read_task(xml(more=many)).actions) == MAX_ACTIONS


@pytest.mark.parametrize("version", [1, 3])
def test_actions_of_the_registry_are_read(version: int) -> None:
    data = actions(PROGRAM, "/auto", "C:\\PP", version)
    assert read_actions(data) == (Action(PROGRAM, "/auto", "C:\\PP"),)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_task_or_are_refused(data: bytes) -> None:
    for read in (read_task, read_actions, lambda d: read_actions(actions("a")[:2] + d)):
        try:
            read(data)
        except UnreadableTaskError:
            continue
