"""Where a crash report goes: into a folder of ours, never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli.crash import save_crash
from tests.unit.workstation import Workstation, snapshot, werkplek

FAULT = ZeroDivisionError("x")


def _broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise FAULT

    monkeypatch.setattr("agent.workflow.running.assess", broken)


def test_goes_into_the_state_folder_that_was_given(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc.install().know().check()
    _broken(monkeypatch)
    crash = Path(pc.check().report["error"]["facts"]["file"])
    assert crash.parent == pc.state / "crashes"
    assert "ZeroDivisionError" in crash.read_text(encoding="utf-8")
    monkeypatch.setenv("WERKPLEK_STATE", str(pc.state))
    said = werkplek("check", "--root", pc.root, "--catalogue", pc.lists, "--json")
    assert Path(said.report["error"]["facts"]["file"]).parent == pc.state / "crashes"


@pytest.mark.parametrize("content", [None, {"notes.txt": b"mine"}])
def test_makes_nothing_in_a_folder_that_is_not_ours(
    pc: Workstation, content: dict[str, bytes] | None
) -> None:
    other = pc.source("other", content) if content else pc.base / "absent"
    before = snapshot(other)
    crash = Path(save_crash(FAULT, ["check"], other))
    assert crash.is_file()
    assert not crash.is_relative_to(other)
    assert snapshot(other) == before
    assert other.exists() is bool(content)


def test_two_in_one_second_do_not_overwrite_each_other(pc: Workstation) -> None:
    kept = {save_crash(FAULT, [str(number)]) for number in range(20)}
    assert len(kept) == 20
    said = {Path(file).read_text(encoding="utf-8").splitlines()[2] for file in kept}
    assert said == {str([str(number)]) for number in range(20)}
