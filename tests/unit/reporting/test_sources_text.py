"""The text of `werkplek sources` is about the sources."""

from __future__ import annotations

from agent.model import (
    Coverage,
    SourceKind,
)
from agent.reporting.report import build
from agent.reporting.sources_text import sources_text
from tests.unit.reporting.building import (
    installation,
    run,
)


def test_the_text_of_sources_is_about_sources() -> None:
    own = Coverage("own", SourceKind.OWN, frozenset())
    away = Coverage("peer:A", SourceKind.PEER, frozenset(), reachable=False)
    facts = installation(coverage=(own, *installation().coverage, away))
    report = build(run(facts, command="sources"))
    lines = sources_text(report, "nl").splitlines()
    assert lines[:2] == [
        "Medicom werkt niet goed op deze computer.", f"Meldcode: {report.report_code}"
    ]  # fmt: skip
    place = lines.index("Bronnen:")
    assert lines[place + 1 : place + 6] == [
        "  stick:E (stick): heeft 2 van de 2",
        "  peer:A (andere werkplek): niet bereikbaar",
        "Uitwegen:",
        "  terug: compleet (2 bestanden, 3 KB)",
        "  vooruit naar 2023.1: 0 van de 2.110 bestanden zijn er",
    ]
    assert "Bestanden:" not in lines
    assert lines[-1].startswith("  IT: ")
    assert "  own (deze map zelf): heeft 0 van de 2" in sources_text(report, "nl", verbose=True)


def test_sources_says_that_none_was_given() -> None:
    own = Coverage("own", SourceKind.OWN, frozenset())
    text = sources_text(build(run(installation(coverage=(own,)), command="sources")), "nl")
    assert "  Er is geen bron opgegeven; geef er een met --source MAP.\n" in text
    english = sources_text(build(run(installation(coverage=()), command="sources")), "en")
    assert "  No source was given; give one with --source DIR.\n" in english
