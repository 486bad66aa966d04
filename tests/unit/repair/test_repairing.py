from __future__ import annotations

import dataclasses
import errno
import os
from pathlib import Path

import pytest

from agent.errors import ItError, StaffError, Stopped
from agent.model import Brake, Ending, Result, SourceUse, WayName
from agent.outcomes import ExitCode
from agent.progress import Watch
from agent.repair import history, unfinished
from agent.repair.containment import PinnedRoot
from agent.repair.journal import Closed
from tests.faults.practice import (
    NEW,
    OLD,
    STAMP_NS,
    Practice,
    leftovers,
    tree_of,
    write,
)
from tests.simulators.file_ops import Refuse, SteppedOps, When
from tests.simulators.sources import MemorySource, sha256_of

GONE = ("bin/lib/core.dll", "data/icons/empty.ico", "data/icons/logo.ico")
CORE = "bin/lib/core.dll"
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path, ops=SteppedOps()).install(OLD)


@pytest.fixture
def broken(practice: Practice) -> Practice:
    return practice.remove(*GONE)


def outcome(result) -> list[tuple[str, Result, str | None]]:
    return [(r.path, r.result, r.reason) for r in result.results]


def bytes_of(tree: dict) -> dict:
    return {path: seen and seen[0] for path, seen in tree.items()}


def endings(practice: Practice) -> list[Closed | None]:
    known = history.load(practice.runs, PinnedRoot.pin(practice.root))
    return [run.read.done and run.read.done.ending for run in known.runs]


def test_puts_back_what_is_missing_and_nothing_else(practice: Practice):
    whole = practice.tree()
    practice.remove(*GONE)

    result = practice.repair(practice.plan(OLD))

    assert result.ending is Ending.COMMITTED
    assert [(r.path, r.result, r.source_id) for r in result.results] == [
        (path, Result.RESTORED, "memory:1") for path in GONE
    ]
    assert result.directories == ("data", "spool", "data/icons", "spool/out")
    assert result.sources == (SourceUse("memory:1", 3),)
    assert result.undo_available
    after = practice.tree()
    assert bytes_of(after) == bytes_of(whole) | {"spool/": None, "spool/out/": None}
    assert {p: v for p, v in after.items() if p not in GONE and p in whole} == {
        p: v for p, v in whole.items() if p not in GONE
    }
    assert (practice.root / CORE).stat().st_mtime_ns == STAMP_NS
    assert leftovers(practice.root) == []
    assert endings(practice) == [Closed.COMMITTED]


def test_several_threads_do_the_same(broken: Practice):
    version = OLD | {f"many/{n}/{n}.dll": b"%d" % n * n for n in range(120)}
    source = MemorySource.of(*version.values())
    result = broken.repair(broken.plan(version), source, threads=4)
    assert result.ending is Ending.COMMITTED
    assert {p: d for p, d in bytes_of(broken.tree()).items() if p in version} == version
    assert result.sources == (SourceUse("memory:1", 123),)


def test_a_whole_installation_is_left_alone(practice: Practice):
    practice.repair(practice.plan(OLD))
    before = practice.tree()
    result = practice.repair(practice.plan(OLD))
    assert (result.ending, result.results) == (Ending.NOTHING_TO_DO, ())
    assert practice.tree() == before


def test_forward_replaces_adds_and_keeps_the_rest(practice: Practice):
    before = practice.tree()

    result = practice.repair(practice.plan(NEW, WayName.FORWARD))

    assert result.ending is Ending.COMMITTED
    after = practice.tree()
    assert {p: bytes_of(after)[p] for p in NEW} == NEW
    untouched = set(before) - set(NEW)
    assert {p: after[p] for p in untouched} == {p: before[p] for p in untouched}
    assert after["bin/medicom.exe"][1] == before["bin/medicom.exe"][1], "the mode stays"


def test_the_folder_on_disk_is_used_whatever_its_case(broken: Practice):
    (broken.root / "bin").rename(broken.root / "aside").rename(broken.root / "BIN")
    result = broken.repair(broken.plan(OLD))
    assert result.ending is Ending.COMMITTED
    assert "bin" not in [path.name for path in broken.root.iterdir()]
    assert (broken.root / "BIN" / "lib" / "core.dll").read_bytes() == OLD[CORE]


@pytest.mark.parametrize("way", [WayName.BACK, WayName.FORWARD])
def test_one_file_that_nobody_has_means_nothing_is_done(broken: Practice, way: WayName):
    before = broken.tree()
    result = broken.repair(broken.plan(OLD, way), MemorySource.of(OLD[CORE]))
    assert result.ending is Ending.NOT_STARTED
    assert outcome(result) == [
        (CORE, Result.SKIPPED, "rolled-back"),
        ("data/icons/empty.ico", Result.FAILED, "no-source"),
        ("data/icons/logo.ico", Result.FAILED, "no-source"),
    ]
    assert (result.directories, result.undo_available) == ((), False)
    assert broken.tree() == before
    assert endings(broken) == [Closed.NOT_STARTED]


def test_partial_does_what_can_be_done(broken: Practice):
    result = broken.repair(broken.plan(OLD), MemorySource.of(OLD[CORE]), partial=True)
    assert result.ending is Ending.COMMITTED
    assert [r.result for r in result.results] == [Result.RESTORED, Result.FAILED, Result.FAILED]
    assert (broken.root / CORE).read_bytes() == OLD[CORE]
    assert leftovers(broken.root) == []


def test_partial_does_not_make_a_half_forward(broken: Practice):
    before = broken.tree()
    plan = broken.plan(NEW, WayName.FORWARD)
    result = broken.repair(plan, MemorySource.of(NEW["new.dll"]), partial=True)
    assert result.ending is Ending.NOT_STARTED
    assert broken.tree() == before


def test_sources_complete_each_other_file_by_file(broken: Practice):
    first = MemorySource.of(OLD[CORE], source_id="first")
    second = MemorySource.of(b"", OLD["data/icons/logo.ico"], source_id="second")
    result = broken.repair(broken.plan(OLD), first, second)
    assert [r.source_id for r in result.results] == ["first", "second", "second"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"lies": {sha256_of(OLD[CORE])}}, "wrong-bytes"),
        ({"truncates": {sha256_of(OLD[CORE])}}, "wrong-bytes"),
        ({"unreadable": {sha256_of(OLD[CORE])}}, "source-unreadable"),
        ({"forgotten": {sha256_of(OLD[CORE])}}, "no-source"),
        ({"gone_after_bytes": 10}, "source-gone"),
        ({"reachable": False}, "no-source"),
    ],
)
def test_a_source_that_fails_makes_room_for_the_next(broken: Practice, fault, reason):
    before = broken.tree()
    bad = MemorySource.of(*OLD.values(), source_id="bad", **fault)
    plan = dataclasses.replace(broken.plan(OLD), directories=())
    plan = dataclasses.replace(plan, steps=tuple(s for s in plan.steps if s.path == CORE))

    alone = broken.repair(plan, bad)
    assert outcome(alone) == [(CORE, Result.FAILED, reason)]
    assert broken.tree() == before

    bad = MemorySource.of(*OLD.values(), source_id="bad", **fault)
    good = MemorySource.of(*OLD.values(), source_id="good")
    result = broken.repair(plan, bad, good)
    assert [(r.result, r.source_id) for r in result.results] == [(Result.RESTORED, "good")]
    assert (broken.root / CORE).read_bytes() == OLD[CORE]


def test_three_false_answers_put_a_source_out(practice: Practice):
    version = {f"{n}.dll": b"%d" % n for n in range(5)}
    bad = MemorySource.of(*version.values(), source_id="bad")
    bad.lies = set(bad.has)
    good = MemorySource.of(*version.values(), source_id="good")
    result = practice.repair(practice.plan(version, directories=()), bad, good)
    assert result.ending is Ending.COMMITTED
    assert len(bad.opened) == 3
    assert result.sources[0] == SourceUse("bad", 0, "source-false-answers")


def test_without_room_nothing_is_written(broken: Practice):
    broken.ops.free = 99
    with pytest.raises(ItError) as caught:
        broken.repair(broken.plan(OLD, room=100))
    assert (caught.value.problem, caught.value.exit_code) == ("disk-full", ExitCode.DISK_FULL)
    assert (caught.value.facts["needed"], caught.value.facts["free"]) == (100, 99)
    assert list(broken.runs.iterdir()) == []
    assert not list(broken.root.glob(".werkplek*"))


@pytest.mark.parametrize("change", [{"blocked": "not-complete"}, {"brakes": (Brake.MASS_CHANGE,)}])
def test_a_plan_that_may_not_be_carried_out_is_refused(broken: Practice, change):
    before = broken.tree()
    with pytest.raises(StaffError) as caught:
        broken.repair(dataclasses.replace(broken.plan(OLD), **change))
    assert caught.value.exit_code is ExitCode.NEEDS_PERSON
    assert broken.tree() == before


STEPS = ["make_directory", "create_staging", "write", "finish", "sync_volume", "rename_no_clobber",
         "replace_keeping", "match_attributes"]  # fmt: skip


@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_at_any_step_puts_everything_back(practice: Practice, step: str, skip: int):
    before = practice.tree()
    moves = {"rename_no_clobber", "replace_keeping"}
    times = 1 if step in moves else None  # the way back is such a step too
    practice.ops.hook = Refuse(step, FULL, skip=skip + (step == "make_directory"), times=times)
    with pytest.raises(ItError) as caught:
        practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert caught.value.problem == "disk-full"
    assert practice.tree() == before
    assert unfinished(practice.runs, practice.root) == ()


@pytest.mark.parametrize("record", [0, 1])
def test_a_journal_that_can_not_be_written_ends_the_run(practice: Practice, record: int):
    before = practice.tree()
    practice.ops.hook = Refuse("append", FULL, skip=record)
    with pytest.raises(ItError) as caught:
        practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert caught.value.problem == "disk-full"
    assert practice.tree() == before


def test_a_last_record_that_can_not_be_written_harms_nothing(practice: Practice):
    before = practice.tree()
    practice.ops.hook = Refuse("append", FULL, skip=2)
    result = practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert result.ending is Ending.COMMITTED
    practice.ops.hook = Refuse("none", FULL)
    practice.undo()
    assert practice.tree() == before


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBUSY, errno.EXDEV])
def test_a_file_that_is_refused_takes_the_others_back(practice: Practice, number: int):
    before = practice.tree()
    practice.ops.hook = Refuse("replace_keeping", OSError(number, "no"), skip=1, times=1)
    result = practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert result.ending is Ending.ROLLED_BACK
    reasons = {errno.EACCES: "no-rights", errno.EBUSY: "locked", errno.EXDEV: "write-failed"}
    failures = [r for r in result.results if r.result is Result.FAILED]
    assert [(f.path, f.reason, f.error.errno) for f in failures] == [
        ("bin/medicom.exe", reasons[number], number)
    ]
    assert practice.tree() == before
    assert endings(practice) == [Closed.ROLLED_BACK]


def test_what_could_not_be_rolled_back_can_be_undone(practice: Practice):
    before = practice.tree()
    practice.ops.hook = Refuse("replace_keeping", FULL, skip=1)
    result = practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert (result.ending, result.undo_available) == (Ending.NOT_ROLLED_BACK, True)
    assert (CORE, Result.RESTORED, None) in outcome(result)
    assert (practice.root / CORE).read_bytes() == NEW[CORE]
    practice.ops.hook = Refuse("none", FULL)
    assert practice.undo().ending is Ending.UNDONE
    assert practice.tree() == before


def test_a_roll_back_leaves_what_somebody_changed_since_and_says_so(practice: Practice):
    theirs = practice.root / CORE

    def hook(name: str, moment: str, subject: object) -> None:
        if (name, moment) == ("replace_keeping", "after") and subject == theirs:
            theirs.unlink()
            theirs.write_bytes(b"theirs")
        if (name, moment) == ("replace_keeping", "before") and subject != theirs:
            raise OSError(errno.EACCES, "no")

    practice.ops.hook = hook
    result = practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert result.ending is Ending.NOT_ROLLED_BACK
    assert theirs.read_bytes() == b"theirs"
    assert leftovers(practice.root) == []


@pytest.mark.parametrize("step", ["make_directory", "create_staging", "write", "sync_volume",
                                  "rename_no_clobber", "replace_keeping"])  # fmt: skip
def test_a_stop_at_any_moment_puts_everything_back(practice: Practice, step: str):
    before = practice.tree()
    practice.ops.hook = When(step, practice.watch.stop, "after")
    with pytest.raises(Stopped):
        practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert practice.tree() == before
    assert unfinished(practice.runs, practice.root) == ()
    practice.watch = Watch()
    practice.ops.hook = Refuse("none", FULL)
    assert practice.repair(practice.plan(NEW, WayName.FORWARD)).ending is Ending.COMMITTED


def appearing(practice: Practice, make) -> None:
    """Right before the first flush, that is between staging and the second look."""
    practice.ops.hook = When("sync_volume", make)


def at_the_rename(practice: Practice, make) -> None:
    """Between the second look and the rename."""
    practice.ops.hook = When("append", lambda: None)
    once = When("rename_no_clobber", make)
    practice.ops.hook = once


@pytest.mark.parametrize("moment", [appearing, at_the_rename])
def test_a_file_that_appeared_wins_over_ours(broken: Practice, moment):
    moment(broken, lambda: write(broken.root / CORE, b"theirs"))
    result = broken.repair(broken.plan(OLD))
    assert result.ending is Ending.COMMITTED
    assert outcome(result)[0] == (CORE, Result.SKIPPED, "appeared")
    assert (broken.root / CORE).read_bytes() == b"theirs"
    assert leftovers(broken.root) == []
    broken.undo()
    assert (broken.root / CORE).read_bytes() == b"theirs"


@pytest.mark.parametrize("moment", [appearing, at_the_rename])
def test_a_right_file_that_appeared_is_right_and_not_ours(broken: Practice, moment):
    moment(broken, lambda: write(broken.root / CORE, OLD[CORE]))
    result = broken.repair(broken.plan(OLD))
    assert outcome(result)[0] == (CORE, Result.ALREADY_RIGHT, None)
    broken.undo()
    assert (broken.root / CORE).read_bytes() == OLD[CORE]


def test_a_file_that_appeared_under_another_case_counts(broken: Practice):
    theirs = broken.root / "bin/lib/CORE.DLL"
    appearing(broken, lambda: write(theirs, b"theirs"))
    result = broken.repair(broken.plan(OLD))
    assert outcome(result)[0] == (CORE, Result.SKIPPED, "appeared")
    assert "core.dll" not in [path.name for path in (broken.root / CORE).parent.iterdir()]


def test_forward_is_all_or_nothing_when_a_file_appeared(practice: Practice):
    appearing(practice, lambda: write(practice.root / "new.dll", b"theirs"))
    before = practice.tree()
    result = practice.repair(practice.plan(NEW, WayName.FORWARD))
    assert result.ending is Ending.NOT_STARTED
    after = practice.tree()
    assert bytes_of(after).pop("new.dll") == b"theirs"
    del after["new.dll"]
    assert after == before


@pytest.mark.parametrize("moment", [appearing, at_the_rename])
@pytest.mark.parametrize("what", ["folder", pytest.param("link", marks=pytest.mark.posix("links"))])
def test_a_folder_or_link_in_the_place_is_left_alone(broken: Practice, tmp_path, moment, what):
    place, victim = broken.root / CORE, tmp_path / "victim"
    write(victim, b"precious")
    moment(broken, place.mkdir if what == "folder" else lambda: place.symlink_to(victim))
    result = broken.repair(broken.plan(OLD))
    assert result.ending in {Ending.NOT_STARTED, Ending.ROLLED_BACK}
    assert (CORE, Result.FAILED, "not-a-file") in outcome(result)
    assert place.is_dir() if what == "folder" else place.is_symlink()
    assert victim.read_bytes() == b"precious"
    assert not (broken.root / "data").exists()


@pytest.mark.posix("links")
@pytest.mark.parametrize("moment", [appearing, at_the_rename])
def test_a_parent_that_became_a_link_is_not_followed(broken: Practice, tmp_path: Path, moment):
    (tmp_path / "elsewhere").mkdir()
    lib = broken.root / "bin/lib"

    def swap() -> None:
        lib.rename(broken.root / "bin/lib-aside")
        lib.symlink_to(tmp_path / "elsewhere")

    moment(broken, swap)
    result = broken.repair(broken.plan(OLD))
    assert result.ending in {Ending.NOT_STARTED, Ending.NOT_ROLLED_BACK}
    assert outcome(result)[0][:2] == (CORE, Result.FAILED)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_root_itself_swapped_stops_everything(broken: Practice, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()

    def swap() -> None:
        broken.root.rename(tmp_path / "aside")
        other.rename(broken.root)

    broken.ops.hook = When("create_staging", swap)
    with pytest.raises(ItError) as caught:
        broken.repair(broken.plan(OLD))
    assert caught.value.problem == "root-changed"
    assert tree_of(broken.root) == {}


def test_the_root_swapped_since_the_look_stops_everything(broken: Practice, tmp_path: Path):
    plan, seen = broken.plan(OLD), PinnedRoot.pin(broken.root)
    broken.root.rename(tmp_path / "aside")
    broken.root.mkdir()
    with pytest.raises(ItError) as caught:
        broken.repair(plan, root=seen)
    assert caught.value.problem == "root-changed"
    assert list(broken.root.iterdir()) == []
    assert not list(broken.runs.iterdir())


@pytest.mark.parametrize("way", list(WayName))
def test_partial_does_not_mix_versions_where_the_plan_completes_one(
    practice: Practice, way: WayName
):
    before = practice.tree()
    plan = dataclasses.replace(practice.plan(NEW, way), whole=True)
    result = practice.repair(plan, MemorySource.of(NEW[CORE], NEW["new.dll"]), partial=True)
    assert result.ending is Ending.NOT_STARTED
    assert practice.tree() == before


def test_a_file_that_appeared_is_not_the_version_that_the_plan_completes(practice: Practice):
    plan = dataclasses.replace(practice.plan(NEW), whole=True)
    write(practice.root / "new.dll", b"theirs")
    before = practice.tree()
    result = practice.repair(plan, partial=True)
    assert result.ending is Ending.NOT_STARTED
    assert ("new.dll", Result.SKIPPED, "appeared") in outcome(result)
    assert practice.tree() == before


def test_a_stopped_repair_keeps_what_was_written_right_before_it_was_taken_back(
    practice: Practice,
):
    plan = practice.plan(NEW, WayName.FORWARD)
    place, done = practice.root / CORE, []

    def hook(name: str, moment: str, subject: object) -> None:
        if (name, moment) == ("replace_keeping", "before") and subject == place:
            done.append(name)
            if len(done) == 2:
                place.write_bytes(b"their work")
        if name == "rename_no_clobber" and moment == "before":
            raise OSError(errno.EACCES, "no")

    practice.ops.hook = hook
    result = practice.repair(plan)
    assert len(done) > 1
    assert result.ending is Ending.NOT_ROLLED_BACK
    assert place.read_bytes() == b"their work"
    assert (CORE, Result.SKIPPED, "changed-meanwhile") in outcome(result)
    assert leftovers(practice.root) == []


def test_a_roll_back_deletes_nothing_that_it_could_not_give_a_name(practice: Practice):
    plan = practice.plan(NEW, WayName.FORWARD)
    place, moments = practice.root / CORE, []

    def hook(name: str, moment: str, subject: object) -> None:
        if name == "rename_no_clobber" and moment == "before":
            raise OSError(errno.EACCES, "no")
        if name == "replace_keeping" and subject == place:
            moments.append(moment)
            if moments == ["before", "after", "before"]:
                place.write_bytes(b"their work")
            if moments == ["before", "after", "before", "after"]:
                write(place, b"a third")

    practice.ops.hook = hook
    result = practice.repair(plan)
    assert result.ending is Ending.NOT_ROLLED_BACK
    assert place.read_bytes() == b"a third"
    (kept,) = (r.path for r in result.results if r.reason == "kept-beside")
    assert (practice.root / kept).read_bytes() == b"their work"


@pytest.mark.parametrize("moment", ["sync_volume", "replace_keeping", "match_attributes"])
def test_a_file_that_changed_since_the_look_is_not_replaced(practice: Practice, moment: str):
    plan = practice.plan(NEW, WayName.FORWARD)
    place = practice.root / CORE
    practice.ops.hook = When(moment, lambda: write(place, b"theirs", mtime_ns=5))
    result = practice.repair(plan)
    assert result.ending in {Ending.NOT_STARTED, Ending.ROLLED_BACK}
    assert (CORE, Result.SKIPPED, "changed-meanwhile") in outcome(result)
    assert place.read_bytes() == b"theirs"
    assert (practice.root / "bin/medicom.exe").read_bytes() == OLD["bin/medicom.exe"]
    assert leftovers(practice.root) == []


def test_a_replaced_file_that_is_right_by_now_is_left(practice: Practice):
    plan = practice.plan(NEW, WayName.FORWARD)
    write(practice.root / CORE, NEW[CORE], mtime_ns=500)
    result = practice.repair(plan)
    assert result.ending is Ending.COMMITTED
    assert (CORE, Result.ALREADY_RIGHT, None) in outcome(result)
    assert (practice.root / CORE).stat().st_mtime_ns == 500


def test_a_replaced_file_that_is_gone_by_now_was_changed(practice: Practice):
    plan = practice.plan(NEW, WayName.FORWARD)
    (practice.root / CORE).unlink()
    result = practice.repair(plan)
    assert (CORE, Result.SKIPPED, "changed-meanwhile") in outcome(result)
    assert result.ending is Ending.NOT_STARTED


def test_a_run_name_that_was_used_is_not_used_again(broken: Practice):
    broken.next_run = lambda: "same"
    broken.repair(broken.plan(OLD))
    before = broken.tree()
    with pytest.raises(ItError) as caught:
        broken.repair(broken.plan(NEW, WayName.FORWARD))
    assert caught.value.problem == "cannot-write"
    assert broken.tree() == before


def test_names_with_accents_emoji_and_great_length(practice: Practice):
    deep = "/".join(["map ë" + "x" * 40] * 8)
    version = {f"{deep}/naam ☎.dll": b"1", "é" * 120 + ".dll": b"2", "x" * 255: b"3"}
    practice.repair(practice.plan(version, directories=()), MemorySource.of(b"1", b"2", b"3"))
    assert {p: d for p, d in bytes_of(practice.tree()).items() if p in version} == version
    practice.undo()
    assert not any(p in practice.tree() for p in version)


@pytest.mark.posix("access times")
def test_nothing_is_opened_that_the_plan_does_not_name(broken: Practice):
    settings = broken.root / "config/balie.ini"
    plan = broken.plan(OLD)
    os.utime(settings, ns=(1, 1))
    broken.repair(plan)
    assert settings.stat().st_atime_ns == 1
