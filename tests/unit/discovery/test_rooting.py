from __future__ import annotations

import pytest

from agent.discovery.content import Looker
from agent.discovery.gate import Gate
from agent.discovery.places import Claim
from agent.discovery.rooting import Rooter
from tests.unit.discovery.folders import G
from tests.unit.discovery.installed import (
    APOTHEEK,
    SIBLING,
    SOUGHT,
    asked,
    install,
    simulated,
    trace,
)  # fmt: skip

ROOT = "D:\\Praktijk\\Zorg 2019\\Mcm"


@pytest.fixture
def pc(tmp_path):
    return simulated(tmp_path)


def roots(pc, *evidence, others=(SIBLING,), **facts):
    inquiry = asked(pc, **facts)
    looker = Looker(SOUGHT, pc.disks, few_right=5, others=others)
    rooter = Rooter(SOUGHT, others, looker, Gate(inquiry))
    return [(one.root, one.doubt) for piece in evidence for one in rooter.leads(piece)]


@pytest.mark.parametrize(
    ("path", "is_folder"),
    [
        ("\\medicom.exe", False),
        ("\\bin\\recept3.dll", False),
        ("\\BIN\\RECEPT3.DLL", None),
        ("\\bin", True),
        ("\\eigen\\iets\\anders.exe", False),
        ("", True),
    ],
)
def test_a_living_root_is_found_from_whatever_lies_in_it(pc, path, is_folder):
    install(pc, ROOT)
    pc.disks.write(ROOT + "\\eigen\\iets\\anders.exe", b"x")
    assert roots(pc, trace(G.SERVICE, ROOT + path, is_folder=is_folder)) == [(ROOT, None)]


def test_at_most_four_parents_are_tried(pc):
    install(pc, ROOT)
    deep = trace(G.SERVICE, ROOT + "\\a\\b\\c\\d\\x.exe", is_folder=False)
    deeper = trace(G.SERVICE, ROOT + "\\a\\b\\c\\d\\e\\x.exe", is_folder=False)
    assert roots(pc, deep) == [(ROOT, None)]
    assert roots(pc, deeper) == []


@pytest.mark.parametrize(
    "piece",
    [
        trace(G.SHORTCUT, "D:\\Praktijk\\Zorg\\medicom.exe"),
        trace(G.SERVICE, "D:\\Praktijk\\Zorg\\bin\\recept3.dll", "Medicom"),
        trace(G.INSTALL_LOCATION, "D:\\Praktijk\\Zorg", "Medicom", is_folder=True),
    ],
    ids=["main-program", "listed-file", "install-location"],
)
def test_a_copy_around_an_emptied_root_does_not_take_its_evidence(pc, piece):
    install(pc, "D:\\Praktijk")
    pc.disks.folder("D:\\Praktijk\\Zorg")
    assert roots(pc, piece) == [("D:\\Praktijk\\Zorg", None)]


@pytest.mark.parametrize(
    ("path", "words", "root"),
    [
        ("D:\\Weg\\Mcm\\medicom.exe", (), "D:\\Weg\\Mcm"),
        ("D:\\Weg\\Mcm\\bin\\recept3.dll", ("Medicom",), "D:\\Weg\\Mcm"),
        ("D:\\Weg\\PharmaPartners\\bin", (), "D:\\Weg\\PharmaPartners"),
        ("D:\\Weg\\PharmaPartners\\x\\y.exe", (), "D:\\Weg\\PharmaPartners"),
        ("D:\\Weg\\iets\\y.exe", ("Medicom",), None),
        ("D:\\Weg\\iets\\y.exe", (), None),
        ("D:\\Weg\\iets\\bin\\recept3.dll", (), None),
    ],
)
def test_of_what_is_gone_the_words_decide(pc, path, words, root):
    found = roots(pc, trace(G.UNINSTALLER, path, *words))
    assert found == ([] if root is None else [(root, None)])


def test_an_install_location_names_the_root_itself(pc):
    here = trace(G.INSTALL_LOCATION, "D:\\Weg\\bin", "Medicom", is_folder=True)
    assert roots(pc, here) == [("D:\\Weg\\bin", None)]


def test_a_program_that_is_there_and_that_nobody_knows_leads_nowhere(pc):
    pc.disks.write("D:\\Updates\\starter.exe", b"x")
    assert roots(pc, trace(G.SERVICE, "D:\\Updates\\starter.exe", "Medicom")) == []


def test_evidence_of_a_sibling_leads_nowhere_unless_the_content_is_here(pc):
    other = trace(G.INSTALL_LOCATION, ROOT, "Pharmacom", is_folder=True)
    install(pc, ROOT, APOTHEEK)
    assert roots(pc, other) == []
    install(pc, ROOT)
    assert roots(pc, other) == [(ROOT, Claim.OTHER_PRODUCT)]


@pytest.mark.parametrize("path", ["C:\\", "C:\\Windows\\medicom.exe", "C:\\Program Files\\x.exe"])
def test_a_whole_system_is_never_a_root(pc, path):
    pc.disks.write("C:\\medicom.exe", b"program")
    assert roots(pc, trace(G.SERVICE, path, "Medicom")) == []


@pytest.mark.parametrize(
    "path", ["", "relative\\medicom.exe", "\\\\.\\pipe\\medicom.exe", "C:medicom"]
)
def test_what_is_no_absolute_path_leads_nowhere(pc, path):
    assert roots(pc, trace(G.SERVICE, path, "Medicom")) == []


def test_a_share_is_not_touched_to_find_the_root(pc):
    path = "\\\\SRV\\Zorg\\Mcm\\medicom.exe"
    assert roots(pc, trace(G.SHORTCUT, path)) == [("\\\\SRV\\Zorg\\Mcm", None)]
    assert pc.disks.opened == []


def test_long_paths_and_dots_are_cleaned(pc):
    install(pc, ROOT)
    path = "\\\\?\\" + ROOT + "\\bin\\..\\bin\\recept3.dll"
    assert roots(pc, trace(G.SERVICE, path, "Medicom")) == [(ROOT, None)]
