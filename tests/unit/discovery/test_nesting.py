from __future__ import annotations

from agent.discovery.interest import Words
from agent.discovery.nesting import Nest
from agent.model import Verdict
from tests.unit.discovery.folders import WEIGHTS, G, gone, place, unseen

OUTER = "D:\\Zorg"
NEST = Nest(WEIGHTS, elevated=False, folders={"BIN", "BIN/X"}, names=Words.of(["Medicom", "PP"]))


def resolved(*places):
    return {
        p.root: (p.excluded.reason if p.excluded else None, len(p.leads))
        for p in NEST.resolve(places)
    }


def test_folders_beside_each_other_stay_as_they_are():
    one, other = place("D:\\Zorg", G.SERVICE), place("D:\\Zorg2", G.SERVICE)
    assert NEST.resolve([one, other]) == (one, other)


def test_evidence_of_a_folder_of_the_product_goes_to_the_root():
    inner = place(OUTER + "\\bin", G.SEARCH_PATH, G.SERVICE)
    assert resolved(place(OUTER, c=1.0), inner) == {
        OUTER: (None, 2), OUTER + "\\bin": (f"part-of:{OUTER}", 2),
    }  # fmt: skip


def test_an_emptied_root_inside_a_copy_keeps_its_evidence():
    inner = place(OUTER + "\\Praktijk", G.INSTALL_LOCATION, G.SERVICE)
    assert resolved(place(OUTER, G.SHORTCUT, c=1.0), inner) == {
        OUTER: (None, 1),
        inner.root: (None, 2),
    }


def test_a_copy_inside_that_nothing_names_is_part_of_the_root():
    inner = place(OUTER + "\\PP", G.SWEEP, c=1.0)
    assert resolved(place(OUTER, G.SERVICE, c=0.5), inner)[OUTER + "\\PP"][0] == f"part-of:{OUTER}"


def test_a_named_folder_with_content_inside_another_stays_a_rival():
    inner = place(OUTER + "\\PP", G.SERVICE, c=1.0)
    assert resolved(place(OUTER, c=1.0), inner) == {OUTER: (None, 0), OUTER + "\\PP": (None, 1)}


def test_an_empty_folder_around_the_better_named_root_is_no_rival():
    inner = place(OUTER + "\\PP", G.SERVICE, c=1.0)
    assert resolved(place(OUTER, G.STANDARD_PLACE), inner)[OUTER] == (f"around:{inner.root}", 1)


def test_an_emptied_root_keeps_its_claim_against_a_copy_inside():
    inner = place(OUTER + "\\PP", G.SHORTCUT, c=1.0)
    outer = place(OUTER, G.SERVICE, G.INSTALL_LOCATION)
    assert resolved(outer, inner) == {OUTER: (None, 2), OUTER + "\\PP": (None, 1)}


def test_an_empty_folder_around_two_says_nothing_about_either():
    inside = [place(OUTER + f"\\PP{n}", G.SERVICE, c=1.0) for n in range(2)]
    assert resolved(place(OUTER, G.VENDOR_KEY), *inside)[OUTER] == (None, 1)


def test_of_two_empty_ones_neither_speaks_for_the_other_without_a_reason():
    inner, outer = place(OUTER + "\\App", G.SERVICE), place(OUTER, G.STANDARD_PLACE)
    assert resolved(inner, outer) == {OUTER: (None, 1), inner.root: (None, 1)}


def test_of_two_empty_ones_the_better_named_keeps_all_the_evidence():
    inner, outer = gone(OUTER + "\\PP", G.SERVICE), place(OUTER, G.STANDARD_PLACE)
    assert resolved(inner, outer) == {
        OUTER: (f"around:{inner.root}", 1), inner.root: (None, 2),
    }  # fmt: skip
    both = resolved(gone(OUTER + "\\bin", G.SERVICE), place(OUTER, G.STANDARD_PLACE))
    assert both == {OUTER: (None, 2), OUTER + "\\bin": (f"part-of:{OUTER}", 1)}


def test_what_was_not_looked_at_is_left_alone():
    inner = unseen(OUTER + "\\PP", G.SERVICE)
    assert resolved(place(OUTER, c=1.0), inner)[inner.root] == ("share-silent", 1)
    (kept,) = (p for p in NEST.resolve([place(OUTER, c=1.0), inner]) if p is inner)
    assert kept.excluded.verdict is Verdict.NOT_LOOKED_AT
