"""Lists made on the spot: where the program lies in a copy, and which copies get one."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.manifest.names import fold
from agent.model import KnownManifest, Mode, SourceKind, Trust
from agent.sources.base import Source
from agent.sources.opening import open_sources
from agent.workflow.assessing import Assessment, assess
from agent.workflow.knowing import gather_knowledge
from agent.workflow.request import Request
from agent.workflow.spotting import DEEPER, MIN_AGREEING, program_folder, spot
from tests.simulators.sources import MemorySource
from tests.unit.manifest.test_stamps import portable_executable
from tests.unit.workstation import INI, NEW, OLD, Workstation, lay, manifest_of, snapshot

PATHS = tuple(OLD)
HERE = frozenset(map(fold, PATHS))
STAMPED = NEW | {"medicom.exe": portable_executable((23, 1, 0, 7))}


def below(folder: str, paths: Iterable[str] = PATHS) -> list[str]:
    return [f"{folder}/{path}" for path in paths]


# The program folder of a copy: pure.


def test_the_copy_itself_is_the_program_folder() -> None:
    assert program_folder(PATHS, HERE) == "."


@pytest.mark.parametrize("folder", ["PP", "stick/PP", "a/b/c", "a/b/c/PP"])
def test_a_copy_may_lie_up_to_four_folders_deeper(folder: str) -> None:
    assert folder.count("/") < DEEPER
    assert program_folder(below(folder), HERE) == folder


def test_five_folders_deeper_is_not_looked_for() -> None:
    assert program_folder(below("a/b/c/d/PP"), HERE) is None


def test_names_agree_whatever_their_case() -> None:
    assert program_folder([path.upper() for path in below("pp")], HERE) == "PP"


@pytest.mark.parametrize(("count", "found"), [(4, None), (5, "PP")])
def test_too_little_agreement_tells_nothing(count: int, found: str | None) -> None:
    letters = [f"PP/brief{number}.doc" for number in range(500)]
    assert program_folder([*below("PP", PATHS[:count]), *letters], HERE) == found
    assert MIN_AGREEING == 5


@pytest.mark.parametrize("paths", [[], ["a.txt"], below("PP", ["elsewhere/x.dll"])])
def test_a_copy_of_something_else_has_none(paths: list[str]) -> None:
    assert program_folder(paths, HERE) is None
    assert program_folder(paths, frozenset()) is None


def test_the_same_names_in_another_folder_do_not_agree() -> None:
    moved = [path.replace("bin/", "lib/") for path in PATHS]
    assert program_folder(moved, HERE) is None


def test_of_two_folders_the_one_in_which_more_agrees() -> None:
    both = [*below("a", PATHS[:20]), *below("b", PATHS[:21]), *below("c/d", PATHS[:6])]
    assert program_folder(both, HERE) == "b"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("b", "a", "a"), ("a/x", "b", "b"), ("x/y/z", "x/y", "x/y")],
)
def test_of_two_equal_folders_the_highest_then_the_first_by_name(
    one: str, other: str, found: str
) -> None:
    both = [*below(one), *below(other)]
    assert program_folder(both, HERE) == found
    assert program_folder(reversed(both), HERE) == found


def test_the_copy_itself_before_an_equal_folder_in_it() -> None:
    both = [*PATHS, *below("0")]
    assert program_folder(reversed(both), HERE) == "."


@given(st.randoms(use_true_random=False), st.sampled_from(["PP", "a/PP", "."]))
def test_the_order_of_the_listing_does_not_matter(order: random.Random, folder: str) -> None:
    paths = [*(PATHS if folder == "." else below(folder)), *below("oud", PATHS[:30]), "x.txt"]
    order.shuffle(paths)
    assert program_folder(paths, HERE) == folder


# Which copies get a list.


def assessed(pc: Workstation, *copies: Path) -> tuple[Assessment, tuple[Source, ...]]:
    """One look at this PC, and its sources."""
    lists = (pc.lists,) if pc.lists.is_dir() else ()
    request = Request("plan", pc.root, "medicom", catalogues=lists, sources=copies)
    root = pc.root.resolve()
    sources = open_sources(copies, root=root)
    ports = pc.ports()
    knowledge = gather_knowledge(request, ports, sources)
    return assess(request, ports, knowledge, root, mode=Mode.FULL), sources


def spotted(pc: Workstation, *copies: Path) -> tuple[KnownManifest, ...]:
    assessment, sources = assessed(pc, *copies)
    before = snapshot(pc.root, *copies)
    found = spot(assessment, sources, pc.ports())
    assert snapshot(pc.root, *copies) == before
    return found


def listed(known: KnownManifest) -> set[str]:
    return {file.path for file in known.program.values()}


@pytest.fixture
def only_old(pc: Workstation) -> Workstation:
    """A PC that knows its own version only and misses half of it."""
    return pc.install().know(manifest_of(OLD, "2022.4")).delete(*PATHS[:25])


def test_a_copy_of_an_unknown_version_gets_an_adhoc_list(only_old: Workstation) -> None:
    (known,) = spotted(only_old, only_old.source("kopie", NEW | {INI: b"printer=9"}))
    assert (known.trust, known.product) == (Trust.ADHOC, "medicom")
    assert known.version.startswith("kopie-")
    assert listed(known) == set(NEW)


def test_the_name_follows_from_the_content(only_old: Workstation) -> None:
    one, other = (only_old.source(name, NEW) for name in ("een", "twee"))
    first, again, elsewhere = (spotted(only_old, copy) for copy in (one, one, other))
    names = {(known.version, known.check_code) for (known,) in (first, again, elsewhere)}
    assert len(names) == 1


def test_paths_are_below_the_program_folder_of_the_copy(only_old: Workstation) -> None:
    deeper = {f"map/PP/{path}": data for path, data in NEW.items()}
    copy = only_old.source("kopie", deeper | {"map/brief.txt": b"Geachte"})
    (known,) = spotted(only_old, copy)
    assert listed(known) == set(NEW)
    assert known.place == str(copy / "map" / "PP")


def test_known_versions_get_none_whole_broken_or_mixed(pc: Workstation) -> None:
    pc.install().know().delete(*PATHS[:25])
    broken = {path: data for path, data in NEW.items() if path != "medicom.exe"}
    mixed = OLD | {path: NEW[path] for path in tuple(NEW)[20:45] if path in OLD}
    for name, tree in {"heel": NEW, "stuk": broken, "oud": OLD, "half": mixed}.items():
        assert spotted(pc, pc.source(name, tree)) == (), name


def test_a_copy_of_something_else_gets_none(only_old: Workstation) -> None:
    copy = only_old.source("kopie", {f"foto/{number}.jpg": b"jpg" for number in range(9)})
    assert spotted(only_old, copy) == ()


def test_a_copy_that_is_away_gets_none(only_old: Workstation) -> None:
    assert spotted(only_old, only_old.base / "weg") == ()


def test_only_raw_copies_get_one(only_old: Workstation) -> None:
    assessment, _ = assessed(only_old)
    stick = MemorySource.of(*NEW.values(), kind=SourceKind.STICK)
    assert spot(assessment, (stick,), only_old.ports()) == ()


def test_a_copy_that_two_people_brought_is_one_version(only_old: Workstation) -> None:
    one = only_old.source("een", NEW)
    other = lay(only_old.base / "twee", NEW, at_s=1_700_000_000)
    (known,) = spotted(only_old, one, other)
    assert known.place == str(one)


def test_a_stamp_names_the_version(only_old: Workstation) -> None:
    (known,) = spotted(only_old, only_old.source("kopie", STAMPED))
    assert (known.version, known.manifest.stamp) == ("23.1.0.7", "23.1.0.7")


def test_no_two_lists_have_one_name(only_old: Workstation) -> None:
    """Otherwise nobody could choose the whole copy beside a broken one of the same version."""
    broken = {path: data for path, data in STAMPED.items() if "anders" not in path}
    less = {path: data for path, data in broken.items() if "zelfde0" not in path}
    copies = [
        only_old.source(name, tree)
        for name, tree in {"stuk": broken, "heel": STAMPED, "stuker": less}.items()
    ]
    found = spotted(only_old, *copies)
    first, whole, last = (known.version for known in found)
    assert (first, whole) == ("23.1.0.7", "kopie-23.1.0.7")
    assert last.startswith("kopie-")
    assert last != whole
    assert [listed(known) for known in found] == [set(broken), set(STAMPED), set(less)]


def test_a_stamp_that_a_known_version_is_called_after_is_not_taken_again(pc: Workstation) -> None:
    pc.install().know(manifest_of(OLD, "23.1.0.7")).delete(*PATHS[:25])
    (known,) = spotted(pc, pc.source("kopie", STAMPED))
    assert known.version == "kopie-23.1.0.7"


def test_what_is_to_be_repaired_is_no_copy_of_itself(pc: Workstation) -> None:
    """The folder above the installation was given, in which a copy lies beside it."""
    pc.install().delete(*PATHS[:10])
    beside = lay(pc.root.parent / "kopie van PP", {path: OLD[path] for path in PATHS})
    (known,) = spotted(pc, pc.root.parent)
    assert known.place == str(beside)
    assert listed(known) == set(OLD)
    nothing = lay(pc.base / "leeg" / "x", {"lees.txt": b"x"}).parent
    assert spotted(pc, nothing) == ()


def test_settings_that_a_list_knows_are_not_in_a_list_made_on_the_spot(pc: Workstation) -> None:
    settings = {"app/site.dll": b"of this PC"}
    old = manifest_of(OLD, "2022.4", settings=(INI, *settings))
    pc.install(**settings).know(old).delete(*PATHS[:25])
    (known,) = spotted(pc, pc.source("kopie", NEW | {"APP/Site.dll": b"of another PC"}))
    assert listed(known) == set(NEW)


def test_a_copy_with_the_stamp_of_a_known_version_is_that_version_broken(pc: Workstation) -> None:
    half = {path: data for path, data in STAMPED.items() if "anders" not in path}
    pc.install().know(manifest_of(OLD, "2022.4"), manifest_of(STAMPED, "2023.1", stamp="23.1.0.7"))
    broken = half | {path: b"\0" for path in NEW if "anders" in path}
    assert spotted(pc.delete(*PATHS[:25]), pc.source("kopie", broken)) == ()


@pytest.mark.parametrize(
    ("wrong", "with_bytes", "gets_one"),
    [(6, b"", False), (6, b"longer than it was" * 9, True), (7, b"", True)],
)
def test_a_copy_with_some_files_cut_off_is_a_known_version_broken(
    pc: Workstation, wrong: int, with_bytes: bytes, *, gets_one: bool
) -> None:
    pc.install().know(manifest_of(OLD, "2022.4")).delete(*PATHS[:25])
    cut = dict.fromkeys(PATHS[-wrong:], with_bytes)
    assert len(OLD) == 60
    assert bool(spotted(pc, pc.source("kopie", OLD | cut))) == gets_one
