"""PCs with real software on them, damaged for real, and the verbs of the engine on them."""

from __future__ import annotations

import hashlib
import os
import random
import stat
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.manifest.names import LOCK_NAME
from agent.planning import Choice
from agent.progress import Watch
from agent.repair.file_ops import FileOps, system_ops
from agent.reporting.as_json import to_json
from agent.reporting.facts import RunFacts
from agent.reporting.report import build
from agent.state import Record, open_state
from agent.workflow import repairing, running, undoing
from agent.workflow.listing import MakeRequest, make_manifest
from agent.workflow.request import Ports, Request
from agent.workflow.this_pc import real_ports
from agent.workflow.wanting import write_wanted
from tests.documents import validate_report

Files = Mapping[str, bytes]
MADE = datetime(2022, 12, 20, 10, tzinfo=UTC)
VENDOR_TIME, VENDOR_SPREAD = 1_660_000_000, 9_000_000
"""Seconds since 1970 of the oldest program file, and how far the others are spread from there."""
PROFILE = """\
name = "{name}"
title = "{name}"
verified = true
unknown = "program"
program = []
settings = ["instellingen/**"]
ignored = ["logboek/**"]
quiet_minutes = 10
"""
EMPTY_FOLDERS = ("leeg", "spool/uit")
"""Every version wants these; a clean-up of files may take them along."""


def vendor_ns(path: str) -> int:
    """The modification time that the vendor gave a file: each its own, whole seconds."""
    return (VENDOR_TIME + zlib.crc32(path.encode()) % VENDOR_SPREAD) * 1_000_000_000


def put(place: Path, data: bytes, mtime_ns: int | None = None) -> None:
    """Write one file, with the folders above it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    if mtime_ns is not None:
        os.utime(place, ns=(mtime_ns, mtime_ns))


def lay(files: Files, root: Path) -> Path:
    """Install a version below a folder."""
    for path, data in files.items():
        put(root / path, data, vendor_ns(path))
    for folder in EMPTY_FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    return root


def snapshot(root: Path) -> dict[str, tuple[Any, ...]]:
    """Everything below a folder but our lock: bytes, time and mode; links by where they lead."""
    seen: dict[str, tuple[Any, ...]] = {}
    pending = [""]
    while pending:
        below = pending.pop()
        with os.scandir(root / below) as entries:
            for entry in entries:
                path = below + entry.name
                status = entry.stat(follow_symlinks=False)
                mode = stat.S_IMODE(status.st_mode)
                if stat.S_ISLNK(status.st_mode):
                    seen[path] = ("link", str(Path(entry).readlink()))
                elif stat.S_ISDIR(status.st_mode):
                    seen[path + "/"] = ("folder", mode)
                    pending.append(path + "/")
                elif path != LOCK_NAME:
                    data = Path(entry).read_bytes()
                    seen[path] = (digest(data), status.st_mtime_ns, mode)
    return seen


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Product:
    """Two versions of a program, their lists, and a whole folder of each to copy from."""

    name: str
    base: Path
    old: str
    new: str
    files: Mapping[str, Files]

    @classmethod
    def make(cls, name: str, base: Path, files: Mapping[str, Files]) -> Product:
        """Lay both versions down whole and make the list of each.

        Args:
            name: of the product.
            base: empty folder of its own.
            files: the old version first.
        """
        old, new = files
        product = cls(name, base, old, new, files)
        for sequence, version in enumerate((old, new), 1):
            product.list_from(lay(files[version], product.whole(version)), version, sequence)
        return product

    def list_from(self, folder: Path, version: str, sequence: int) -> None:
        """`manifest make` of a folder that is whole."""
        self.profile.write_text(PROFILE.format(name=self.name), encoding="utf-8")
        self.catalogue.mkdir(exist_ok=True)
        request = MakeRequest(
            folder,
            self.name,
            version,
            self.list_of(version),
            sequence=sequence,
            profiles=(self.profile,),
        )
        make_manifest(request, now=MADE)

    @property
    def profile(self) -> Path:
        return self.base / "profiel.toml"

    @property
    def catalogue(self) -> Path:
        return self.base / "lijsten"

    def list_of(self, version: str) -> Path:
        return self.catalogue / f"{self.name}-{version}.json"

    def whole(self, version: str) -> Path:
        """The program folder of a PC of this version on which nothing is wrong; never written."""
        return self.base / "heel" / version

    def only_old(self) -> list[str]:
        """Paths that the new version does not have: what the clean-up deletes."""
        return sorted(self.files[self.old].keys() - self.files[self.new].keys())

    def unique(self, version: str) -> list[str]:
        """Paths of this version whose bytes the other one has nowhere."""
        other = self.new if version == self.old else self.old
        elsewhere = set(self.files[other].values())
        return sorted(p for p, data in self.files[version].items() if data not in elsewhere)

    def shared(self) -> list[str]:
        """Paths of the old version whose bytes stand once in it and once in the new one."""
        once = [
            {data for data, times in Counter(tree.values()).items() if times == 1}
            for tree in self.files.values()
        ]
        both = once[0] & once[1]
        return sorted(path for path, data in self.files[self.old].items() if data in both)

    def content(self, version: str) -> dict[str, str]:
        """Path to hash."""
        return {path: digest(data) for path, data in self.files[version].items()}

    def pc(self, folder: Path, version: str, *, without: Iterable[str] = ()) -> Pc:
        """A PC with this version, its own settings and a log, short of some files."""
        pc = Pc(self, folder)
        gone = set(without)
        lay({p: d for p, d in self.files[version].items() if p not in gone}, pc.root)
        for path, data in pc.own_files.items():
            put(pc.root / path, data, vendor_ns(path))
        return pc

    def cleaned(self, folder: Path) -> Pc:
        """A PC of the old version after the clean-up of everything that only it has."""
        return self.pc(folder, self.old, without=self.only_old())

    def half_updated(self, folder: Path, seed: int) -> Pc:
        """The old version with a random half of the new one put over it."""
        pc = self.pc(folder, self.old)
        new = self.files[self.new]
        for path in random.Random(seed).sample(sorted(new), len(new) // 2):
            put(pc.root / path, new[path], vendor_ns(path))
        return pc


@dataclass(frozen=True)
class Answer:
    """How a verb ended, as scripts and people hear it."""

    code: int
    report: dict[str, Any]
    facts: RunFacts

    @property
    def one(self) -> dict[str, Any]:
        return self.report["installations"][0]

    @property
    def kind(self) -> str:
        return self.one["diagnosis"]["class"]

    @property
    def signals(self) -> list[str]:
        return self.one["diagnosis"]["signals"]

    def way(self, way: str) -> tuple[str, int, int, bool]:
        """Version, wanted, had, complete."""
        return next(
            (each["version"], each["wanted"], each["has"], each["complete"])
            for each in self.one["ways"]
            if each["way"] == way
        )

    def source(self, number: int) -> dict[str, Any]:
        """One of the sources that were given, from 0; the installation itself is not counted."""
        given = [each for each in self.one["sources"] if each["kind"] != "own"]
        return given[number]

    def file(self, path: str) -> dict[str, Any]:
        return next(each for each in self.one["files"] if each["path"] == path)


@dataclass(frozen=True)
class Pc:
    """One PC."""

    product: Product
    base: Path
    lists: tuple[str, ...] | None = None
    """Versions whose lists are on this PC; None for all."""
    ops: FileOps = field(default_factory=system_ops)

    @property
    def root(self) -> Path:
        return self.base / "Zorg" / "Praktijk"

    @property
    def own_files(self) -> dict[str, bytes]:
        """What is this PC's own: settings, a log, and something that nobody knows."""
        return {
            "instellingen/werkplek.ini": f"naam={self.base.name}\n".encode(),
            "logboek/vandaag.log": b"08:05 gestart\n",
            "eigen notities.txt": f"van {self.base.name}\n".encode(),
        }

    def knowing(self, *versions: str) -> Pc:
        """The same PC with the lists of these versions only."""
        return replace(self, lists=versions)

    @property
    def ports(self) -> Ports:
        state = open_state(self.base / "state", create=True)
        return replace(real_ports(state, Watch()), machine_catalogue=None, ops=self.ops)

    @property
    def record(self) -> Record | None:
        return self.ports.state.record(self.root)

    def plan(self, *sources: Path, **choice: Any) -> Answer:
        return self._told(running.plan(self._ask("plan", sources, choice), self.ports))

    def wanted(self, place: Path, *sources: Path, **choice: Any) -> Answer:
        """`plan --wanted`."""
        answer = self.plan(*sources, **choice)
        write_wanted(answer.facts, place, self.ports)
        return answer

    def check(self, *sources: Path) -> Answer:
        return self._told(running.check(self._ask("check", sources, {}), self.ports))

    def repair(
        self, *sources: Path, meanwhile: Callable[[], object] = lambda: None, **choice: Any
    ) -> Answer:
        """A real repair; `meanwhile` happens between the plan and the first byte."""

        def confirm(_: object) -> bool:
            meanwhile()
            return True

        request = self._ask("repair", sources, choice)
        return self._told(repairing.repair(request, self.ports, confirm))

    def undo(self) -> Answer:
        return self._told(undoing.undo(self._ask("undo", (), {}), self.ports))

    def files(self) -> dict[str, tuple[Any, ...]]:
        return snapshot(self.root)

    def is_complete(self, version: str) -> bool:
        """With our own eyes: every byte, every time, every folder of this version."""
        seen = snapshot(self.root)
        listed = self.product.content(version)
        right = all(seen.get(p, ())[:2] == (sha, vendor_ns(p)) for p, sha in listed.items())
        return right and all(f"{folder}/" in seen for folder in EMPTY_FOLDERS)

    def has_its_own(self) -> bool:
        return all((self.root / path).read_bytes() == d for path, d in self.own_files.items())

    def _ask(self, command: str, sources: tuple[Path, ...], choice: dict[str, Any]) -> Request:
        product = self.product
        lists = [product.list_of(v) for v in (product.old, product.new)]
        if self.lists is not None:
            lists = [product.list_of(version) for version in self.lists]
        return Request(
            command=command,
            root=self.root,
            product=product.name,
            manifests=tuple(lists),
            sources=sources,
            choice=Choice(**choice),
            profiles=(product.profile,),
        )

    def _told(self, facts: RunFacts) -> Answer:
        report = validate_report(to_json(build(facts)))
        return Answer(report["exit_code"], report, facts)


def copy_tree(source: Path, target: Path) -> Path:
    """A copy made by hand, as people do: bytes and times, nothing else."""
    for folder, _, names in os.walk(source):
        below = os.path.relpath(folder, source)
        (target / below).mkdir(parents=True, exist_ok=True)
        for name in names:
            place = Path(folder, name)
            put(target / below / name, place.read_bytes(), place.stat().st_mtime_ns)
    return target


def spoil(place: Path) -> None:
    """Other bytes of the same size at the same time: only a hash can tell."""
    times = place.stat()
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 0x5A
    place.write_bytes(data)
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
