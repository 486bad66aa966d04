from __future__ import annotations

import pytest

from agent.discovery.anchors import ANCHORS, anchors, own_files
from agent.discovery.content import Looker, score_of
from agent.discovery.probing import Sought
from tests.simulators.inventories import known_manifest
from tests.unit.discovery.installed import (
    APOTHEEK,
    FILES,
    MEDICOM,
    SIBLING,
    SOUGHT,
    install,
    simulated,
    version,
)  # fmt: skip

ROOT = "D:\\Praktijk\\PP"
OTHER = {path: b"other " + data for path, data in FILES.items()}


@pytest.fixture
def pc(tmp_path):
    return simulated(tmp_path)


def look(pc, sought=SOUGHT, root=ROOT, others=()):
    return Looker(sought, pc.disks, few_right=5, others=others).look(root, 5.0)


def test_a_whole_folder_has_all_of_the_content(pc):
    install(pc, ROOT)
    content = look(pc)
    assert (content.score, content.wrong, content.version) == (1.0, 0, "2022.4")
    assert content.main_programs == ("medicom.exe",)


def test_missing_files_do_not_count_against_it(pc):
    install(pc, ROOT, without=[path for path in FILES if "help" in path or path == "medicom.exe"])
    assert look(pc).score == 1.0


def test_few_right_files_count_by_their_number(pc):
    install(pc, ROOT, without=sorted(FILES)[2:])
    content = look(pc)
    assert (content.right, content.score) == (2, 0.4)


def test_the_same_names_with_other_bytes_are_wrong(pc):
    install(pc, ROOT, OTHER)
    content = look(pc)
    assert (content.score, content.right) == (0.0, 0)
    assert content.wrong == len(FILES)


def test_a_file_of_another_size_is_never_opened(pc):
    install(pc, ROOT, OTHER)
    look(pc)
    assert pc.disks.contents == []


def test_the_version_that_fits_best_counts(pc):
    both = Sought(MEDICOM, (version(), version(OTHER, "2023.1")))
    install(pc, ROOT, OTHER)
    content = look(pc, both)
    assert (content.version, content.score) == ("2023.1", 1.0)


def test_what_products_share_says_nothing(pc):
    install(pc, ROOT, APOTHEEK)
    assert look(pc).right == 7
    assert look(pc, others=[SIBLING]).right == 0


def test_a_version_without_files_of_its_own_keeps_all():
    known = version()
    assert own_files(known, [version()], 5) == known.required


def test_a_placeholder_of_a_cloud_is_never_opened(pc):
    install(pc, ROOT)
    pc.disks.placeholders.add(ROOT)
    assert look(pc).right == 0
    assert pc.disks.contents == []


def test_without_a_manifest_the_main_programs_count(pc):
    pc.disks.write(ROOT + "\\MEDICOM.EXE", b"any")
    content = look(pc, Sought(MEDICOM))
    assert (content.score, content.version) == (1.0, None)
    assert look(pc, Sought(MEDICOM), "D:\\Leeg").score == 0.0


def test_what_is_not_there_has_no_content(pc):
    assert look(pc, root="D:\\Weg").score == 0.0


def test_a_glance_opens_nothing(pc):
    install(pc, ROOT, without=["medicom.exe"])
    looker = Looker(SOUGHT, pc.disks, few_right=5)
    assert looker.glance(ROOT)
    assert not looker.glance("D:\\Praktijk")
    assert pc.disks.contents == []


def test_looking_stops_at_its_time(pc):
    install(pc, ROOT)
    looker = Looker(SOUGHT, pc.disks, few_right=5, clock=iter(range(10_000)).__next__)
    assert looker.look(ROOT, 0.0).right == 0


def test_anchors_are_rare_spread_and_always_the_same():
    files = {f"map{n % 30}/bestand{n}.dll": b"x" * (n + 1) for n in range(300)}
    files |= {f"map{n}/zelfde.dll": b"x" for n in range(30)} | {"readme.txt": b"x"}
    known = known_manifest(files)
    chosen = [file.path for file in anchors(known.required)]
    assert len(chosen) == ANCHORS
    assert len({path.partition("/")[0] for path in chosen[:30]}) == 30
    assert not [path for path in chosen if path.endswith(("zelfde.dll", "readme.txt"))]
    assert chosen == [
        file.path for file in anchors(known_manifest(dict(reversed(files.items()))).required)
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "score"), [(0, 0, 0), (0, 9, 0), (5, 0, 1), (3, 0, 0.6), (5, 5, 0.5)]
)
def test_the_score_of_right_and_wrong_files(right, wrong, score):
    assert score_of(right, wrong, 5) == score
