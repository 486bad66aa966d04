"""Medicom made of real Windows software: two versions of CMake under the names of a practice.

Only the names are made up: what the profile of Medicom would not call program gets an extension
that it does. So a repair by the profile of the product moves every real byte, and the bytes that
the new version kept under other paths are the ones that the design speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.model import Role
from agent.profiles import Profile, Profiles
from agent.workflow.listing import MakeRequest, make_manifest
from tests.real.practice import Files, put, vendor_ns

PRODUCT, OLD, NEW = "medicom", "2022.4", "2023.1"
WHEELS = {OLD: "3.31.6", NEW: "4.0.0"}
SEQUENCES = {OLD: 41, NEW: 42}
MADE = datetime(2022, 12, 20, 10, tzinfo=UTC)
MAIN = "medicom.exe"
PROGRAM_EXTENSION = ".res"
"""One that the profile of Medicom calls program; for files that it would leave alone."""
HEAVY_BYTES = 2_000_000
"""The five files above this are most of the tree and say nothing more than the others."""
EVERY = 24
"""Of the files that only one version has, the share that the light tree keeps."""
LONG = "help/" + "/".join(
    f"{part} {'lang' * 22}" for part in ("deel een", "deel twee", "deel drie")
)
LONG_FILE = f"{LONG}/uitleg.chm"
"""Longer than 260 characters below any root."""
SETTINGS = ("medicom.ini", "instellingen/werkplek.ini")
"""Listed by name; each PC has its own."""
UNLISTED = ("logs/vandaag.log", "eigen notities.txt")


@dataclass(frozen=True)
class Medicom:
    """Both versions by path, and the folder with the list of each."""

    files: Mapping[str, Files]
    lists: Path

    @classmethod
    def whole(cls, wheels: Mapping[str, Files], base: Path) -> Medicom:
        """Every file; `wheels` by version of Medicom, paths as in the wheel."""
        profile = Profiles.load().get(PRODUCT)
        named = {
            version: {renamed(path, "cmake.exe", profile): data for path, data in tree.items()}
            for version, tree in wheels.items()
        }
        return cls._listed(named, base)

    @classmethod
    def light(cls, wheels: Mapping[str, Files], base: Path) -> Medicom:
        """Some 180 files, 2 MB, one with a long path; shaped as the whole."""
        profile = Profiles.load().get(PRODUCT)
        both = set(wheels[OLD]) & set(wheels[NEW])
        files = {}
        for version, tree in wheels.items():
            one_sided = sorted(path for path in tree if path not in both)[::EVERY]
            kept = [p for p in (*both, *one_sided) if len(tree[p]) <= HEAVY_BYTES]
            files[version] = {renamed(p, "cmcldeps.exe", profile): tree[p] for p in kept}
            files[version][LONG_FILE] = f"uitleg bij {version}\n".encode()
        return cls._listed(files, base)

    @classmethod
    def _listed(cls, files: Mapping[str, Files], base: Path) -> Medicom:
        medicom = cls(files, base / "lijsten")
        medicom.lists.mkdir(parents=True)
        for version in files:
            folder = medicom.lay(base / version, version, pc="fabriek")
            output = medicom.lists / f"{PRODUCT}-{version}.json"
            asked = MakeRequest(folder, PRODUCT, version, output, sequence=SEQUENCES[version])
            made = make_manifest(asked, now=MADE)
            left = {path for path, _ in made.left_out}
            assert left == set(UNLISTED), sorted(left)[:5]
        return medicom

    def lay(self, root: Path, version: str, *, pc: str, without: Iterable[str] = ()) -> Path:
        """Install a version below a folder, short of some files; settings are those of `pc`."""
        gone = set(without)
        for path, data in self.files[version].items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            if path not in gone:
                put(root / path, data, vendor_ns(path))
        for path, data in own_files(pc).items():
            put(root / path, data, vendor_ns(path))
        return root

    def only_old(self) -> list[str]:
        """What the clean-up deletes: paths that the new version does not have."""
        return sorted(self.files[OLD].keys() - self.files[NEW].keys())

    def list_of(self, version: str) -> Path:
        return self.lists / f"{PRODUCT}-{version}.json"


def own_files(pc: str) -> dict[str, bytes]:
    """What no other PC has: settings, a log, and something that nobody knows."""
    return {path: f"{path} van {pc}\r\n".encode() for path in (*SETTINGS, *UNLISTED)}


def renamed(path: str, main: str, profile: Profile) -> str:
    """The path of a file of CMake in Medicom."""
    if path == f"data/bin/{main}":
        return MAIN
    name = path.removeprefix("data/") if path.startswith("data/") else f"lib/{path}"
    return name if profile.role_of(name) is Role.PROGRAM else name + PROGRAM_EXTENSION
