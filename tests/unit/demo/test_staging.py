"""The whole demo on small software: every expected state, and what is told of it."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from agent.demo.play import SCENES
from agent.demo.staging import run_demo
from agent.demo.table import Teller, aligned, as_json
from agent.model import DiagnosisClass
from agent.outcomes import ExitCode
from agent.reporting.texts import load


class Listener(Teller):
    """A real teller that keeps what it said."""

    def __init__(self, language: str = "nl") -> None:
        self.lines: list[str] = []
        super().__init__(load(language), self.lines.append)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture(scope="module")
def played(small, tmp_path_factory):
    listener = Listener()
    folder = tmp_path_factory.mktemp("demo")
    return run_demo(small, folder, listener), listener.text, folder


def test_every_expected_state_is_reached(played):
    outcome, _, _ = played
    assert [(one.scene.pc, one.faults) for one in outcome.scenes] == [
        (scene.pc, []) for scene in SCENES
    ]
    assert outcome.code is ExitCode.OK


def test_every_pc_is_shown_and_no_pc_is_left_broken(played):
    outcome, _, _ = played
    healed = {one.scene.pc for one in outcome.scenes if one.scene.complete}
    assert healed == {pc.name for pc in outcome.pcs}


def test_the_text_names_pcs_and_no_ids_of_ours(played):
    _, text, _ = played
    assert "folder:" not in text
    assert "files-deleted" not in text
    assert "Gevraagd aan: SPREEKKAMER-1, SPREEKKAMER-2" in text
    assert "bestanden verwijderd" in text
    assert "Elke computer is zoals verwacht" in text


def test_bytes_of_the_pc_itself_are_told_in_words(played):
    outcome, _, _ = played
    listener = Listener()
    listener.begin(outcome.software, outcome.pcs)
    lab = next(one for one in outcome.scenes if one.scene.pc == "LAB")
    listener.scene(replace(lab, used={"own": 53, "SPREEKKAMER-1": 1}))
    assert "  53 bestanden van deze pc zelf, onder een andere naam" in listener.lines
    assert "  1 bestand van SPREEKKAMER-1" in listener.lines
    assert "  Een mens koos: compleet maken tot versie 4.0.0." in listener.lines


def test_bytes_come_from_the_pcs_that_were_asked(played):
    outcome, _, _ = played
    combined = outcome.scenes[3]
    assert combined.used.keys() <= {"own", "SPREEKKAMER-1", "SPREEKKAMER-2"}
    assert sum(combined.used.values()) == combined.restored
    assert combined.used["SPREEKKAMER-1"] > combined.used["SPREEKKAMER-2"] > 0


def test_as_json_it_is_one_document_with_the_same_facts(played):
    outcome, _, folder = played
    document = msgspec.json.decode(as_json(outcome))
    assert (document["type"], document["expected"], document["real"]) == ("result", True, False)
    assert [scene["pc"] for scene in document["scenes"]] == [scene.pc for scene in SCENES]
    assert {scene["class"] for scene in document["scenes"]} == {
        "healthy", "files-deleted", "half-updated", "unknown",
    }  # fmt: skip
    assert str(folder) not in as_json(outcome).decode()


def test_everything_stands_below_the_folder_that_was_given(played):
    _, _, folder = played
    assert sorted(path.name for path in folder.iterdir()) == [
        "gewist",
        "lijsten",
        "praktijk",
        "state",
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_scene_that_ends_otherwise_is_told_and_fails_the_demo(small, tmp_path, language):
    healthy = SCENES[0]
    wrong = replace(healthy, kind=DiagnosisClass.DAMAGED, look=ExitCode.REPAIRABLE, complete=False)
    listener = Listener(language)

    outcome = run_demo(small, tmp_path, listener, scenes=(healthy, wrong))

    assert outcome.code is ExitCode.INTERNAL_ERROR
    assert [one.faults for one in outcome.scenes] == [[], ["demo-class", "demo-code"]]
    said = {
        "nl": ("NIET zoals verwacht: ander oordeel, andere uitkomst", "1 computer is niet zoals"),
        "en": ("NOT as expected: another class, another outcome", "1 PC is not as expected"),
    }
    assert all(words in listener.text for words in said[language])
    assert not any(line.startswith(("\nElke", "\nEvery")) for line in listener.lines)
    assert msgspec.json.decode(as_json(outcome))["expected"] is False


def test_a_repair_that_is_not_held_back_is_a_fault(small, tmp_path):
    balie = SCENES[3]
    wrong = replace(balie, refused=ExitCode.PARTLY_REPAIRABLE)

    outcome = run_demo(small, tmp_path, Listener(), scenes=(wrong,))

    assert outcome.code is ExitCode.INTERNAL_ERROR
    faults = outcome.scenes[0].faults
    assert faults[:2] == ["demo-refused", "demo-untouched"]


def test_columns_are_as_wide_as_their_widest_cell():
    assert aligned([["a", "bb"], ["cccc", "d"]]) == "a     bb\n----  --\ncccc  d"
