"""The schemas say what the model says, and catch what is wrong."""

from __future__ import annotations

import copy
import json
from enum import StrEnum
from typing import Any

import pytest

from agent.manifest import writing
from agent.model import (
    Action,
    Brake,
    DecidedBy,
    DiagnosisClass,
    Ending,
    FindOutcome,
    Manifest,
    Mode,
    ProbeGroup,
    Result,
    Role,
    SourceKind,
    State,
    Trigger,
    Trust,
    Verdict,
    Wanted,
    WayName,
)
from agent.outcomes import ExitCode
from agent.reporting.as_json import to_json
from agent.reporting.documents import Audience, InstallationState
from agent.reporting.report import build
from agent.sources import wanted_list
from agent.sources.wanted_list import WantedList
from tests.documents import (
    published,
    validate_manifest,
    validate_report,
    validate_wanted,
    validator,
)
from tests.unit.reporting.building import digest, listed, repaired, run


def _schema(*place: str) -> Any:
    part: Any = validator("report").schema
    for step in place:
        part = part[step]
    return part


def _values(*place: str) -> list[str]:
    part = _schema(*place)
    if "items" in part:
        part = part["items"]
    return [value for value in part["enum"] if value is not None]


@pytest.mark.parametrize(
    ("place", "members"),
    [
        (("properties", "mode"), Mode),
        (("properties", "trigger"), Trigger),
        (("$defs", "installation", "properties", "state"), InstallationState),
        (("$defs", "installation", "properties", "brakes"), Brake),
        (("$defs", "installation", "properties", "ending"), Ending),
        (
            ("$defs", "installation", "properties", "diagnosis", "properties", "class"),
            DiagnosisClass,
        ),
        (("$defs", "version", "properties", "decided_by"), DecidedBy),
        (("$defs", "version", "properties", "trust"), Trust),
        (("$defs", "way", "properties", "way"), WayName),
        (("$defs", "source", "properties", "kind"), SourceKind),
        (("$defs", "file", "properties", "role"), Role),
        (("$defs", "file", "properties", "state"), State),
        (("$defs", "file", "properties", "action"), Action),
        (("$defs", "file", "properties", "result"), Result),
        (("$defs", "evidence", "properties", "group"), ProbeGroup),
        (("$defs", "candidate", "properties", "verdict"), Verdict),
        (
            ("$defs", "search", "properties", "answers", "items", "properties", "outcome"),
            FindOutcome,
        ),
        (("$defs", "next_step", "properties", "audience"), Audience),
    ],
)
def test_the_words_in_the_schema_are_those_of_the_model(
    place: tuple[str, ...], members: type[StrEnum]
) -> None:
    assert _values(*place) == [member.value for member in members]


def test_the_exit_codes_in_the_schema_are_those_of_the_table() -> None:
    assert _schema("$defs", "exit_code")["enum"] == sorted(int(code) for code in ExitCode)
    assert _values("properties", "outcome") == [code.slug for code in ExitCode]


def _document() -> dict[str, Any]:
    return json.loads(to_json(build(run(repaired(), command="repair"))))


def test_the_start_is_valid() -> None:
    validate_report(_document())


def _break(document: dict[str, Any], what: str) -> None:
    one = document["installations"][0]
    file = one["files"][0]
    breaks = {
        "extra key": lambda: document.update(surprise=1),
        "extra key in a file": lambda: file.update(surprise=1),
        "key gone": lambda: document.pop("report_code"),
        "unknown outcome": lambda: document.update(outcome="fine"),
        "unknown exit code": lambda: document.update(exit_codes=[99]),
        "wrong report code": lambda: document.update(report_code="HRT-12U4-5678"),
        "local time": lambda: document["time"].update(started="2026-11-23T08:05:12+01:00"),
        "negative count": lambda: one["before"].update(missing=-1),
        "absolute path": lambda: file.update(path="/etc/x"),
        "backslash": lambda: file.update(path="bin\\x"),
        "path that leaves": lambda: file.update(path="bin/../../x"),
        "upper-case hash": lambda: file["expected"].update(sha256="A" * 64),
        "skipped without a reason": lambda: file.update(result="skipped", reason=None),
        "score above one": lambda: one.update(score=1.2),
        "looking has no after": lambda: document.update(command="check"),
    }
    breaks[what]()


@pytest.mark.parametrize(
    "what",
    [
        "extra key",
        "extra key in a file",
        "key gone",
        "unknown outcome",
        "unknown exit code",
        "wrong report code",
        "local time",
        "negative count",
        "absolute path",
        "backslash",
        "path that leaves",
        "upper-case hash",
        "skipped without a reason",
        "score above one",
        "looking has no after",
    ],
)
def test_catches(what: str) -> None:
    document = _document()
    _break(document, what)
    with pytest.raises(AssertionError):
        validate_report(document)


MANIFEST: dict[str, Any] = {
    "schema": "werkplekherstel.manifest/1",
    "product": "medicom",
    "version": "2022.4",
    "created": "2022-12-20T10:00:00Z",
    "origin": "made on WERKPLEK-1",
    "directories": ["bin"],
    "files": [{"path": "bin/medicom.exe", "size": 3, "sha256": digest(1), "role": "program"}],
}
WANTED: dict[str, Any] = {
    "schema": "werkplekherstel.wanted/1",
    "created": "2026-11-23T08:05:12Z",
    "host": "b1c2",
    "product": "medicom",
    "version": "2022.4",
    "files": [{"path": "bin/medicom.exe", "size": 3, "sha256": digest(1)}],
}


def test_a_manifest_and_a_wanted_list_are_valid() -> None:
    validate_manifest(MANIFEST)
    validate_wanted(WANTED)
    validate_wanted(WANTED | {"files": []})


@pytest.mark.parametrize(
    ("key", "value"),
    [("path", "../x"), ("path", ""), ("size", -1), ("size", 1.5), ("sha256", "00"), ("more", 1)],
)
def test_a_wrong_entry_is_caught_in_both(key: str, value: Any) -> None:
    for check, document in ((validate_manifest, MANIFEST), (validate_wanted, WANTED)):
        broken = copy.deepcopy(document)
        broken["files"][0][key] = value
        with pytest.raises(AssertionError):
            check(broken)


def test_what_our_own_writers_write_is_valid() -> None:
    made = Manifest(
        created="2022-12-20T10:00:00Z",
        directories=("bin", "spool"),
        files=(listed("bin/België.exe", 1), listed("pc.ini", 2, Role.SETTINGS)),
        origin="made on WERKPLEK-1",
        product="medicom",
        sequence=41,
        stamp="22.4.0.118",
        version="2022.4",
        withdrawn=(digest(7),),
    )
    validate_manifest(writing.to_bytes(made))
    wish = Wanted(digest(1), 3, "bin/medicom.exe")
    asked = WantedList("medicom", "2022.4", "b1c2", "2026-11-23T08:05:12Z", (wish,))
    validate_wanted(wanted_list.to_bytes(asked))


def test_others_may_read_a_report_of_a_newer_version() -> None:
    document = _document()
    one = document["installations"][0]
    for place in (document, document["time"], one, one["files"][0], one["sources"][0]):
        place["new_in_a_later_version"] = 1
    assert list(published("report").iter_errors(document)) == []
    with pytest.raises(AssertionError):
        validate_report(document)


@pytest.mark.parametrize("key", ["schema", "product", "version", "files"])
def test_required_keys_are_required(key: str) -> None:
    for check, document in ((validate_manifest, MANIFEST), (validate_wanted, WANTED)):
        with pytest.raises(AssertionError):
            check({name: value for name, value in document.items() if name != key})
