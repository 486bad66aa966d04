"""Answers that a review once found wrong: a copy that people work with, a disk that is away."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from agent.discovery.finding import find
from agent.discovery.sweep import SweepWish
from agent.errors import Stopped
from agent.model import FindOutcome
from agent.progress import Watch
from tests.unit.discovery.folders import G, verdicts
from tests.unit.discovery.installed import (
    QUICK,
    SIBLING,
    SOUGHT,
    asked,
    found,
    install,
    probe,
    search,
    simulated,
    trace,
)  # fmt: skip

ROOT, COPY = "C:\\Zorg\\Medicom", "D:\\Hulp\\Med"
LOCATION = trace(G.INSTALL_LOCATION, ROOT, "Medicom", is_folder=True)
ICON = trace(G.UNINSTALLER, ROOT + "\\medicom.exe", "Medicom", is_folder=False)
SWEPT = SweepWish.WHEN_NEEDED


@pytest.fixture
def pc(tmp_path):
    return simulated(tmp_path)


def in_use(root):
    """What a copy gains when people work with it."""
    groups = (G.RUNNING, G.SHORTCUT, G.AUTOSTART, G.RECORD)
    return tuple(trace(group, root + "\\medicom.exe", "Medicom") for group in groups)


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("names", [(LOCATION,), (LOCATION, ICON)])
def test_a_copy_that_people_work_with_does_not_beat_the_emptied_root(pc, names, gone):
    install(pc, COPY)
    if not gone:
        pc.disks.folder(ROOT)
    answer = found(asked(pc), *names, *in_use(COPY))
    assert (answer.outcome, answer.chosen) == (FindOutcome.SEVERAL, None)
    assert {one.root for one in answer.candidates if one.verdict.may_be_it} == {ROOT, COPY}


@pytest.mark.parametrize("group", [G.VENDOR_KEY, G.INSTALL_LOCATION, None])
def test_an_emptied_root_in_a_whole_copy_keeps_its_evidence(pc, group):
    inner = "D:\\Zorg\\App"
    pc.disks.folder(inner)
    install(pc, "D:\\Zorg")
    pieces = [trace(G.UNINSTALLER, inner + "\\unins000.exe", "Medicom", is_folder=False)]
    if group is not None:
        whole = True if group is G.INSTALL_LOCATION else None
        pieces.append(trace(group, inner, "Medicom", is_folder=whole))
    answer = found(asked(pc), *pieces, sweep=SWEPT)
    assert answer.chosen is None
    assert all(
        piece.evidence.path == "D:\\Zorg"
        for one in answer.candidates if one.root == "D:\\Zorg"
        for piece in one.evidence
    )  # fmt: skip


def test_what_lies_in_a_copy_and_is_better_named_stays_a_folder_of_its_own(pc):
    pc.disks.folder("D:\\Zorg\\App")
    install(pc, "D:\\Zorg")
    inner = trace(G.INSTALL_LOCATION, "D:\\Zorg\\App", "Medicom", is_folder=True)
    answer = found(asked(pc), inner, *in_use("D:\\Zorg"))
    assert answer.outcome is FindOutcome.SEVERAL
    assert {"D:\\Zorg", "D:\\Zorg\\App"} <= set(verdicts(answer))


@pytest.mark.parametrize("words", ["PharmaPartners", "PharmaPartners Verbinding"])
def test_the_name_of_the_vendor_alone_makes_no_emptied_installation(pc, words):
    pc.disks.write("D:\\PPData\\bin\\vpn.exe", b"x")
    names = [
        trace(G.INSTALL_LOCATION, "D:\\PPData", words, is_folder=True),
        trace(G.VENDOR_KEY, "D:\\PPData", words),
    ]
    for answer in search(asked(pc, SOUGHT, SIBLING), *names).found:
        assert answer.outcome is FindOutcome.NOT_FOUND
        assert verdicts(answer) == {"D:\\PPData": ("too-little", "only-vendor")}


def test_a_shortcut_to_a_drive_that_is_not_ready_holds_a_copy_back(pc):
    pc.disks.add_drive("E", ready=False)
    install(pc, COPY)
    away = trace(G.SHORTCUT, "E:\\Medicom\\medicom.exe")
    answer = found(asked(pc), away, sweep=SWEPT)
    assert answer.outcome is FindOutcome.SEVERAL
    assert verdicts(answer)["E:\\Medicom"] == ("not-looked-at", "drive-not-ready")


def test_what_is_only_seen_is_not_taken_while_a_built_in_drive_is_away(pc):
    pc.disks.add_drive("E", ready=False)
    install(pc, COPY)
    answer = search(asked(pc), sweep=SWEPT)
    assert not answer.sweep.complete
    assert answer.found[0].outcome is FindOutcome.BUDGET_SPENT


@pytest.mark.parametrize("drives", [OSError(5, "Access is denied")])
def test_a_pc_that_refuses_to_name_its_drives_is_survived(pc, monkeypatch, drives):
    def refuse():
        raise drives

    monkeypatch.setattr(pc.disks, "drives", refuse)
    answer = search(asked(pc), sweep=SWEPT)
    assert (answer.sweep.drives, answer.sweep.complete) == ((), False)


def test_elevated_what_ordinary_users_wrote_still_raises_doubt(pc):
    install(pc, "C:\\Program Files\\Reserve")
    pc.disks.folder(ROOT)
    own = [replace(piece, open_to_all=True) for piece in (LOCATION, ICON)]
    for elevated in (False, True):
        answer = found(asked(pc, elevated=elevated), *own, sweep=SWEPT)
        assert (answer.outcome, answer.chosen) == (FindOutcome.SEVERAL, None)


@pytest.mark.parametrize("named", ["C:\\Program Files", "D:\\", "Zorg\\Medicom", "%Weg%\\x"])
def test_settings_that_name_no_program_folder_are_not_passed_over(pc, named):
    install(pc, ROOT)
    asking = asked(pc, configured=(named,))
    answer = found(asking, sweep=SWEPT)
    assert (answer.outcome, answer.chosen) == (FindOutcome.SEVERAL, None)
    assert verdicts(answer)[named] == ("not-looked-at", "not-a-program-folder")


def test_a_folder_that_hangs_hides_no_other_of_its_drive(pc):
    install(pc, ROOT)
    pc.disks.folder("C:\\Gegevens\\Medicom")
    pc.disks.hangs.add("C:\\Gegevens")
    pc.disks.hang_s = 0.6
    hanging = trace(G.SERVICE, "C:\\Gegevens\\Medicom\\hulp.exe", "Medicom", is_folder=False)
    limits = replace(QUICK, look_s=0.1, share_s=0.1)
    answer = found(asked(pc, limits=limits), hanging, LOCATION, ICON)
    assert verdicts(answer)[ROOT][0] != "not-looked-at"


def test_a_look_that_was_cut_short_does_not_call_a_folder_empty(pc, monkeypatch):
    install(pc, ROOT)
    read = pc.disks.sha256

    def slow(path):
        time.sleep(0.15)
        return read(path)

    monkeypatch.setattr(pc.disks, "sha256", slow)
    limits = replace(QUICK, look_s=0.1, share_s=2.0)
    answer = found(asked(pc, limits=limits), LOCATION, ICON)
    assert answer.outcome is FindOutcome.NOT_FOUND
    assert verdicts(answer) == {ROOT: ("not-looked-at", "disk-silent")}


def test_all_looks_together_have_an_end(pc):
    dead = [f"\\\\DOOD{n}\\Medicom" for n in range(60)]
    pc.disks.hangs.update(dead)
    install(pc, ROOT)
    pieces = [trace(G.SHORTCUT, f"{share}\\medicom.exe") for share in dead]
    # Shares get half of it: forty of the sixty are asked, and this PC's own disk still is.
    limits = replace(QUICK, share_s=0.05, looks_s=4.0)
    answer = found(asked(pc, limits=limits), *pieces, LOCATION)
    assert (answer.outcome, answer.chosen.root) == (FindOutcome.CHOSEN, ROOT)
    assert verdicts(answer)[dead[-1] + "\\"] == ("not-looked-at", "budget")


def test_without_time_to_look_nothing_is_said_to_be_absent(pc):
    install(pc, ROOT)
    answer = found(asked(pc, limits=replace(QUICK, looks_s=0.0)), LOCATION)
    assert answer.outcome is FindOutcome.BUDGET_SPENT
    assert verdicts(answer) == {ROOT: ("not-looked-at", "budget")}


def test_somebody_who_wants_to_stop_is_heard_between_two_looks(pc):
    watch = Watch()
    locate = pc.disks.canonical
    pieces = [trace(G.SHORTCUT, f"D:\\Weg{n}\\medicom.exe") for n in range(20)]

    located = []

    def counted(path):
        located.append(path)
        watch.stop()
        return locate(path)

    pc.disks.canonical = counted
    with pytest.raises(Stopped):
        find(asked(pc), probes=[probe(pieces)], sweep=SweepWish.NEVER, watch=watch)
    assert {path for path in located if "Weg" in path} == {"D:\\Weg0"}


@pytest.mark.parametrize(
    ("root", "outcome"),
    [
        ("C:\\Users\\jan\\Documents\\Medicom", FindOutcome.SEVERAL),
        ("C:\\Users\\balie\\Documents\\Medicom", FindOutcome.CHOSEN),
        ("C:\\Users\\Public\\Medicom", FindOutcome.CHOSEN),
    ],
)
def test_what_stands_in_the_profile_of_somebody_else_is_asked_about(pc, root, outcome):
    install(pc, root)
    answer = found(asked(pc), trace(G.RUNNING, root + "\\medicom.exe"))
    assert answer.outcome is outcome
    assert [p.name for p in answer.candidates[0].penalties] == (
        ["other-profile"] if outcome is FindOutcome.SEVERAL else []
    )


def test_an_empty_folder_in_the_settings_is_not_the_emptied_one_of_two_products(pc):
    pc.disks.folder("D:\\X")
    named = trace(G.CONFIGURED, "D:\\X", is_folder=True)
    both = search(asked(pc, SOUGHT, SIBLING), named).found
    assert [one.outcome for one in both] == [FindOutcome.SEVERAL] * 2
    assert [verdicts(one)["D:\\X"] for one in both] == [("rival", "content-gone")] * 2
    assert found(asked(pc, SOUGHT, siblings=(SIBLING,)), named).outcome is FindOutcome.EMPTIED


def test_it_is_that_of_the_product_that_more_names_there(pc):
    pc.disks.folder("D:\\X")
    named = trace(G.CONFIGURED, "D:\\X", is_folder=True)
    more = trace(G.INSTALL_LOCATION, "D:\\X", "Medicom", is_folder=True)
    medicom, pharmacom = search(asked(pc, SOUGHT, SIBLING), named, more).found
    assert medicom.outcome is FindOutcome.EMPTIED
    assert pharmacom.outcome is FindOutcome.NOT_FOUND
    assert verdicts(pharmacom)["D:\\X"] == ("too-little", "other-product:medicom")
