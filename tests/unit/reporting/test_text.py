"""What people read: verdict and code first, the next step last, nothing that does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from agent.errors import ManifestError, UsageError
from agent.model import (
    Brake,
    Comparison,
    Counts,
    Coverage,
    Diagnosis,
    DiagnosisClass,
    Ending,
    Mode,
    Result,
    SourceKind,
    Trust,
    WayName,
)
from agent.outcomes import ExitCode
from agent.reporting.as_json import read_report, to_json
from agent.reporting.documents import Report
from agent.reporting.facts import RunFacts
from agent.reporting.report import build
from agent.reporting.report_code import encode
from agent.reporting.status import status
from agent.reporting.text import LIST_LIMIT, explain, plan_text, question, render
from agent.reporting.texts import load
from tests.unit.reporting.building import (
    STARTED,
    installation,
    missing,
    planned,
    repaired,
    run,
    runs,
)


def _lines(facts: RunFacts, lang: str = "nl", *, verbose: bool = False) -> list[str]:
    return render(build(facts), lang, verbose=verbose).splitlines()


@given(runs())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_run_can_be_told_in_both_languages(facts: RunFacts) -> None:
    report = build(facts)
    for lang in ("nl", "en"):
        text = render(report, lang)
        assert report.report_code in text.splitlines()[1]
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert len(status(report, lang).splitlines()) == 5
        plan_text(report, lang, verbose=True)


@given(runs())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_stored_report_reads_back_and_tells_the_same(facts: RunFacts) -> None:
    report = build(facts, language="en")
    again = read_report(to_json(report), "last")
    assert again == report
    assert render(again, "nl") == render(build(facts), "nl")


def test_verdict_and_code_are_first_and_the_next_step_last() -> None:
    lines = _lines(run(installation()))
    assert lines[0] == "Medicom werkt niet goed op deze computer."
    assert lines[1] == f"Meldcode: {encode(run(installation()))}"
    assert lines[3] == "Er ontbreken 2 bestanden (3 KB). Er is niets veranderd."
    assert lines[4] == "Versie 2022.4, op inhoud; referentie door de beheerder geplaatst."
    assert lines[5] == r"Map: D:\Praktijk\PP (medicom)."
    assert lines[-3] == "Nu:"
    assert lines[-2].startswith("  Praktijk: Dit kan worden hersteld.")
    assert lines[-1].startswith("  IT: Herstel met werkplek repair")


def test_english_is_complete_too() -> None:
    lines = _lines(run(installation()), "en")
    assert lines[0] == "Medicom does not work well on this computer."
    assert lines[-2].startswith("  Practice: ")


def test_both_ways_are_told_with_what_is_to_be_had() -> None:
    back, forward = installation().ways
    ways = (
        replace(back, wanted=3766, has=2602, complete=False),
        replace(forward, version="4.0.0", wanted=3861, has=3861, complete=True),
    )
    lines = _lines(run(installation(ways=ways)))
    assert "  terug: 2.602 van de 3.766 bestanden zijn er" in lines
    assert "  vooruit naar 4.0.0: compleet (3.861 bestanden, 1 GB)" in lines
    assert any("--to-version 4.0.0" in line for line in lines)


def test_a_way_that_is_not_complete_is_not_offered() -> None:
    assert not any("--to-version" in line for line in _lines(run(installation())))


def test_the_list_is_capped_and_the_rest_counted() -> None:
    findings = tuple(missing(f"f{number:03}", 1) for number in range(25))
    before = Comparison("2022.4", Counts(listed=25, missing=25), findings, ())
    facts = run(installation(before=before))
    lines = _lines(facts)
    assert sum(line.startswith("  f") for line in lines) == LIST_LIMIT
    assert "  … en nog 15 regels (alles met --verbose)" in lines
    assert sum(line.startswith("  f") for line in _lines(facts, verbose=True)) == 25


def test_what_failed_is_not_hidden_behind_the_cap() -> None:
    facts = repaired()
    assert facts.plan is not None
    assert facts.repair is not None
    steps = tuple(replace(facts.plan.steps[0], path=f"f{number:03}") for number in range(25))
    results = [replace(facts.repair.results[0], path=step.path) for step in steps]
    results[-1] = replace(results[-1], result=Result.FAILED, reason="locked")
    facts = replace(
        facts,
        plan=replace(facts.plan, steps=steps),
        repair=replace(facts.repair, results=tuple(results)),
    )
    line = next(line for line in _lines(run(facts, command="repair")) if "mislukt" in line)
    assert line == "  f024 — ontbreekt, mislukt, stick:E, in gebruik door een programma"


def test_brakes_come_with_how_to_release_them() -> None:
    lines = _lines(run(installation(brakes=(Brake.ADHOC, Brake.MASS_CHANGE))))
    place = lines.index("Remmen:")
    assert lines[place + 1].startswith("  adhoc: ")
    assert "--code" in lines[place + 2]
    assert "--accept mass-change" in lines[place + 4]


def test_what_was_not_touched_is_said() -> None:
    lines = _lines(run(installation()))
    assert "Niet aangeraakt: 7 bestanden met instellingen, 1 vreemd bestand, 41 andere." in lines


def test_sources_say_what_they_have_and_why_they_are_not_used() -> None:
    sources = (
        Coverage("stick:E", SourceKind.STICK, frozenset(), refused="stick-incomplete"),
        Coverage("peer:A", SourceKind.PEER, frozenset(), reachable=False),
    )
    lines = _lines(run(installation(coverage=sources)))
    assert any("geweigerd: de stick is niet afgemaakt" in line for line in lines)
    assert "  peer:A (andere werkplek): niet bereikbaar" in lines


def test_a_repair_says_how_to_undo_it() -> None:
    lines = _lines(run(repaired(), command="repair"))
    assert lines[0] == "Het herstel is gelukt."
    command = r'werkplek undo 20261123T080512Z-4f2a --root "D:\Praktijk\PP"'
    assert f"Ongedaan maken kan met: {command} (en dezelfde --state)" in lines
    assert lines[-1] == "  Praktijk: Start nu Medicom."


def test_after_going_forward_the_new_version_is_named() -> None:
    facts = repaired()
    assert facts.plan is not None
    forward = replace(facts, plan=replace(facts.plan, way=WayName.FORWARD, version="4.0.0"))
    lines = _lines(run(forward, command="repair"))
    assert "Hier staat nu versie 4.0.0; uw instellingen zijn gebleven." in lines
    assert not any(line.startswith("Versie 2022.4") for line in lines)
    english = _lines(run(forward, command="repair"), "en")
    assert not any("2022.4" in line for line in english)


@pytest.mark.parametrize(
    ("ending", "codes", "first"),
    [
        (Ending.ROLLED_BACK, (ExitCode.DISK_FULL,), "Het herstel is niet gelukt."),
        (Ending.NOT_ROLLED_BACK, (ExitCode.DISK_ERROR,), "Het herstel is niet af."),
        (Ending.UNDONE, (ExitCode.OK,), "Het herstel is ongedaan gemaakt."),
        (Ending.COMMITTED, (ExitCode.PARTLY_REPAIRED,), "Het herstel is voor een deel gelukt."),
        (
            Ending.COMMITTED,
            (ExitCode.SETTINGS_LOST,),
            "Medicom is hersteld, maar mist instellingen.",
        ),
        (Ending.COMMITTED, (ExitCode.RESTART_NEEDED,), "Start de computer opnieuw op."),
        (Ending.COMMITTED, (ExitCode.REPAIRABLE,), "Het herstel is voor een deel gelukt."),
        (Ending.NOT_STARTED, (ExitCode.IN_USE,), "Sluit eerst Medicom."),
        (Ending.NOT_STARTED, (ExitCode.NO_RIGHTS,), "Voor herstel is een beheerder nodig."),
        (Ending.NOT_STARTED, (ExitCode.NEEDS_PERSON,), "Bel eerst uw IT-beheerder."),
    ],
)
def test_the_verdict_follows_how_a_repair_ended(
    ending: Ending, codes: tuple[ExitCode, ...], first: str
) -> None:
    facts = repaired()
    assert facts.repair is not None
    changed = replace(facts, repair=replace(facts.repair, ending=ending), codes=codes)
    assert _lines(run(changed, command="repair"))[0] == first


@pytest.mark.parametrize("kind", list(DiagnosisClass))
def test_looking_never_claims_a_repair(kind: DiagnosisClass) -> None:
    text = render(build(run(installation(diagnosis=Diagnosis(kind, ())))), "nl")
    assert "teruggezet en" not in text
    assert "Nu:" in text


def test_a_run_that_ended_before_it_had_a_code_takes_that_of_the_run() -> None:
    facts = run(installation(codes=()), command="repair", codes=(ExitCode.NO_RIGHTS,))
    assert _lines(facts)[0] == "Voor herstel is een beheerder nodig."


def test_a_plan_forward_counts_the_files_of_the_other_version() -> None:
    facts = repaired(repair=None, after=None, codes=(ExitCode.REPAIRABLE,))
    assert facts.plan is not None
    plan = replace(facts.plan, way=WayName.FORWARD, version="4.0.0")
    lines = _lines(run(replace(facts, plan=plan), command="plan"))
    assert lines[3] == "Voor versie 4.0.0 zijn 2 bestanden nodig. Er is niets veranderd."


def test_only_folders_missing_is_not_called_zero_files() -> None:
    before = Comparison("2022.4", Counts(listed=5, ok=5), (), ("spool", "tmp"))
    assert "Er ontbreken 2 mappen. Er is niets veranderd." in _lines(
        run(installation(before=before))
    )


def test_a_whole_program_without_its_settings_is_not_called_fine() -> None:
    healthy = installation(
        diagnosis=Diagnosis(DiagnosisClass.HEALTHY, ()),
        before=Comparison("2022.4", Counts(settings_missing=1), (), ()),
        codes=(ExitCode.SETTINGS_LOST,),
    )
    lines = _lines(run(healthy))
    assert lines[0] == "Medicom is heel, maar mist instellingen."
    assert lines[-1].startswith("  IT: Vul de instellingen")


def test_an_error_is_one_sentence_first_and_every_problem_below() -> None:
    error = ManifestError("x.json", (("files[3].path", "path-parent", "../x"),), 2)
    lines = _lines(run(error=error))
    assert lines[0].startswith("De referentie x.json is geweigerd: 3 problemen")
    assert "  files[3].path: ../x verlaat de map" in lines
    assert "  … en nog 2 problemen" in lines


def test_an_error_beside_an_installation_does_not_hide_its_verdict() -> None:
    error = UsageError("to-version-unknown", version="9", known=("1", "2"))
    lines = _lines(run(installation(), error=error))
    assert lines[0] == "Versie 9 is onbekend; kies een van: 1, 2."
    assert "Medicom werkt niet goed op deze computer." in lines


def test_a_quick_look_says_so() -> None:
    assert any("Snelle blik" in line for line in _lines(run(installation(), mode=Mode.QUICK)))


def test_a_dry_run_says_so() -> None:
    lines = _lines(run(repaired(repair=None, after=None), command="repair", dry_run=True))
    assert "Proef: er is niets geschreven." in lines


def test_every_other_code_is_named() -> None:
    lines = _lines(run(installation(codes=(ExitCode.REPAIRABLE, ExitCode.SETTINGS_LOST))))
    assert "Ook: instellingen van deze pc ontbreken (22)" in lines


def test_the_plan_shows_actions_sources_and_why_not() -> None:
    facts = repaired(repair=None, after=None)
    assert facts.plan is not None
    facts = replace(facts, plan=replace(facts.plan, blocked="not-complete"))
    text = plan_text(build(run(facts, command="plan")), "nl")
    assert "  Versie 2022.4: 2 terugzetten, 0 vervangen, 0 laten staan; 3 KB nodig." in text
    assert "Dit plan wordt niet uitgevoerd: niet alles is te krijgen" in text
    assert "  bin/b.dll — ontbreekt, terugzetten, stick:E" in text


def test_the_plan_shows_the_check_code_of_a_raw_copy_and_an_early_end() -> None:
    back, forward = installation().ways
    way = replace(forward, trust=Trust.ADHOC, check_code="7K3M-92QX-4TBP")
    source = Coverage("folder:X", SourceKind.FOLDER, frozenset(), version=None)
    facts = repaired(repair=None, after=None, ways=(back, way), coverage=(source,))
    text = plan_text(build(run(facts, command="plan")), "nl")
    assert "controlecode van die versie: 7K3M-92QX-4TBP" in text
    error = UsageError("json-and-events")
    assert plan_text(build(run(error=error, command="plan")), "nl").startswith("--json en --events")


def test_the_last_question_shows_what_will_be_done_and_what_not() -> None:
    facts = repaired(repair=None, after=None)
    lines = question(facts, "nl").splitlines()
    assert lines[0] == r"Map: D:\Praktijk\PP (medicom)."
    assert "  Versie 2022.4: 2 terugzetten, 0 vervangen, 0 laten staan; 3 KB nodig." in lines
    assert "  spool/ — ontbreekt" in lines
    assert lines[-1].startswith("Niet aangeraakt: 7 bestanden met instellingen")


def test_a_plan_without_anything_to_do_says_so() -> None:
    facts = repaired(repair=None, after=None)
    assert facts.plan is not None
    assert facts.before is not None
    facts = replace(
        facts,
        plan=replace(facts.plan, steps=(), directories=(), room=0),
        before=replace(facts.before, findings=(), missing_directories=()),
    )
    assert "  Versie 2022.4 is compleet; er is niets te doen." in _lines(run(facts, command="plan"))


def test_two_installations_are_both_told() -> None:
    text = render(build(run(installation(), installation(title="Pharmacom"))), "nl")
    assert "Medicom werkt niet goed" in text
    assert "Pharmacom werkt niet goed" in text


def test_status_is_five_lines() -> None:
    report = build(run(installation()))
    lines = status(report, "nl", now=STARTED + timedelta(hours=30)).splitlines()
    assert lines == [
        "Medicom 2022.4: Medicom werkt niet goed op deze computer.",
        "4.812 bestanden: 2 ontbreken, 0 veranderd, 0 onleesbaar.",
        "Gekeken op 2026-11-23T08:05:53Z (volledig), 29 uur geleden.",
        f"Meldcode: {report.report_code}",
        'Nu: Dit kan worden hersteld. Bel uw IT-beheerder of start "Herstel".',
    ]


def test_status_notices_a_clock_that_was_set_back() -> None:
    line = status(build(run(installation())), "nl", now=STARTED - timedelta(days=1)).splitlines()[2]
    assert line.endswith("de klok is sindsdien teruggezet.")


def test_the_sentences_for_a_screen_are_the_same() -> None:
    main, below = explain(build(run(installation())), "nl")
    assert main == "Medicom werkt niet goed op deze computer."
    assert below.startswith("Er ontbreken 2 bestanden")
    assert explain(build(run()), "nl") == ("Er is niets beoordeeld.", "")
    error = UsageError("json-and-events")
    assert explain(build(run(error=error)), "en")[0].startswith("--json and --events")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_wrong_code_is_told_as_one(lang: str) -> None:
    facts = replace(planned(code=ExitCode.NEEDS_PERSON), brakes=(Brake.ADHOC,))
    without = render(build(run(facts, command="repair")), lang)
    given = render(build(run(replace(facts, code_given=True), command="repair")), lang)
    wrong = load(lang).error("code-wrong", {"version": "2022.4"})
    assert "2022.4" in wrong
    assert wrong in given
    assert wrong not in without
    assert load(lang).say("release", "adhoc") in without


@pytest.mark.parametrize("draw", [render, plan_text])
def test_brakes_and_plan_come_before_the_list(draw: Callable[[Report, str], str]) -> None:
    facts = replace(planned(code=ExitCode.REPAIRABLE), brakes=(Brake.ADHOC,))
    lines = draw(build(run(facts, command="plan")), "nl").splitlines()
    places = [
        lines.index(line)
        for line in (
            "Versie 2022.4, op inhoud; referentie door de beheerder geplaatst.",
            r"Map: D:\Praktijk\PP (medicom).",
            "Remmen:",
            "Plan:",
            "Bestanden:",
            "Mappen:",
            "Uitwegen:",
            "Bronnen:",
            "Nu:",
        )
    ]
    assert places == sorted(places)
    assert (
        next(place for place, line in enumerate(lines) if line.startswith("Niet aan")) > places[-2]
    )


def test_status_names_the_version_that_a_repair_went_to() -> None:
    facts = repaired()
    assert facts.plan is not None
    forward = replace(facts, plan=replace(facts.plan, way=WayName.FORWARD, version="4.0.0"))
    line = status(build(run(forward, command="repair")), "nl").splitlines()[0]
    assert line == "Medicom 4.0.0: Het herstel is gelukt."
