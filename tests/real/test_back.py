"""Back: the clean-up of everything that only the old version has, put right on real software."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.real_trees

MISSING, FROM_NEW = 3766, 2602


def test_half_of_the_way_back_stands_on_the_new_pc_under_other_paths(cmake, tmp_path):
    pc = cmake.cleaned(tmp_path / "BALIE-1")
    before = pc.files()

    answer = pc.plan(cmake.whole(cmake.new))

    assert (answer.kind, answer.code) == ("files-deleted", 11)
    assert answer.one["before"]["missing"] == MISSING
    assert answer.way("back") == ("3.31.6", MISSING, FROM_NEW, False)
    assert answer.way("forward")[0::3] == ("4.0.0", True)
    source = answer.source(0)
    assert (source["kind"], source["reachable"], source["refused"]) == ("folder", True, None)
    # No path fits: copying by path would have found none of them.
    assert not (cmake.whole(cmake.new) / cmake.only_old()[0]).exists()
    assert not set(cmake.only_old()) & set(cmake.files[cmake.new])

    refused = pc.repair(cmake.whole(cmake.new))
    assert refused.code == 11
    assert refused.one["after"] is None
    assert pc.files() == before


def test_two_pcs_together_complete_it_and_undo_and_redo_are_exact(cmake, tmp_path):
    pc = cmake.cleaned(tmp_path / "BALIE-1")
    sources = cmake.whole(cmake.new), cmake.whole(cmake.old)
    broken = pc.files()

    answer = pc.repair(*sources)

    assert (answer.code, answer.report["outcome"]) == (0, "ok")
    assert answer.way("back") == ("3.31.6", MISSING, MISSING, True)
    assert pc.is_complete(cmake.old)
    assert pc.has_its_own()
    new, old = answer.source(0), answer.source(1)
    own = next(each["used"] for each in answer.one["sources"] if each["kind"] == "own")
    assert (own + new["used"], old["used"]) == (FROM_NEW, MISSING - FROM_NEW)
    assert answer.one["after"]["missing"] == 0
    assert answer.one["untouched"] == {"settings": 1, "extra": 1, "ignored": 1}
    assert {each["result"] for each in answer.one["files"]} == {"restored"}
    assert pc.record.version == "3.31.6"
    whole = pc.files()
    assert {p: seen for p, seen in whole.items() if p in broken} == broken

    undone = pc.undo()
    assert undone.code == 0
    assert pc.files() == broken
    assert pc.record.version is None

    redone = pc.repair(*sources)
    assert redone.code == 0
    assert pc.files() == whole
    assert pc.check().kind == "healthy"


def test_partial_puts_back_what_is_to_be_had_and_says_20(cmake, tmp_path):
    pc = cmake.cleaned(tmp_path / "BALIE-1")

    answer = pc.repair(cmake.whole(cmake.new), partial=True)

    assert answer.code == 20
    assert answer.one["after"]["missing"] == MISSING - FROM_NEW
    left = [each for each in answer.one["files"] if each["result"] == "skipped"]
    assert len(left) == MISSING - FROM_NEW
    assert {each["reason"] for each in left} == {"no-source-has-it"}
    assert pc.record.version is None
    assert pc.check().one["before"]["missing"] == MISSING - FROM_NEW
