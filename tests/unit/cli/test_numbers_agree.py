"""The numbers of one report do not contradict each other."""

from __future__ import annotations

from typing import Any

from tests.unit.workstation import NEW, OLD, Workstation

LOST = tuple(OLD)[:25]


def _agree(one: dict[str, Any], version: str) -> None:
    (way,) = [way for way in one["ways"] if way["version"] == version]
    own, source = one["sources"]
    assert (own["kind"], source["kind"]) == ("own", "folder")
    assert way["wanted"] > 0
    assert own["wanted"] == source["wanted"] == way["wanted"]
    # Some stands in both.
    assert max(own["has"], source["has"]) <= way["has"] <= own["has"] + source["has"]


def test_a_source_is_asked_for_what_the_way_back_wants(pc: Workstation) -> None:
    pc.install().know().delete(*LOST).write(tuple(OLD)[30], b"changed")
    copy = pc.source("kopie", {path: OLD[path] for path in tuple(OLD)[5:40]})
    for said in (pc.check("--source", copy), pc.plan("--source", copy)):
        _agree(said.one, "2022.4")


def test_a_source_is_asked_for_what_the_way_forward_wants(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    part = {path: NEW[path] for path in tuple(NEW)[::2]}
    copy = pc.source("kopie", part)
    said = pc.plan("--source", copy, "--to-version", "2023.1")
    assert said.one["plan"]["blocked"] == "version-not-complete"
    _agree(said.one, "2023.1")
    assert (
        "--partial" not in pc.do("plan", "--source", copy, "--to-version", "2023.1", json=False).out
    )


def test_a_wrong_code_is_told_as_one(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", NEW)
    ask = ("--source", copy, "--to-version", "2023.1")
    assert pc.plan(*ask).one["code_given"] is False
    assert pc.plan(*ask, "--code", "7K3M-92QX-4TBP").one["code_given"] is True


def test_sources_tells_of_sources(pc: Workstation) -> None:
    pc.install().know().delete(*LOST)
    copy = pc.source("kopie", OLD)
    text = pc.do("sources", "--source", copy, json=False).out
    assert "folder:kopie (map): heeft 25 van de 25" in text
    assert "Bestanden:" not in text
    assert "Er is geen bron opgegeven" in pc.do("sources", json=False).out
