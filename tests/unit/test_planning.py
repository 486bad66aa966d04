"""Ways, coverage, the plan and its brakes: pure, every border of every number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from agent.diagnosis.comparing import compare
from agent.diagnosis.versions import VersionEvidence, match
from agent.model import (
    Action,
    Brake,
    Coverage,
    DecidedBy,
    DiagnosisClass,
    KnownManifest,
    OsProblem,
    SourceKind,
    State,
    Trust,
    VersionFit,
    VersionMatch,
    WayName,
)
from agent.planning import (
    MASS_CHANGE_FILES,
    REPEATED_RESTORATIONS,
    WEAK_CONTENT,
    WEAK_RECALL,
    WEAK_STRANGERS,
    Choice,
    Circumstances,
    Target,
    content_score,
    make_plan,
    wanted_for,
    weigh,
)
from tests.simulators.inventories import Folder, known_manifest, numbered

CODE = "7K3M-92QX-0001"
SURE = VersionMatch(
    fits=(VersionFit("1.0", 100, 100, 100, 100, 100),),
    winner="1.0",
    runner_up=None,
    margin=1.0,
    decided_by=DecidedBy.CONTENT,
    certain=True,
    doubts=(),
)


def known(count: int = 100, **more: object) -> KnownManifest:
    return known_manifest(numbered(count), check_code=CODE, **more)


def target(
    manifest: KnownManifest,
    folder: Folder,
    way: WayName = WayName.BACK,
    *,
    replaces: bool = False,
    order: int | None = 0,
) -> Target:
    comparison = compare(manifest, folder.inventory(), frozenset(), frozenset())
    return Target(way, manifest, comparison, replaces, order)


def having(hashes: Iterable[str], source_id: str = "stick:E", **more: object) -> Coverage:
    return Coverage(source_id, SourceKind.STICK, frozenset(hashes), **more)


def everything(manifest: KnownManifest, **more: object) -> Coverage:
    return having((file.sha256 for file in manifest.files.values()), **more)


def around(**more: object) -> Circumstances:
    return replace(Circumstances(DiagnosisClass.FILES_DELETED, SURE, {}), **more)


def lost(count: int, manifest: KnownManifest | None = None) -> Folder:
    folder = Folder.of(manifest or known())
    folder.delete(*(f"bin/{n:04}.dat" for n in range(count)))
    return folder


def changed(count: int, manifest: KnownManifest | None = None) -> Folder:
    folder = Folder.of(manifest or known())
    for number in range(count):
        folder.change(f"bin/{number:04}.dat", f"odd {number}")
    return folder


# Steps.


def test_a_missing_file_is_restored_from_the_sources_that_have_it_in_order() -> None:
    goal = target(known(), lost(1))
    (wanted,) = wanted_for(goal)
    coverages = [
        having([wanted.sha256], "reserve"),
        having([], "stick:E"),
        having([wanted.sha256], "folder:kopie"),
        having([wanted.sha256], "stick:F", refused="stick-incomplete"),
    ]
    plan = make_plan(goal, coverages, Choice(), around())
    (step,) = plan.steps
    assert (step.action, step.reason) == (Action.RESTORE, None)
    assert step.source_ids == ("reserve", "folder:kopie")
    assert plan.room == wanted.size
    assert (plan.blocked, plan.brakes) == (None, ())
    assert plan.actions == plan.steps


def test_what_nobody_has_blocks_unless_a_part_will_do() -> None:
    goal = target(known(), lost(2))
    one, other = wanted_for(goal)
    coverage = [having([one.sha256])]
    plan = make_plan(goal, coverage, Choice(), around())
    assert plan.blocked == "not-complete"
    assert [step.reason for step in plan.steps] == [None, "no-source-has-it"]
    assert plan.steps[1].path == other.path
    partial = make_plan(goal, coverage, Choice(partial=True), around())
    assert (partial.blocked, len(partial.actions)) == (None, 1)


def test_a_way_that_replaces_is_all_or_nothing_whatever_was_asked() -> None:
    goal = target(known(), lost(2), WayName.FORWARD, replaces=True, order=1)
    one, _ = wanted_for(goal)
    plan = make_plan(goal, [having([one.sha256])], Choice(partial=True), around())
    assert plan.blocked == "version-not-complete"


@pytest.mark.parametrize("kind", ["unreadable", "not-checked", "folder"])
def test_what_no_source_can_help_with_makes_a_version_incomplete(kind: str) -> None:
    manifest = known()
    folder = Folder.of(manifest)
    if kind == "unreadable":
        folder.make_unreadable("bin/0000.dat")
    elif kind == "not-checked":
        folder.unhashed.add("bin/0000.dat")
    else:
        folder.replace_by_directory("bin/0000.dat")
    goal = target(manifest, folder, WayName.FORWARD, replaces=True, order=1)
    assert wanted_for(goal) == ()
    plan = make_plan(goal, [everything(manifest)], Choice(), around())
    assert plan.blocked == "version-not-complete"
    (step,) = plan.steps
    assert (step.action, step.source_ids) == (Action.LEAVE, ())
    assert step.reason == ("not-a-file" if kind == "folder" else kind)
    way = weigh(goal, frozenset())
    assert (way.wanted, way.has, way.complete) == (1, 0, False)
    for coverages in ([], [everything(manifest)]):
        back = make_plan(replace(goal, replaces=False), coverages, Choice(changed=True), around())
        assert (back.blocked, back.actions) == (None, ())


@pytest.mark.parametrize(("number", "reason"), [(32, "locked"), (33, "locked"), (5, "unreadable")])
def test_a_file_that_a_program_keeps_to_itself_is_locked(number: int, reason: str) -> None:
    manifest = known()
    folder = Folder.of(manifest)
    folder.make_unreadable("bin/0000.dat", OsProblem(13, number, "in use"))
    plan = make_plan(target(manifest, folder), [everything(manifest)], Choice(), around())
    assert [step.reason for step in plan.steps] == [reason]


def test_changed_files_are_left_unless_asked_for_or_the_way_replaces() -> None:
    manifest = known()
    goal = target(manifest, changed(1))
    coverages = [everything(manifest)]
    (left,) = make_plan(goal, coverages, Choice(), around()).steps
    assert (left.action, left.reason, left.source_ids) == (Action.LEAVE, "changed-not-asked", ())
    for which, choice in ((goal, Choice(changed=True)), (replace(goal, replaces=True), Choice())):
        (step,) = make_plan(which, coverages, choice, around()).steps
        assert (step.action, step.reason) == (Action.REPLACE, None)
        assert step.found is not None


def test_settings_are_never_taken_from_another_pc() -> None:
    manifest = known_manifest(
        {**numbered(20), "pc.ini": "its own"}, settings=("pc.ini",), check_code=CODE
    )
    folder = Folder.of(manifest)
    folder.delete("pc.ini")
    goal = target(manifest, folder)
    for choice in (Choice(), Choice(changed=True), Choice(to_version="1.0"), Choice(partial=True)):
        for which in (goal, replace(goal, replaces=True, way=WayName.FORWARD)):
            plan = make_plan(which, [everything(manifest)], choice, around())
            (step,) = plan.steps
            assert (step.action, step.reason) == (Action.LEAVE, "settings-are-never-copied")
            assert plan.blocked is None
    assert wanted_for(goal) == ()


def test_strangers_are_no_steps_and_missing_folders_are_planned() -> None:
    manifest = known_manifest(numbered(20), directories=("bin", "spool"), check_code=CODE)
    folder = Folder.of(manifest)
    folder.add("bin/own.txt")
    folder.delete_directory("spool")
    plan = make_plan(target(manifest, folder), [], Choice(), around())
    assert (plan.steps, plan.directories, plan.room) == ((), ("spool",), 0)


def test_newer_files_are_wanted_to_complete_a_version_but_no_demand() -> None:
    manifest = known()
    folder = changed(1)
    newer = frozenset({folder.files["bin/0000.dat"].sha256})
    comparison = compare(manifest, folder.inventory(), newer, frozenset())
    goal = Target(WayName.BACK, manifest, comparison, replaces=False, order=0)
    assert [f.state for f in comparison.findings] == [State.NEWER]
    assert len(wanted_for(goal)) == 1
    assert wanted_for(goal, newer=False) == ()
    assert make_plan(goal, [everything(manifest)], Choice(), around()).actions == ()


def test_a_way_is_weighed_with_its_code_only_where_it_is_needed() -> None:
    manifest = known()
    goal = target(manifest, lost(3))
    one, two, three = wanted_for(goal)
    way = weigh(goal, frozenset({one.sha256, two.sha256, "f" * 64}))
    assert (way.wanted, way.has, way.complete, way.check_code) == (3, 2, False, None)
    assert way.bytes_wanted == one.size + two.size + three.size
    assert weigh(goal, frozenset(w.sha256 for w in (one, two, three))).complete
    adhoc = target(known(trust=Trust.ADHOC), lost(3))
    assert weigh(adhoc, frozenset()).check_code == CODE
    assert weigh(target(manifest, Folder.of(manifest)), frozenset()).complete


# Brakes.


NO_WISH = Choice()


def brakes(goal: Target, choice: Choice = NO_WISH, **circumstances: object) -> tuple[Brake, ...]:
    return make_plan(goal, [everything(goal.known)], choice, around(**circumstances)).brakes


UNSURE = replace(SURE, certain=False)


@pytest.mark.parametrize(
    ("replaced", "listed", "on"),
    [
        (20, 100, False), (21, 100, True), (4, 20, False), (5, 20, True),
        (50, 1000, False), (51, 1000, True),
    ],
)  # fmt: skip
def test_mass_change_is_more_than_a_fifth_or_fifty(replaced: int, listed: int, on: bool) -> None:
    manifest = known(listed)
    goal = target(manifest, changed(replaced, manifest))
    found = brakes(goal, Choice(changed=True))
    assert found == ((Brake.MASS_CHANGE,) if on else ())
    assert MASS_CHANGE_FILES == 50


def test_strangers_and_settings_do_not_dilute_a_mass_change() -> None:
    manifest = known(20)
    folder = changed(5, manifest)
    for number in range(500):
        folder.add(f"own/{number}.txt", f"{number}")
    assert brakes(target(manifest, folder), Choice(changed=True)) == (Brake.MASS_CHANGE,)


def test_unreadable_files_exist_too() -> None:
    """Four of twenty, one of which nobody could read."""
    manifest = known(20)
    folder = changed(4, manifest)
    folder.make_unreadable("bin/0019.dat")
    assert brakes(target(manifest, folder), Choice(changed=True)) == ()
    folder.delete("bin/0018.dat")
    assert brakes(target(manifest, folder), Choice(changed=True)) == (Brake.MASS_CHANGE,)


def test_adding_does_not_count_as_a_mass_change() -> None:
    assert brakes(target(known(), lost(90))) == ()


def test_choosing_the_version_releases_what_it_answers() -> None:
    manifest = known()
    goal = target(manifest, changed(60, manifest), replaces=True)
    more = {"match": UNSURE, "kind": DiagnosisClass.HALF_UPDATED}
    on = (Brake.HALF_UPDATED, Brake.MASS_CHANGE, Brake.UNCERTAIN_VERSION)
    assert brakes(goal, **more) == on
    assert brakes(goal, Choice(to_version="1.0"), **more) == ()
    assert brakes(goal, Choice(accepted=frozenset(on[:2])), **more) == on[2:]


@pytest.mark.parametrize(
    ("right", "present", "on"),
    [(40, 100, False), (39, 100, True), (2, 2, False), (1, 1, True), (3, 4, False), (0, 0, True)],
)
def test_weak_target_is_content_below_forty_hundredths(right: int, present: int, on: bool) -> None:
    fit = VersionFit("2.0", present, right, 100, present, right)
    elsewhere = replace(SURE, fits=(fit,))
    manifest = known()
    empty = Folder()
    found = brakes(target(manifest, empty), match=elsewhere)
    assert found == ((Brake.WEAK_TARGET,) if on else ())
    assert (content_score(elsewhere) < WEAK_CONTENT) == on
    accepted = Choice(accepted=frozenset({Brake.WEAK_TARGET}))
    assert brakes(target(manifest, empty), accepted, match=elsewhere) == ()


def test_the_version_that_is_followed_may_vouch_for_the_folder_itself() -> None:
    """A raw copy is no version that the match knows; what it has in common with this PC counts."""
    nothing = replace(SURE, fits=())
    assert brakes(target(known(), lost(10)), match=nothing) == ()
    assert content_score(nothing) == 0.0


@pytest.mark.parametrize(
    ("right", "wrong", "on"),
    [(40, 60, False), (39, 61, True), (2, 0, False), (1, 0, True), (4, 4, False), (4, 5, True)],
)
def test_the_target_itself_is_weak_below_forty_hundredths(right: int, wrong: int, on: bool) -> None:
    """Right files of those that are here, lowered where fewer than five are right."""
    manifest = known()
    folder = changed(wrong, manifest)
    folder.delete(*(f"bin/{n:04}.dat" for n in range(wrong + right, 100)))
    goal = target(manifest, folder)
    counts = goal.comparison.counts
    assert (counts.ok, counts.changed) == (right, wrong)
    found = brakes(goal, Choice(changed=True), match=replace(SURE, fits=()))
    assert (Brake.WEAK_TARGET in found) == on


def test_files_of_a_newer_version_speak_against_the_target() -> None:
    manifest = known()
    folder = changed(61, manifest)
    newer = frozenset(folder.files[f"bin/{n:04}.dat"].sha256 for n in range(61))
    folder.delete("bin/0099.dat")
    comparison = compare(manifest, folder.inventory(), newer, frozenset())
    assert (comparison.counts.newer, comparison.counts.changed) == (61, 0)
    goal = Target(WayName.BACK, manifest, comparison, replaces=False, order=0)
    assert brakes(goal, match=replace(SURE, fits=())) == (Brake.WEAK_TARGET,)


def test_the_best_of_match_and_target_counts() -> None:
    poor = VersionFit("2.0", 100, 39, 100, 100, 39)
    good = replace(poor, right=40)
    weak = target(known(), Folder())
    strong = target(known(), lost(10))
    assert brakes(strong, match=replace(SURE, fits=(poor,))) == ()
    assert brakes(weak, match=replace(SURE, fits=(poor, good))) == ()
    assert brakes(weak, match=replace(SURE, fits=(poor,))) == (Brake.WEAK_TARGET,)


@pytest.mark.parametrize("kind", [DiagnosisClass.EMPTIED, DiagnosisClass.WRONG_FOLDER])
@pytest.mark.parametrize("gone", [1, 100])
def test_emptied_and_wrong_folder_are_always_a_weak_target(kind: DiagnosisClass, gone: int) -> None:
    goal = target(known(), lost(gone))
    assert brakes(goal, kind=kind) == (Brake.WEAK_TARGET,)
    assert brakes(goal, Choice(to_version="1.0"), kind=kind) == (Brake.WEAK_TARGET,)
    assert brakes(goal, Choice(accepted=frozenset({Brake.WEAK_TARGET})), kind=kind) == ()


@pytest.mark.parametrize("code", [None, "", "7K3M-92QX-0002", "7K3M-92QX"])
def test_adhoc_is_released_by_its_code_and_by_nothing_else(code: str | None) -> None:
    goal = target(known(trust=Trust.ADHOC), lost(1))
    every = frozenset(Brake)
    for choice in (Choice(code=code), Choice(code=code, to_version="1.0", accepted=every)):
        assert brakes(goal, choice) == (Brake.ADHOC,)
    assert brakes(goal, Choice(code=CODE)) == ()


@pytest.mark.parametrize("trust", [Trust.OBSERVED, Trust.INSTALLED, Trust.SIGNED])
def test_better_trust_needs_no_code(trust: Trust) -> None:
    assert brakes(target(known(trust=trust), lost(1))) == ()


def test_repeated_damage_is_the_same_file_for_the_third_time() -> None:
    goal = target(known(), lost(2))
    once = {"bin/0000.dat": REPEATED_RESTORATIONS - 1, "bin/0050.dat": 9}
    assert brakes(goal, restored=once) == ()
    twice = {"bin/0001.dat": REPEATED_RESTORATIONS}
    assert brakes(goal, restored=twice) == (Brake.REPEATED_DAMAGE,)
    assert brakes(goal, Choice(accepted=frozenset({Brake.REPEATED_DAMAGE})), restored=twice) == ()


def test_hold_stops_unattended_runs_only() -> None:
    goal = target(known(), lost(1))
    assert brakes(goal, hold=True) == ()
    assert brakes(goal, Choice(unattended=True), hold=True) == (Brake.HOLD,)
    assert brakes(goal, Choice(unattended=True)) == ()


@pytest.mark.parametrize(
    ("way", "order", "on"),
    [
        (WayName.FORWARD, -1, True), (WayName.FORWARD, 0, False), (WayName.FORWARD, 1, False),
        (WayName.FORWARD, None, False), (WayName.BACK, -1, False),
    ],
)  # fmt: skip
def test_downgrade_is_a_lower_order_on_the_way_forward(
    way: WayName, order: int | None, on: bool
) -> None:
    goal = target(known(), lost(1), way, replaces=True, order=order)
    chosen = Choice(to_version="1.0")
    assert brakes(goal, chosen) == ((Brake.DOWNGRADE,) if on else ())
    accepted = replace(chosen, accepted=frozenset({Brake.DOWNGRADE}))
    assert brakes(goal, accepted) == ()


def test_a_plan_that_writes_nothing_has_no_brakes() -> None:
    manifest = known(trust=Trust.ADHOC)
    worst = {"match": UNSURE, "kind": DiagnosisClass.EMPTIED, "hold": True}
    assert brakes(target(manifest, Folder.of(manifest)), **worst) == ()
    assert brakes(target(manifest, changed(30, manifest)), **worst) == ()
    folders = known_manifest(numbered(9), directories=("spool",), check_code=CODE)
    folder = Folder.of(folders)
    folder.delete_directory("spool")
    assert brakes(target(folders, folder), match=UNSURE) == (Brake.UNCERTAIN_VERSION,)


def test_every_brake_at_once_is_named_once_and_sorted() -> None:
    manifest = known(trust=Trust.ADHOC)
    goal = target(manifest, changed(99, manifest), WayName.FORWARD, replaces=True, order=-1)
    more = {
        "match": replace(UNSURE, fits=()),
        "kind": DiagnosisClass.HALF_UPDATED,
        "hold": True,
        "restored": {"bin/0001.dat": 2},
    }
    found = brakes(goal, Choice(unattended=True), **more)
    assert set(found) == set(Brake) - {Brake.BEHIND_CLUSTER}
    assert list(found) == sorted(found)
    everything_but = Choice(accepted=frozenset(Brake), unattended=True)
    assert brakes(goal, everything_but, **more) == (Brake.ADHOC,)


def test_a_real_match_of_a_clean_up_has_no_brakes() -> None:
    old, new = known(), known_manifest(numbered(100, "new {}".format), version="2.0")
    folder = lost(80, old)
    inventory = folder.inventory()
    found = match((old, new), inventory, VersionEvidence())
    assert brakes(target(old, folder), match=found) == ()


def test_a_file_in_the_place_of_a_folder_makes_a_version_incomplete() -> None:
    manifest = known_manifest(numbered(20), directories=("bin", "spool"), check_code=CODE)
    folder = Folder.of(manifest)
    folder.delete_directory("spool")
    folder.add("spool", "a file")
    goal = target(manifest, folder)
    weighed = weigh(goal, frozenset())
    assert (weighed.wanted, weighed.has, weighed.complete) == (1, 0, False)
    plan = make_plan(goal, [], Choice(), around())
    assert (plan.directories, plan.blocked) == ((), None)
    plan = make_plan(replace(goal, replaces=True), [], Choice(), around())
    assert plan.blocked == "version-not-complete"


@pytest.mark.parametrize(
    ("right", "strangers", "record", "on"),
    [
        (9, 36, False, False),
        (9, 37, False, True),
        (10, 900, False, False),
        (9, 37, True, False),
        (9, 0, False, False),
    ],
)
def test_a_few_right_files_among_strangers_are_a_weak_target(
    right: int, strangers: int, *, record: bool, on: bool
) -> None:
    manifest = known()
    folder = lost(100 - right)
    for number in range(strangers):
        folder.add(f"strange/{number}.dll")
    found = match((manifest,), folder.inventory(), VersionEvidence())
    assert found.certain
    goal = target(manifest, folder)
    assert brakes(goal, match=found, own_record=record) == ((Brake.WEAK_TARGET,) if on else ())
    assert (WEAK_RECALL, WEAK_STRANGERS) == (0.10, 4)


def test_a_clean_up_that_left_29_of_3550_files_has_no_brake() -> None:
    manifest = known(3550)
    folder = lost(3521, manifest)
    found = match((manifest,), folder.inventory(), VersionEvidence())
    assert (found.fits[0].right, round(found.fits[0].recall, 3)) == (29, 0.008)
    assert brakes(target(manifest, folder), match=found) == ()


def test_files_of_the_version_that_is_here_are_no_strangers_to_the_folder() -> None:
    """Forward to a version of which nothing stands at the same path."""
    old, new = known(), known_manifest(numbered(100, folder="new"), version="2.0")
    folder = Folder.of(old)
    found = match((old, new), folder.inventory(), VersionEvidence())
    goal = target(new, folder, WayName.FORWARD, replaces=True, order=1)
    assert brakes(goal, match=found) == ()
