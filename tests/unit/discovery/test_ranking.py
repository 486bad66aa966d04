from __future__ import annotations

import pytest

from agent.discovery.places import Exclusion
from agent.model import FindOutcome, Verdict
from tests.unit.discovery.folders import G, gone, judge, lead, place, unseen, verdicts

A, B, D = "C:\\PP", "D:\\PP", "D:\\X"
REGISTERED = (G.SERVICE, G.INSTALL_LOCATION, G.SHORTCUT)
STALE = (G.INSTALL_LOCATION, G.UNINSTALLER)


def test_the_only_registered_folder_is_chosen():
    found = judge(place(A, *REGISTERED, c=1.0))
    assert (found.outcome, found.margin) == (FindOutcome.CHOSEN, None)
    assert verdicts(found) == {A: ("chosen", "only-one")}


def test_content_alone_is_enough_when_nothing_speaks_against_it():
    assert judge(place(A, G.SWEEP, c=1.0)).outcome is FindOutcome.CHOSEN


def test_what_does_not_score_enough_is_asked_about():
    found = judge(place(A, c=0.9))
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found) == {A: ("too-little", "low-score:0.58")}


def test_little_content_is_not_found():
    found = judge(place(A, G.SHORTCUT, c=0.39, wrong=6))
    assert found.outcome is FindOutcome.NOT_FOUND
    assert verdicts(found) == {A: ("too-little", "low-content:0.39")}


def test_a_clear_lead_wins_and_a_copy_is_called_one():
    found = judge(place(A, *REGISTERED, c=0.9), place("D:\\PP_oud", c=1.0))
    assert found.outcome is FindOutcome.CHOSEN
    assert verdicts(found) == {
        A: ("chosen", "clear-lead:0.39"),
        "D:\\PP_oud": ("copy", f"copy-of:{A}"),
    }
    assert found.margin == pytest.approx(0.38945)


def test_two_without_a_clear_lead_are_asked_about():
    found = judge(place(A, G.SHORTCUT, c=1.0), place(B, G.APP_PATHS, c=1.0))
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found) == {A: ("rival", "too-close:0.00"), B: ("rival", "too-close:0.00")}


def test_a_complete_copy_never_beats_the_registered_folder():
    found = judge(place(A, *REGISTERED, c=0.45), place(B, G.SHORTCUT, c=1.0))
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found) == {
        A: ("rival", f"beside:{B}"),
        B: ("copy", f"registered-elsewhere:{A}"),
    }


@pytest.mark.parametrize("make", [place, gone, unseen])
def test_a_copy_without_traces_never_beats_what_one_trace_names(make):
    found = judge(make(A, G.INSTALL_LOCATION), place(B, G.SWEEP, c=1.0))
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found)[B] == ("copy", f"registered-elsewhere:{A}")


def test_a_dead_shortcut_does_not_stand_in_the_way():
    assert judge(gone(A, G.DEAD_SHORTCUT), place(B, c=1.0)).outcome is FindOutcome.CHOSEN


def test_a_stale_uninstall_key_does_not_block_an_installed_folder():
    found = judge(gone(A, *STALE), place(B, G.SERVICE, G.VENDOR_KEY, c=1.0))
    assert found.outcome is FindOutcome.CHOSEN
    assert verdicts(found) == {B: ("chosen", "only-one"), A: ("gone", "gone")}


@pytest.mark.parametrize("make", [place, gone, unseen])
def test_it_does_block_one_that_people_merely_work_with(make):
    in_use = place(B, G.RUNNING, G.SHORTCUT, G.AUTOSTART, G.RECORD, c=1.0)
    found = judge(make(A, G.INSTALL_LOCATION), in_use)
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found)[B] == ("rival", f"beside:{A}")


def test_a_folder_in_use_does_not_win_over_an_installed_one_with_less_of_the_content():
    found = judge(place(A, *STALE, c=0.5), place(B, G.RUNNING, G.SHORTCUT, c=1.0))
    assert found.outcome is FindOutcome.SEVERAL


def test_what_is_gone_but_named_by_more_than_an_uninstaller_does():
    found = judge(gone(A, *STALE, G.SERVICE), place(B, G.RUNNING, c=1.0))
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found)[A] == ("emptied", "folder-gone")


def test_an_emptied_registered_folder_blocks_a_copy_that_is_hardly_better_registered():
    shell = place(A, G.SERVICE, G.VENDOR_KEY)  # P = 0.61
    assert judge(shell, place(B, G.SERVICE, G.VENDOR_KEY, G.SEARCH_PATH, c=1.0)).outcome is (
        FindOutcome.SEVERAL
    )
    assert judge(shell, place(B, G.SERVICE, G.VENDOR_KEY, G.SHORTCUT, c=1.0)).outcome is (
        FindOutcome.CHOSEN
    )


def test_two_versions_side_by_side_are_asked_about_whatever_the_lead():
    found = judge(place(A, *REGISTERED, G.RUNNING, c=1.0), place(B, *STALE, c=1.0))
    assert found.margin > 0.10
    assert found.outcome is FindOutcome.SEVERAL


def test_one_of_them_with_a_penalty_is_no_rival():
    setup = place("C:\\x\\Temp\\PP", G.RUNNING, c=1.0)
    assert judge(place(A, *REGISTERED, c=1.0), setup).chosen.root == A


@pytest.mark.parametrize(
    ("root", "groups", "outcome", "word"),
    [
        ("C:\\x\\Temp\\PP", (G.RUNNING,), FindOutcome.SEVERAL, "penalised:passing-place"),
        ("D:\\PP_oud", (G.RUNNING, G.SHORTCUT), FindOutcome.SEVERAL, "penalised:backup-name"),
        ("D:\\PP_oud", REGISTERED, FindOutcome.CHOSEN, "only-one"),
    ],
)
def test_a_folder_with_a_penalty_is_taken_only_when_it_is_registered(root, groups, outcome, word):
    found = judge(place(root, *groups, c=1.0))
    assert (found.outcome, found.candidates[0].reason) == (outcome, word)


def test_a_registered_folder_on_a_share_is_taken():
    assert judge(place("\\\\S\\PP", *REGISTERED, c=1.0, network=True)).chosen is not None


def test_a_folder_that_the_settings_name_wins_whatever_the_others_weigh():
    found = judge(place(A, G.CONFIGURED, c=0.5), place(B, *REGISTERED, c=1.0))
    assert found.chosen.root == A
    word = ("weaker", f"configured-elsewhere:{A}")
    assert verdicts(found) == {A: ("chosen", "configured"), B: word}
    assert found.margin is None


def test_one_that_holds_another_product_does_not():
    found = judge(place(A, G.CONFIGURED, foreign="pharmacom"), place(B, *REGISTERED, c=1.0))
    assert found.outcome is FindOutcome.SEVERAL
    assert verdicts(found)[A] == ("emptied", "content-gone")


def test_one_without_content_is_the_emptied_one():
    found = judge(place(A, G.CONFIGURED), place(B, c=1.0))
    assert (found.outcome, found.chosen.root) == (FindOutcome.EMPTIED, A)


@pytest.mark.parametrize(
    ("one", "outcome", "word"),
    [
        (place(A, *REGISTERED), FindOutcome.EMPTIED, ("emptied", "content-gone")),
        (place(A, G.SHORTCUT), FindOutcome.EMPTIED, ("emptied", "content-gone")),
        (place(A, *REGISTERED, wrong=9), FindOutcome.EMPTIED, ("emptied", "content-unknown")),
        (gone(A, *REGISTERED), FindOutcome.EMPTIED, ("emptied", "folder-gone")),
        (place(A, G.STANDARD_PLACE), FindOutcome.NOT_FOUND, ("too-little", "no-content")),
        (place(A, G.SHORTCUT, wrong=9), FindOutcome.NOT_FOUND, ("too-little", "other-content")),
        (gone(A, G.INSTALL_LOCATION), FindOutcome.NOT_FOUND, ("gone", "gone")),
        (unseen(A, *REGISTERED), FindOutcome.NOT_FOUND, ("not-looked-at", "share-silent")),
    ],
    ids=["registered", "named", "unknown", "gone", "shell", "decoy", "one-key", "unseen"],
)
def test_a_folder_without_content(one, outcome, word):
    found = judge(one)
    assert (found.outcome, verdicts(found)) == (outcome, {A: word})


@pytest.mark.parametrize(("groups", "emptied"), [((G.RECORD, G.RUNNING), 0), (STALE, 1)])
def test_a_folder_that_another_product_took_over_is_emptied_only_by_an_installers_word(
    groups, emptied
):
    found = judge(place(A, *groups, foreign="pharmacom"))
    assert (found.outcome is FindOutcome.EMPTIED) is bool(emptied)


def test_two_emptied_folders_are_asked_about():
    found = judge(place(A, *REGISTERED), place(B, *REGISTERED))
    assert found.outcome is FindOutcome.SEVERAL
    assert set(verdicts(found).values()) == {("rival", "content-gone")}


def test_an_emptied_folder_beats_one_that_is_gone():
    assert judge(place(A, *REGISTERED), gone(B, *STALE)).chosen.root == A


def test_an_elevated_run_takes_nothing_that_only_open_evidence_names():
    planted = place(A, c=1.0, leads=(lead(G.SHORTCUT, open_to_all=True),))
    found = judge(planted, elevated=True)
    assert (found.outcome, found.chosen) == (FindOutcome.SEVERAL, None)
    assert verdicts(found) == {A: ("too-little", "only-open-evidence")}


def test_a_sweep_that_stopped_early_never_says_not_found():
    assert judge(unswept=True).outcome is FindOutcome.BUDGET_SPENT
    found = judge(place(A, G.SWEEP, c=1.0), unswept=True)
    assert (found.outcome, verdicts(found)[A]) == (
        FindOutcome.BUDGET_SPENT, ("too-little", "sweep-incomplete"),
    )  # fmt: skip


def test_nothing_at_all_is_not_found():
    assert judge().outcome is FindOutcome.NOT_FOUND


@pytest.mark.parametrize("verdict", [Verdict.SHADOW, Verdict.OURS, Verdict.INSIDE])
def test_what_is_excluded_neither_wins_nor_stands_in_the_way(verdict):
    excluded = place(B, *REGISTERED, c=1.0, excluded=Exclusion(verdict, "why"))
    found = judge(excluded, place(A, c=1.0))
    assert found.chosen.root == A
    assert verdicts(found)[B] == (verdict.value, "why")
    assert judge(excluded).outcome is FindOutcome.NOT_FOUND
