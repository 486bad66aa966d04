"""The verbs that only look."""

from __future__ import annotations

import json
from pathlib import Path

from agent.outcomes import ExitCode
from tests.unit.workstation import (
    NEW,
    OLD,
    Workstation,
    manifest_of,
    werkplek,
)

LOST = tuple(OLD)[:25]
OLD_ONLY = tuple(path for path in OLD if path not in NEW)


def test_status_report_and_decode_say_the_same(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    said = pc.check("--source", pc.source("kopie", OLD))
    state = ("--state", pc.state)
    assert json.loads(werkplek("report", "--format", "json", *state).out) == said.report
    assert werkplek("report", "--json", *state).out == said.out
    assert werkplek("status", "--json", *state).out == said.out
    status = werkplek("status", *state)
    assert status.code == said.code
    assert len(status.out.splitlines()) <= 5
    code = said.report["report_code"]
    assert code in werkplek("report", *state, "--verbose").out
    assert werkplek("report", *state).code == 0
    decoded = json.loads(werkplek("decode", code.lower(), "--json").out)
    assert (decoded["class"], decoded["exit_code"]) == ("files-deleted", 10)
    assert decoded["source_seen"]
    assert "files" not in decoded
    assert werkplek("decode", code, "--lang", "en").out.startswith(code)
    for verb in ("report", "status", "decode"):
        last = werkplek(verb, *([code] if verb == "decode" else state), "--events").events[-1]
        assert verb == "decode" or last["type"] == "result"


def test_the_sources_verb_says_what_each_has(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    half = pc.source("half", {path: OLD[path] for path in LOST[:10]})
    said = pc.do("sources", "--source", half, "--source", pc.base / "absent")
    seen = {one["id"]: (one["reachable"], one["has"]) for one in said.one["sources"]}
    assert seen["folder:half"] == (True, 10)
    assert seen["folder:absent"] == (False, 0)


def test_a_quick_look_reads_no_file(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    said = pc.check("--quick")
    assert said.report["mode"] == "quick"
    assert said.one["before"]["missing"] == len(LOST)


def test_extra_files_are_counted_and_listed_only_on_request(pc: Workstation) -> None:
    pc.install(**{"bin/extra.dll": b"x"}).know()
    said = pc.check()
    assert (said.code, said.one["before"]["extra"]) == (0, 1)
    assert "extra.dll" not in said.out
    assert "bin/extra.dll" in pc.check("--list-extra").out


def test_settings_of_a_file_are_used(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    pc.source("kopie", OLD)
    settings = pc.base / "herstel.toml"
    settings.write_text(
        '[installation]\nroot = "pc/PP"\nproduct = "medicom"\n'
        '[catalogue]\nfolders = ["lijsten"]\n[sources]\npaths = ["kopie"]\n'
    )
    said = werkplek("repair", "--yes", "--json", "--config", settings, "--state", pc.state)
    assert said.code == ExitCode.OK
    assert pc.holds(OLD)


def test_observed_lists_of_this_pc_are_used(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4"))
    state = pc.ports().state
    state.establish()
    state.catalogue.mkdir()
    (pc.lists / "medicom-2022.4.json").rename(state.catalogue / "seen.json")
    pc.lists.rmdir()
    assert pc.check().one["version"]["trust"] == "observed"


def test_the_catalogue_of_the_machine_is_installed(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "2022.4"))
    machine = Path(pc.lists).rename(pc.base / "machine")
    pc.overrides["machine_catalogue"] = machine
    assert pc.check().one["version"]["trust"] == "installed"
