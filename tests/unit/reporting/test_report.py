"""The report is complete, valid, deterministic and keeps what is private."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from agent.errors import ItError, UsageError
from agent.model import (
    Action,
    Comparison,
    Counts,
    Coverage,
    DiagnosisClass,
    Ending,
    FileSeen,
    Finding,
    OsProblem,
    RepairResult,
    Result,
    Role,
    SourceKind,
    SourceUse,
    State,
    Step,
    StepResult,
    Trust,
    WayName,
    WayWeighed,
)
from agent.outcomes import SEVERITY, ExitCode
from agent.reporting.as_json import to_json
from agent.reporting.documents import Content
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.reporting.report import build, outcome
from tests.documents import validate_report
from tests.unit.reporting.building import (
    ROOT,
    STARTED,
    digest,
    installation,
    listed,
    missing,
    repaired,
    run,
    runs,
    step,
    stranger,
)


@given(runs())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_run_gives_a_valid_document_and_the_same_bytes_twice(facts: RunFacts) -> None:
    first = to_json(build(facts, list_extra=True))
    validate_report(first)
    assert to_json(build(facts, list_extra=True)) == first
    assert first.endswith(b"}\n")


def test_a_check_is_told_in_full() -> None:
    document = validate_report(to_json(build(run(installation()))))
    assert document["outcome"] == "repairable"
    assert document["exit_codes"] == [10]
    assert document["time"] == {
        "started": "2026-11-23T08:05:12Z",
        "finished": "2026-11-23T08:05:53Z",
        "duration_ms": 41730,
    }
    (one,) = document["installations"]
    assert one["root"] == r"D:\Praktijk\PP"
    assert one["version"]["id"] == "2022.4"
    assert one["version"]["recall"] == 0.9726
    assert one["version"]["decisive"] == {"precision": 1.0, "right": 812}
    assert one["after"] is None
    assert one["untouched"] == {"settings": 7, "extra": 1, "ignored": 41}
    assert one["undo"] == {"available": False, "run_id": None}
    assert one["directories"] == [{"path": "spool", "state": "missing", "result": None}]
    assert one["sources"] == [
        {
            "id": "stick:E",
            "kind": "stick",
            "reachable": True,
            "version": "2022.4",
            "wanted": 2,
            "has": 2,
            "used": 0,
            "refused": None,
        }
    ]
    assert [file["path"] for file in one["files"]] == ["bin/b.dll", "bin/medicom.exe"]


def test_a_repair_names_what_became_of_every_file() -> None:
    report = build(run(repaired(), command="repair"))
    (one,) = report.installations
    assert [(file.action, file.result, file.source) for file in one.files] == [
        (Action.RESTORE, Result.RESTORED, "stick:E")
    ] * 2
    assert one.directories[0].result is Result.RESTORED
    assert one.after is not None
    assert one.after.missing == 0
    assert one.undo.run_id == report.run_id
    assert one.sources[0].used == 2


def test_files_are_sorted_by_path_and_each_is_listed_once() -> None:
    facts = repaired()
    assert facts.plan is not None
    backwards = replace(facts, plan=replace(facts.plan, steps=facts.plan.steps[::-1]))
    assert to_json(build(run(backwards))) == to_json(build(run(facts)))


def test_strangers_are_counted_and_listed_only_on_request() -> None:
    facts = run(installation())
    assert b"brief.txt" not in to_json(build(facts))
    assert b"brief.txt" in to_json(build(facts, list_extra=True))


def test_an_early_error_is_a_full_report() -> None:
    error = UsageError("root-absent", path=r"X:\weg")
    report = build(run(error=error))
    document = validate_report(to_json(report))
    assert document["installations"] == []
    assert document["exit_code"] == 2
    assert document["error"]["code"] == "root-absent"
    assert r"X:\weg" in document["error"]["text"]
    assert document["next_steps"]


def test_an_unknown_problem_still_gives_a_sentence() -> None:
    report = build(run(error=ItError("never-heard-of", ExitCode.NO_RIGHTS, path="P")))
    assert report.error is not None
    assert report.error.text == "Melding never-heard-of (P)."


def test_the_most_serious_of_all_codes_wins_and_all_are_named() -> None:
    facts = run(
        installation(codes=(ExitCode.OK, ExitCode.SETTINGS_LOST)),
        installation(codes=(ExitCode.REPAIRABLE,)),
        codes=(ExitCode.NEEDS_PERSON,),
        error=UsageError("usage", message="x"),
    )
    report = build(facts)
    assert report.exit_codes == [2, 32, 10, 22]
    assert (report.outcome, outcome(report)) == ("usage", ExitCode.USAGE)


def test_every_code_alone_is_its_own_outcome() -> None:
    for code in SEVERITY:
        report = build(run(codes=(code,)))
        assert (report.exit_code, report.outcome) == (int(code), code.slug)
        validate_report(to_json(report))


def test_a_clock_that_was_set_back_gives_no_negative_duration() -> None:
    assert build(run(finished=STARTED - timedelta(hours=1))).time.duration_ms == 0


def test_what_a_repair_left_has_a_reason() -> None:
    facts = repaired()
    assert facts.plan is not None
    assert facts.repair is not None
    left = Step(
        "bin/c.dll",
        Role.PROGRAM,
        State.CHANGED,
        Action.LEAVE,
        listed("bin/c.dll", 3),
        FileSeen("bin/c.dll", 5, 0, digest(8)),
        (),
        "changed-not-asked",
    )
    failed = replace(facts.repair.results[0], result=Result.FAILED, reason=None)
    changed = replace(
        facts,
        plan=replace(facts.plan, steps=(*facts.plan.steps, left)),
        repair=replace(facts.repair, results=(failed, facts.repair.results[1])),
    )
    first, second, _ = build(run(changed, command="repair")).installations[0].files
    assert (first.result, first.reason) == (Result.FAILED, "not-in-plan")
    assert (second.result, second.reason) == (Result.SKIPPED, "changed-not-asked")
    assert second.found == Content(size=5, sha256=digest(8))


def test_before_anything_was_written_a_left_file_has_no_result() -> None:
    repair = RepairResult("r", Ending.NOT_STARTED, ())
    files = build(run(repaired(repair=repair, after=None), command="repair")).installations[0].files
    assert [file.result for file in files] == [None, None]


def test_an_unreadable_file_carries_number_and_name_of_the_error() -> None:
    problem = OsProblem(13, 32, "in gebruik")
    seen = FileSeen("bin/x.dll", 5, 0, None, problem)
    finding = Finding("bin/x.dll", Role.PROGRAM, State.UNREADABLE, listed("bin/x.dll"), seen)
    before = Comparison("2022.4", Counts(listed=1, unreadable=1), (finding,), ())
    (file,) = build(run(installation(before=before))).installations[0].files
    assert file.error is not None
    assert (file.error.errno, file.error.winerror, file.error.text) == (13, 32, "in gebruik")


def test_the_error_of_the_repair_wins_over_that_of_the_look() -> None:
    facts = repaired()
    assert facts.repair is not None
    result = StepResult(
        "bin/b.dll", Result.FAILED, "stick:E", "target-locked", OsProblem(13, 5, "geen toegang")
    )
    changed = replace(facts, repair=replace(facts.repair, results=(result,)))
    file = build(run(changed, command="repair")).installations[0].files[0]
    assert file.error is not None
    assert file.error.winerror == 5
    assert file.reason == "target-locked"


def test_what_another_pcs_settings_looked_like_is_not_told() -> None:
    finding = Finding(
        "pc.ini", Role.SETTINGS, State.MISSING, listed("pc.ini", 4, Role.SETTINGS), None
    )
    before = Comparison("2022.4", Counts(settings_missing=1), (finding,), ())
    (file,) = build(run(installation(before=before))).installations[0].files
    assert file.expected is None
    assert file.role is Role.SETTINGS


@pytest.mark.parametrize(
    ("kind", "way", "shown"),
    [
        (SourceKind.FOLDER, WayName.FORWARD, True),
        (SourceKind.STICK, WayName.FORWARD, False),
        (SourceKind.GATHERED, WayName.FORWARD, False),
        (SourceKind.FOLDER, WayName.BACK, False),
    ],
)
def test_a_sticks_own_check_code_is_never_shown(
    kind: SourceKind, way: WayName, *, shown: bool
) -> None:
    weighed = WayWeighed(way, "2023.1", 5, 5, True, 100, Trust.ADHOC, "7K3M-92QX-4TBP")
    source = Coverage("E", kind, frozenset(), True, "2023.1")
    document = to_json(build(run(installation(ways=(weighed,), coverage=(source,)))))
    assert (b"7K3M-92QX-4TBP" in document) is shown


def test_a_source_that_was_put_out_says_why() -> None:
    facts = repaired()
    assert facts.repair is not None
    use = SourceUse("stick:E", 0, "three-false-answers")
    changed = replace(facts, repair=replace(facts.repair, sources=(use,)))
    (source,) = build(run(changed, command="repair")).installations[0].sources
    assert source.refused == "three-false-answers"


def test_coverage_counts_files_so_that_it_compares_with_the_ways() -> None:
    before = Comparison(
        "2022.4", Counts(missing=3), (missing("a", 1), missing("b", 1), missing("c", 2)), ()
    )
    source = Coverage("stick:E", SourceKind.STICK, frozenset({digest(1), digest(77)}))
    (part,) = build(run(installation(before=before, coverage=(source,)))).installations[0].sources
    assert (part.wanted, part.has) == (3, 2)


def test_a_plan_of_another_version_is_listed_beside_the_findings() -> None:
    facts = repaired()
    assert facts.plan is not None
    forward = replace(
        facts.plan, version="2023.1", way=WayName.FORWARD, steps=(step("bin/new.dll", 9),)
    )
    report = build(run(replace(facts, plan=forward, repair=None, after=None), command="plan"))
    one = report.installations[0]
    assert [file.path for file in one.files] == ["bin/b.dll", "bin/medicom.exe", "bin/new.dll"]
    assert one.plan is not None
    assert (one.plan.way, one.plan.version, one.plan.restore) == (WayName.FORWARD, "2023.1", 1)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (DiagnosisClass.EMPTIED, "emptied"),
        (DiagnosisClass.WRONG_FOLDER, "wrong-folder"),
        (DiagnosisClass.HEALTHY, "found"),
    ],
)
def test_the_state_of_the_folder_follows_from_the_class(kind: DiagnosisClass, state: str) -> None:
    facts = installation()
    report = build(run(replace(facts, diagnosis=replace(facts.diagnosis, kind=kind))))
    assert report.installations[0].state == state


def test_an_unknown_version_keeps_the_fit_of_the_nearest_one() -> None:
    facts = installation()
    assert facts.match is not None
    report = build(run(replace(facts, match=replace(facts.match, winner=None), before=None)))
    one = report.installations[0]
    assert one.version is not None
    assert (one.version.id, one.version.precision) == (None, 1.0)
    assert (one.before, one.untouched, one.files) == (None, None, [])


def test_the_root_is_written_as_the_person_knows_it() -> None:
    document = json.loads(to_json(build(run(installation()))))
    assert document["installations"][0]["candidates"][0]["root"] == str(ROOT)


def test_a_continued_run_is_named() -> None:
    facts = repaired()
    assert facts.repair is not None
    changed = replace(facts, repair=replace(facts.repair, continues="earlier"))
    assert build(run(changed, command="repair")).continues == "earlier"


def test_ok_is_not_named_beside_what_is_wrong() -> None:
    report = build(run(installation(codes=(ExitCode.OK, ExitCode.SETTINGS_LOST))))
    assert report.exit_codes == [22]
    assert report.installations[0].exit_codes == [22]
    assert build(run(installation(codes=(ExitCode.OK,)))).exit_codes == [0]


def _wanting(*steps: Step) -> InstallationFacts:
    facts = repaired(repair=None, after=None)
    assert facts.plan is not None
    source = Coverage("folder:X", SourceKind.FOLDER, frozenset({digest(1), digest(7)}))
    return replace(facts, plan=replace(facts.plan, steps=steps), coverage=(source,))


def _stays(path: str, number: int, state: State, reason: str) -> Step:
    seen = FileSeen(path, 5, 0, digest(90))
    return Step(path, Role.PROGRAM, state, Action.LEAVE, listed(path, number), seen, (), reason)


def test_sources_count_the_files_that_the_way_counts() -> None:
    """Three have one content; one was not asked for, one nobody has, one could not be read."""
    settings = Step(
        "pc.ini", Role.SETTINGS, State.MISSING, Action.LEAVE,
        listed("pc.ini", 7, Role.SETTINGS), None, (), "settings-are-never-copied",
    )  # fmt: skip
    facts = _wanting(
        step("a", 1),
        step("b", 1),
        _stays("c", 1, State.CHANGED, "changed-not-asked"),
        _stays("d", 2, State.CHANGED, "no-source-has-it"),
        _stays("e", 7, State.UNREADABLE, "unreadable"),
        settings,
    )
    (part,) = build(run(facts, command="plan")).installations[0].sources
    assert (part.wanted, part.has) == (5, 3)


def test_without_a_plan_what_the_look_found_is_wanted() -> None:
    changed = Finding(
        "c", Role.PROGRAM, State.CHANGED, listed("c", 1), FileSeen("c", 5, 0, digest(90))
    )
    before = Comparison(
        "2022.4",
        Counts(missing=1, changed=1),
        (missing("a", 1), changed, stranger("brief.txt")),
        (),
    )
    source = Coverage("stick:E", SourceKind.STICK, frozenset({digest(1)}))
    (part,) = build(run(installation(before=before, coverage=(source,)))).installations[0].sources
    assert (part.wanted, part.has) == (2, 2)
