from __future__ import annotations

from dataclasses import replace

import pytest

from agent.discovery.finding import SweepWish, looks_like_root
from agent.discovery.probing import Sought
from agent.errors import Stopped
from agent.model import FindOutcome, Verdict
from agent.ports import DriveKind
from agent.progress import Watch
from tests.unit.discovery.folders import G, verdicts
from tests.unit.discovery.installed import (
    APOTHEEK,
    FILES,
    PHARMACOM,
    QUICK,
    SIBLING,
    SOUGHT,
    asked,
    found,
    install,
    registered,
    search,
    simulated,
    trace,
)  # fmt: skip

ROOT = "D:\\Praktijk\\Zorg\\Mcm"
COPY = "D:\\Neutraal"


@pytest.fixture
def pc(tmp_path):
    return simulated(tmp_path)


def test_finds_a_registered_root_wherever_it_is(pc):
    install(pc, ROOT)
    answer = found(asked(pc), *registered(ROOT))
    assert (answer.outcome, answer.chosen.root) == (FindOutcome.CHOSEN, ROOT)
    assert answer.registered


def test_nearly_everything_gone_still_wins(pc):
    install(pc, ROOT, without=sorted(FILES)[5:])
    answer = found(asked(pc), *registered(ROOT))
    assert (answer.outcome, answer.chosen.content.score) == (FindOutcome.CHOSEN, 1.0)


def test_a_whole_copy_beside_what_is_nearly_empty_is_never_chosen(pc):
    install(pc, ROOT, without=sorted(FILES)[3:])
    install(pc, COPY)
    answer = found(asked(pc), *registered(ROOT), trace(G.SHORTCUT, COPY + "\\medicom.exe"))
    assert answer.outcome is FindOutcome.SEVERAL
    assert {one.root for one in answer.candidates} == {ROOT, COPY}


def test_one_folder_under_many_names_is_one_candidate(pc):
    install(pc, ROOT)
    pc.disks.links["C:\\Koppeling"] = ROOT
    pc.disks.add_drive("S", alias_of="D:\\Praktijk")
    pc.disks.short_names["D:\\PRAKTI~1"] = "D:\\Praktijk"
    names = ["C:\\Koppeling", "S:\\Zorg\\Mcm", "D:\\PRAKTI~1\\Zorg\\Mcm", ROOT.upper()]
    traces = [trace(G.SHORTCUT, name + "\\medicom.exe") for name in names]
    answer = found(asked(pc), *traces, trace(G.SERVICE, "C:\\Koppeling\\medicom.exe"))
    assert len(answer.candidates) == 1
    assert (answer.chosen.root, answer.chosen.canonical) == ("C:\\Koppeling", ROOT)
    assert answer.chosen.identity == pc.disks.identity(ROOT)


def test_an_emptied_root_is_told_apart_from_nothing(pc):
    pc.disks.folder(ROOT)
    assert found(asked(pc), *registered(ROOT)).outcome is FindOutcome.EMPTIED
    assert found(asked(pc), *registered("D:\\Weg\\Medicom")).outcome is FindOutcome.EMPTIED
    assert found(asked(pc)).outcome is FindOutcome.NOT_FOUND


def test_a_registered_folder_with_content_that_nobody_knows_is_for_a_person(pc):
    install(pc, ROOT, {path: data + b" newer" for path, data in FILES.items()})
    answer = found(asked(pc), *registered(ROOT))
    assert answer.outcome is FindOutcome.EMPTIED
    assert answer.chosen.reason == "content-unknown"


def test_products_in_one_root_are_found_each(pc):
    install(pc, ROOT, {**FILES, **APOTHEEK})
    both = search(asked(pc, SOUGHT, SIBLING), *registered(ROOT), *registered(ROOT, "Pharmacom"))
    assert [one.chosen.root for one in both.found] == [ROOT, ROOT]


def test_a_sibling_alone_is_not_taken_for_the_product(pc):
    install(pc, ROOT, APOTHEEK)
    traces = registered(ROOT, "PharmaPartners")[:2]
    first, second = search(asked(pc, SOUGHT, SIBLING), *traces).found
    assert (first.outcome, second.outcome) == (FindOutcome.NOT_FOUND, FindOutcome.CHOSEN)
    assert verdicts(first)[ROOT] == ("too-little", "other-product:pharmacom")
    only = found(asked(pc, SOUGHT, siblings=(SIBLING,)), *traces)
    assert only.outcome is FindOutcome.NOT_FOUND


def test_another_program_of_the_vendor_is_not_an_emptied_one(pc):
    tool = "C:\\Program Files\\PharmaPartners Hulp"
    pc.disks.write(tool + "\\hulp.exe", b"x")
    pieces = (trace(G.SERVICE, tool + "\\hulp.exe", "PharmaPartners"), registered(tool, "PP")[0])
    answer = found(asked(pc), *pieces)
    assert answer.outcome is FindOutcome.NOT_FOUND
    assert [one.ignored for one in answer.candidates[0].evidence] == ["other-program"] * 2


def test_a_name_in_the_words_of_another_program_is_no_installation(pc):
    reader = "C:\\Program Files\\Kaartlezer Medicom"
    pc.disks.write(reader + "\\lezer.exe", b"x")
    words = "Kaartlezer voor Medicom"
    icon = trace(G.UNINSTALLER, reader + "\\lezer.exe", words)
    place = trace(G.INSTALL_LOCATION, reader, words, is_folder=True)
    assert found(asked(pc), icon, place).outcome is FindOutcome.NOT_FOUND
    by_settings = trace(G.CONFIGURED, reader, is_folder=True)
    assert found(asked(pc), by_settings).outcome is FindOutcome.EMPTIED


def test_a_virtual_store_shadow_is_reported_and_never_chosen(pc):
    shadow = "C:\\Users\\balie\\AppData\\Local\\VirtualStore\\PharmaPartners"
    install(pc, shadow)
    install(pc, ROOT)
    answer = found(asked(pc), *registered(ROOT), trace(G.RUNNING, shadow + "\\medicom.exe"))
    assert answer.chosen.root == ROOT
    assert verdicts(answer)[shadow] == ("shadow", "virtual-store")


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ("D:\\Herstel\\bestanden\\medicom-2022.4", "stick"),
        ("D:\\Staat\\kopie", "own-folder"),
        (ROOT + "\\.werkplekherstel\\oud", "own-folder"),
    ],
)
def test_our_own_copies_are_never_candidates(pc, root, reason):
    pc.disks.write("D:\\Herstel\\werkplekherstel.json", b"{}")
    install(pc, root)
    inquiry = asked(pc, own_folders=("D:\\Staat",))
    answer = found(inquiry, trace(G.SHORTCUT, root + "\\medicom.exe"))
    assert answer.outcome is FindOutcome.NOT_FOUND
    assert verdicts(answer)[root] == ("ours", reason)


def test_a_marker_on_the_drive_does_not_hide_an_installation_on_it(pc):
    pc.disks.write("D:\\werkplekherstel.json", b"{}")
    install(pc, ROOT)
    assert found(asked(pc), *registered(ROOT)).chosen.root == ROOT


def test_a_copy_inside_the_root_is_part_of_it(pc):
    install(pc, ROOT)
    install(pc, ROOT + "\\bin\\eerder")
    answer = found(asked(pc), *registered(ROOT), sweep=SweepWish.ALWAYS)
    assert answer.chosen.root == ROOT
    assert verdicts(answer)[ROOT + "\\bin\\eerder"] == ("inside", f"part-of:{ROOT}")


def test_a_copy_pasted_into_the_emptied_root_is_not_taken_for_it(pc):
    pc.disks.folder(ROOT)
    install(pc, ROOT + "\\PharmaPartners")
    answer = found(asked(pc), *registered(ROOT), sweep=SweepWish.WHEN_NEEDED)
    assert answer.outcome is FindOutcome.SEVERAL


def test_a_silent_share_costs_its_time_once_and_is_not_taken_for_empty(pc):
    pc.disks.add_share("\\\\SRV\\Zorg")
    pc.disks.hangs.add("\\\\SRV\\Zorg")
    pieces = [trace(G.SERVICE, f"\\\\SRV\\Zorg\\Mcm{n}\\medicom.exe") for n in range(9)]
    answer = found(asked(pc), *pieces)
    assert answer.outcome is FindOutcome.NOT_FOUND
    assert {one.reason for one in answer.candidates} == {"share-silent"}
    assert len([path for path in pc.disks.opened if "SRV" in path]) == 1


def test_an_installation_on_a_share_is_found(pc):
    pc.disks.add_share("\\\\SRV\\Zorg")
    install(pc, "\\\\SRV\\Zorg\\Mcm")
    inquiry = asked(pc, limits=replace(QUICK, share_s=2.0))
    answer = found(inquiry, *registered("\\\\SRV\\Zorg\\Mcm"))
    assert answer.chosen.root == "\\\\SRV\\Zorg\\Mcm"
    assert [penalty.name for penalty in answer.chosen.penalties] == ["network"]


def test_an_elevated_run_touches_no_share_of_a_stranger(pc):
    pc.disks.add_share("\\\\SRV\\Zorg")
    pc.disks.add_drive("M", DriveKind.NETWORK, alias_of="\\\\SRV\\Zorg")
    install(pc, "\\\\SRV\\Zorg\\Mcm")
    pc.disks.opened.clear()
    pieces = (
        trace(G.SERVICE, "\\\\SRV\\Zorg\\Mcm\\medicom.exe"),
        trace(G.SHORTCUT, "M:\\Mcm\\medicom.exe"),
    )
    answer = found(asked(pc, elevated=True), *pieces)
    assert {one.reason for one in answer.candidates} == {"host-not-configured"}
    assert pc.disks.opened == []
    known = asked(pc, elevated=True, hosts=frozenset({"srv"}), limits=replace(QUICK, share_s=2.0))
    assert found(known, *pieces).chosen is not None


def test_an_elevated_run_follows_no_link_that_anybody_could_have_made(pc):
    install(pc, ROOT)
    pc.disks.links["C:\\PharmaPartners"] = ROOT
    pieces = registered("C:\\PharmaPartners")
    assert found(asked(pc), *pieces).chosen is not None
    answer = found(asked(pc, elevated=True), *pieces)
    assert {one.reason for one in answer.candidates} == {"link-open-to-all"}


def test_a_drive_that_is_not_ready_is_not_taken_for_empty(pc):
    pc.disks.add_drive("E", DriveKind.REMOVABLE, ready=False)
    answer = found(asked(pc), *registered("E:\\Medicom"))
    assert verdicts(answer) == {"E:\\Medicom": ("not-looked-at", "drive-not-ready")}


def test_a_folder_that_may_not_be_seen_is_not_taken_for_empty(pc):
    install(pc, ROOT)
    pc.disks.denied.add(ROOT)
    answer = found(asked(pc), *registered(ROOT))
    assert answer.candidates[0].verdict is Verdict.NOT_LOOKED_AT


def test_says_when_each_was_last_used(pc):
    for root, mtime in ((ROOT, 1_600_000_000), (COPY, 1_650_000_000)):
        install(pc, root)
        pc.disks.write(root + "\\medicom.exe", b"program", mtime=mtime)
    answer = found(asked(pc), *registered(ROOT), *registered(COPY))
    assert answer.outcome is FindOutcome.SEVERAL
    assert all(one.last_used is not None for one in answer.candidates)


def test_a_sweep_is_made_only_when_the_traces_do_not_answer(pc):
    install(pc, ROOT)
    registered_one = search(asked(pc), *registered(ROOT), sweep=SweepWish.WHEN_NEEDED)
    assert registered_one.sweep is None
    without = search(asked(pc), sweep=SweepWish.WHEN_NEEDED)
    assert without.sweep.complete
    assert without.found[0].chosen.root == ROOT
    assert search(asked(pc), sweep=SweepWish.NEVER).sweep is None


def test_without_any_manifest_the_main_program_is_enough_to_look(pc):
    pc.disks.write("D:\\Apotheek\\pharmacom.exe", b"x")
    answer = found(asked(pc, Sought(PHARMACOM)), sweep=SweepWish.WHEN_NEEDED)
    assert answer.chosen.root == "D:\\Apotheek"


def test_stops_when_asked(pc):
    watch = Watch()
    watch.stop()
    from agent.discovery.finding import find

    with pytest.raises(Stopped):
        find(asked(pc), probes=[], watch=watch)


def test_looks_like_root_says_what_stands_in_a_folder(pc):
    install(pc, ROOT)
    assert looks_like_root(asked(pc), SOUGHT, ROOT).score == 1.0
    assert looks_like_root(asked(pc), SOUGHT, "D:\\Weg").score == 0.0
    assert looks_like_root(asked(pc), SOUGHT, "weg").score == 0.0
    assert looks_like_root(asked(pc, elevated=True), SOUGHT, "\\\\S\\x").score == 0.0
