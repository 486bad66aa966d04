"""JSON in and out: one document, or lines that each say what they are."""

from __future__ import annotations

import json

import pytest

from agent.errors import UsageError
from agent.progress import Progress, Stage
from agent.reporting.as_json import read_report, to_json
from agent.reporting.decoded import decoded_json, range_text, render_decoded
from agent.reporting.events import progress_event, result_event
from agent.reporting.report import build
from agent.reporting.report_code import Range, decode, encode, version_mark
from agent.reporting.texts import load
from tests.documents import validate_report
from tests.unit.reporting.building import installation, run


def test_progress_is_one_line() -> None:
    line = progress_event(Progress(Stage.PUT_BACK, 3, 10, 300, 1000))
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert json.loads(line) == {
        "type": "progress",
        "stage": "put-back",
        "files_done": 3,
        "files_total": 10,
        "bytes_done": 300,
        "bytes_total": 1000,
        "seconds_left": None,
    }


def test_the_result_carries_the_whole_report_on_one_line() -> None:
    report = build(run(installation()))
    line = result_event(report)
    assert line.count(b"\n") == 1
    content = json.loads(line)
    assert (content["type"], content["exit_code"]) == ("result", 10)
    assert content["outcome"] == "repairable"
    assert validate_report(content["report"]) == json.loads(to_json(report))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"\x00" * 100,
        b'{"schema": "werkplekherstel.report/1"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_report_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_report(data, "reports/last.json")
    assert caught.value.problem == "report-unreadable"
    assert caught.value.facts == {"place": "reports/last.json"}


def test_a_report_of_another_version_is_refused() -> None:
    data = to_json(build(run())).replace(b"report/1", b"report/2")
    with pytest.raises(UsageError):
        read_report(data, "x")


def test_a_reader_ignores_what_it_does_not_know() -> None:
    document = json.loads(to_json(build(run(installation()))))
    document["later"] = {"a": 1}
    document["installations"][0]["later"] = 2
    assert read_report(json.dumps(document).encode(), "x") == build(run(installation()))


def test_a_code_is_told_line_by_line() -> None:
    code = encode(run(installation()))
    lines = render_decoded(decode(code), "nl", versions=("2023.1", "2022.4")).splitlines()
    assert lines == [
        code,
        "Wat er gebeurd is: bestanden verwijderd",
        "Uitkomst: alles kan worden teruggezet (10)",
        "Product: medicom",
        f"Versie: waarschijnlijk 2022.4 (merk {version_mark('2022.4')})",
        "Ontbrekend: 2 tot 10 bestanden",
        "Veranderd: 0 bestanden",
        "Onleesbaar: 0 bestanden",
        "Instellingen van deze pc ontbreken: nee",
        "Een bron was bereikbaar: ja",
    ]


def test_a_code_is_also_one_document() -> None:
    decoded = decode(encode(run(installation())))
    data = decoded_json(decoded, versions=("2023.1", "2022.4"))
    assert data.endswith(b"}\n")
    content = json.loads(data)
    assert content["class"] == "files-deleted"
    assert (content["outcome"], content["exit_code"]) == ("repairable", 10)
    assert content["missing"] == [2, 10]
    assert content["versions"] == ["2022.4"]


def test_a_code_without_installation_product_or_version_says_so() -> None:
    lines = render_decoded(decode(encode(run())), "en").splitlines()
    assert lines[1] == "What happened: no installation judged"
    assert lines[3] == "Product: another product"
    assert lines[4] == "Version: not decided"


def test_a_mark_that_fits_no_known_version_is_given_as_it_is() -> None:
    text = render_decoded(decode(encode(run(installation()))), "nl", versions=("1", "2"))
    assert f"merk {version_mark('2022.4')} (past bij geen bekende versie)" in text


def test_ranges_are_said_in_words() -> None:
    texts = load("nl")
    assert range_text(Range(1, 1), texts) == "1 bestand"
    assert range_text(Range(1001, 5000), texts) == "1.001 tot 5.000 bestanden"
    assert range_text(Range(5001, None), texts) == "5.001 bestanden of meer"
