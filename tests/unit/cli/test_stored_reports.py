"""What `status` and `report` make of what the state folder kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agent.outcomes import ExitCode
from tests.unit.workstation import PRODUCT, Said, Workstation, snapshot, werkplek

Break = Callable[[dict[str, Any]], object]

NOT_UNDERSTOOD: dict[str, Break] = {
    "another-version": lambda kept: kept.update(schema="werkplekherstel.report/2"),
    "no-such-code": lambda kept: kept.update(exit_code=99),
    "no-such-code-among-all": lambda kept: kept.update(exit_codes=[0, 99]),
    "no-such-code-of-one": lambda kept: kept["installations"][0].update(exit_codes=[99]),
    "not-a-time": lambda kept: kept["time"].update(finished="hello"),
    "a-time-of-nowhere": lambda kept: kept["time"].update(started="2026-11-23T08:05:12"),
    "not-a-number": lambda kept: kept.update(exit_code="0"),
}


def _shown(pc: Workstation, verb: str, *more: str) -> Said:
    return werkplek(verb, "--state", pc.state, *more)


@pytest.mark.parametrize("verb", ["status", "report"])
@pytest.mark.parametrize("damage", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD.keys())
def test_a_report_that_is_not_understood_is_one_error(
    pc: Workstation, verb: str, damage: Break
) -> None:
    pc.install().know().check()
    file = pc.state / "last-report.json"
    kept = json.loads(file.read_bytes())
    damage(kept)
    file.write_text(json.dumps(kept))
    before = snapshot(pc.base)
    for style in ((), ("--exit-style", "rmm")):
        said = _shown(pc, verb, *style, "--json")
        assert said.code == (1002 if style else ExitCode.USAGE)
        assert said.report["error"]["code"] == "report-unreadable"
    said = _shown(pc, verb)
    assert (said.code, said.out, said.err.count("\n")) == (ExitCode.USAGE, "", 1)
    (event,) = _shown(pc, verb, "--events").events
    assert (event["type"], event["exit_code"]) == ("result", ExitCode.USAGE)
    assert snapshot(pc.base) == before


@pytest.mark.parametrize("verb", ["status", "report"])
def test_a_report_that_can_not_be_read_is_one_error(pc: Workstation, verb: str) -> None:
    pc.install().know().check()
    (pc.state / "last-report.json").unlink()
    (pc.state / "last-report.json").mkdir()
    said = _shown(pc, verb, "--json")
    assert (said.code, said.report["error"]["code"]) == (ExitCode.USAGE, "report-unreadable")


def test_strangers_are_not_kept_for_who_did_not_ask_for_them(pc: Workstation) -> None:
    pc.install().know().write("bin/geheim.dll", b"x")
    asked = pc.check("--list-extra")
    assert "geheim.dll" in asked.out
    assert "geheim.dll" not in pc.check().out
    pc.check("--list-extra")
    for path, content in snapshot(pc.state).items():
        assert "geheim" not in f"{path}{content!r}"
    for verb in (("report", "--verbose"), ("report", "--json"), ("status",), ("status", "--json")):
        said = _shown(pc, *verb)
        assert said.code == 0
        assert "geheim" not in said.out
    assert json.loads(asked.out)["installations"][0]["before"]["extra"] == 1
    assert _shown(pc, "report", "--json").one["before"]["extra"] == 1


@pytest.mark.parametrize("verb", ["status", "report"])
def test_who_asks_for_one_installation_is_not_told_how_another_is(
    pc: Workstation, verb: str
) -> None:
    pc.install().know()
    assert pc.check().code == 0
    for options in (("--root", pc.root), ("--product", PRODUCT)):
        assert werkplek(verb, "--state", pc.state, *options).code == 0
    for options in (("--root", pc.base), ("--product", "pharmacom")):
        said = werkplek(verb, "--state", pc.state, *options)
        assert said.code == 2
        assert str(options[1]) in said.err
