from __future__ import annotations

import pytest

from agent.discovery.places import Claim
from agent.discovery.scoring import noisy_or, score, weigh
from tests.unit.discovery.folders import WEIGHTS, G, lead, place


def scored(one, **options):
    return score(one, WEIGHTS, **options)


def names(one):
    return [penalty.name for penalty in scored(one).penalties]


def test_the_score_is_content_and_provenance_by_their_shares():
    one = scored(place("C:\\PP", G.SERVICE, G.SHORTCUT, c=0.8))
    assert one.provenance == pytest.approx(1 - 0.6 * 0.7)
    assert one.score == pytest.approx(0.65 * 0.8 + 0.35 * 0.58)


def test_of_one_group_only_one_piece_counts():
    weighed = weigh([lead(G.SHORTCUT), lead(G.SHORTCUT)], WEIGHTS, elevated=False)
    assert [(w.weight, w.ignored) for w in weighed] == [(0.30, None), (0.0, "stronger-of-group")]


def test_a_piece_that_does_not_count_leaves_its_group_to_the_others():
    leads = [lead(G.SHORTCUT, doubt=Claim.OTHER_PRODUCT), lead(G.SHORTCUT)]
    weighed = weigh(leads, WEIGHTS, elevated=False)
    assert [(w.weight, w.ignored) for w in weighed] == [(0.30, None), (0.0, "other-product")]


@pytest.mark.parametrize(("elevated", "provenance"), [(False, 0.30), (True, 0.0)])
def test_an_elevated_run_ignores_what_anybody_could_have_written(elevated, provenance):
    one = place("C:\\PP", leads=(lead(G.SHORTCUT, open_to_all=True),))
    got = scored(one, elevated=elevated)
    assert got.provenance == provenance
    assert got.vouched is not elevated


def test_our_record_is_refused_in_any_run_when_others_could_have_written_it():
    one = scored(place("C:\\PP", leads=(lead(G.RECORD, open_to_all=True),)))
    assert one.provenance == 0
    assert one.evidence[0].ignored == "open-to-all"


def test_the_settings_file_settles_provenance():
    one = scored(place("C:\\PP", G.CONFIGURED, G.SHORTCUT))
    assert one.provenance == 1
    assert one.configured


@pytest.mark.parametrize(
    "root",
    [
        "C:\\PharmaPartners_oud", "D:\\PharmaPartners - kopie", "D:\\PP.old", "D:\\backup\\PP",
        "D:\\Kopie van PP", "D:\\Archief 2019\\PP", "D:\\PP_OUD", "D:\\PP Oud",
    ],
)  # fmt: skip
def test_the_name_of_a_copy_is_a_penalty(root):
    assert names(place(root)) == ["backup-name"]


@pytest.mark.parametrize(
    "root", ["D:\\Oud-Beijerland\\PP", "D:\\Goud", "D:\\Kopieermachine", "D:\\Foldername\\PP"]
)
def test_a_town_or_another_word_is_none(root):
    assert names(place(root)) == []


def test_penalties_look_at_the_real_place_too():
    assert names(place("C:\\PP", canonical="D:\\PP_oud")) == ["backup-name"]


def test_passing_places_sticks_and_shares_are_penalties():
    assert names(place("C:\\Users\\x\\downloads\\PP")) == ["passing-place"]
    assert names(place("C:\\$RECYCLE.BIN\\S-1\\$R1")) == ["recycle-bin"]
    assert names(place("E:\\PP", removable=True)) == ["removable"]
    assert names(place("\\\\S\\PP", network=True)) == ["network"]


def test_penalties_are_taken_off_once_each():
    one = scored(place("D:\\oud\\Temp\\PP_oud", c=1.0))
    assert one.score == pytest.approx(0.65 - 0.20 - 0.15)


def test_noisy_or_of_nothing_is_nothing():
    assert noisy_or([]) == 0
