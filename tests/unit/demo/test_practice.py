"""The seven PCs as they are built, and what the clean-up leaves of them."""

from __future__ import annotations

import hashlib

import pytest

from agent.demo.damage import break_practice
from agent.demo.notice import notice_would
from agent.demo.practice import Damage, build, content, settings_intact
from agent.demo.software import NEW_VERSION, OLD_VERSION


@pytest.fixture
def pcs(small, tmp_path):
    return build(small, tmp_path / "praktijk")


@pytest.fixture
def broken(pcs, small, tmp_path):
    break_practice(pcs, small, tmp_path / "gewist")
    return {pc.name: pc for pc in pcs}


def program(pc):
    return {path: sha for path, (sha, _) in content(pc.root).items() if path not in pc.settings}


def test_content_is_every_byte_and_every_time(tmp_path):
    place = tmp_path / "a" / "één map" / "b.txt"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"inhoud")
    (tmp_path / "leeg.txt").touch()
    seen = content(tmp_path)
    assert seen.keys() == {"a/één map/b.txt", "leeg.txt"}
    expected = (hashlib.sha256(b"inhoud").hexdigest(), place.stat().st_mtime_ns)
    assert seen["a/één map/b.txt"] == expected


def test_seven_pcs_each_with_its_own_settings(pcs):
    assert len(pcs) == len({pc.root for pc in pcs}) == 7
    assert all(map(settings_intact, pcs))
    one, other = pcs[0], pcs[1]
    (one.root / "instellingen/werkplek.ini").write_bytes(
        (other.root / "instellingen/werkplek.ini").read_bytes()
    )
    assert not settings_intact(one)


def test_the_clean_up_deletes_what_the_newest_version_does_not_need(broken, small):
    new = small.versions[NEW_VERSION]
    left = {p: sha for p, sha in small.digests[OLD_VERSION].items() if p in new}
    for pc in broken.values():
        if pc.damage is Damage.CLEANED:
            assert program(pc) == left
            assert settings_intact(pc)


def test_a_pc_that_was_off_or_up_to_date_is_whole(broken, small):
    whole = [pc for pc in broken.values() if pc.damage in {Damage.NONE, Damage.SWITCHED_OFF}]
    assert len(whole) == 2
    for pc in whole:
        assert program(pc) == small.digests[pc.version]


def test_the_others_are_damaged_as_their_name_says(broken, small):
    old, new = small.digests[OLD_VERSION], small.digests[NEW_VERSION]
    half = program(broken["LAB"])
    assert len(half) > len(new) // 2
    assert all(sha in {new.get(path), old.get(path)} for path, sha in half.items())
    cut = program(broken["APOTHEEK"])
    wrong = [path for path, sha in cut.items() if sha != old[path]]
    assert len(wrong) == 1
    size = (broken["APOTHEEK"].root / wrong[0]).stat().st_size
    assert size == len(small.versions[OLD_VERSION][wrong[0]]) // 2


def test_the_notice_is_counted_and_not_carried_out(broken, small):
    before = {name: content(pc.root) for name, pc in broken.items()}
    results = {one.donor: one for one in notice_would(tuple(broken.values()), small)}
    assert results.keys() == {"SPREEKKAMER-1", "SPREEKKAMER-2"}
    for one in results.values():
        # Two of the five broken PCs have the program where the notice says; both lose settings.
        assert (one.reached, one.not_reached, one.settings) == (2, 3, 4)
    only_new = set(small.versions[NEW_VERSION]) - set(small.versions[OLD_VERSION])
    mixed = len(only_new & program(broken["LAB"]).keys())
    assert (results["SPREEKKAMER-1"].mixed, results["SPREEKKAMER-2"].mixed) == (0, mixed)
    assert mixed > 0
    assert {name: content(pc.root) for name, pc in broken.items()} == before
