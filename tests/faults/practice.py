"""A small installation with settings and strangers, its plan, and what stands there now."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from agent.hashing import hash_file
from agent.manifest.names import LOCK_NAME, fold, is_ours
from agent.model import (
    Action,
    FileSeen,
    ManifestFile,
    Plan,
    RepairResult,
    Role,
    SourceKind,
    State,
    Step,
    Trust,
    WayName,
)
from agent.progress import Watch
from agent.repair import FileOps, Holder, clean, repair, system_ops, undo
from agent.repair.containment import PinnedRoot
from agent.sources.ledger import Ledger
from tests.simulators.sources import MemorySource, sha256_of

STAMP = "2022-11-30T09:12:44Z"
STAMP_NS = 1_669_799_564_000_000_000
HOLDER = Holder("werkplek", 4242, "BALIE-2", "2026-11-23T08:05:12Z")

OLD = {
    "bin/medicom.exe": b"old program" * 40,
    "bin/lib/core.dll": b"old core" * 300,
    "bin/lib/print.dll": b"print" * 70,
    "data/icons/empty.ico": b"",
    "data/icons/logo.ico": b"logo" * 9,
}
NEW = {
    "bin/medicom.exe": b"new program" * 44,
    "bin/lib/core.dll": b"new core" * 310,
    "bin/lib/print.dll": b"print" * 70,
    "help/nl/start.txt": b"hulp" * 12,
    "new.dll": b"new" * 5,
}
OTHERS = {"config/balie.ini": b"printer=3", "logs/today.log": b"regel", "own notes.txt": b"let op"}


def clock() -> datetime:
    """A fixed moment: nothing may depend on it."""
    return datetime(2026, 11, 23, 8, 5, 12, tzinfo=UTC)


def write(path: Path, data: bytes, mode: int = 0o644, mtime_ns: int = STAMP_NS) -> None:
    """One file as a vendor or a person left it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    os.utime(path, ns=(mtime_ns, mtime_ns))


def tree_of(root: Path, *, facts: bool = True) -> dict[str, object]:
    """Everything below a folder but the lock: bytes, mode and time of files, folders as None."""
    seen: dict[str, object] = {}
    for folder, folders, files in os.walk(root):
        for name in folders:
            path = Path(folder, name)
            link = str(path.readlink()) if path.is_symlink() else None
            seen[path.relative_to(root).as_posix() + "/"] = link
        for name in files:
            path = Path(folder, name)
            if path == root / LOCK_NAME:
                continue
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                seen[path.relative_to(root).as_posix()] = str(path.readlink())
                continue
            data = path.read_bytes()
            more = (stat.S_IMODE(status.st_mode), status.st_mtime_ns) if facts else ()
            seen[path.relative_to(root).as_posix()] = (data, *more)
    return seen


def leftovers(root: Path) -> list[str]:
    """Everything of ours in an installation but the lock."""
    return sorted(p for p in tree_of(root) if is_ours(p.rstrip("/")))


@dataclass
class Practice:
    """One PC with a state folder and a source that has every byte."""

    base: Path
    ops: FileOps = field(default_factory=system_ops)
    watch: Watch = field(default_factory=Watch)
    runs_made: int = 0
    name: str = "Medicom"
    """Of the installation's folder."""
    now: datetime = field(default_factory=clock)

    @property
    def root(self) -> Path:
        return self.base / self.name

    @property
    def runs(self) -> Path:
        return self.base / "state" / "runs"

    def install(self, files: dict[str, bytes], **others: bytes) -> Practice:
        """Lay down a version beside this PC's own files."""
        self.runs.mkdir(parents=True, exist_ok=True)
        for number, (path, data) in enumerate({**files, **OTHERS, **others}.items()):
            mode = (0o644, 0o755, 0o600, 0o444)[number % 4]
            write(self.root / path, data, mode, STAMP_NS + number * 1_000_000_007)
        return self

    def remove(self, *paths: str) -> Practice:
        """Delete files, and folders that are empty then."""
        for path in paths:
            (self.root / path).chmod(0o600)  # Windows deletes nothing that is read-only
            (self.root / path).unlink()
            for folder in (self.root / path).parents:
                if folder == self.root or any(folder.iterdir()):
                    break
                folder.rmdir()
        return self

    def plan(
        self,
        version: dict[str, bytes],
        way: WayName = WayName.BACK,
        directories: tuple[str, ...] = ("spool", "spool/out"),
        room: int = 0,
    ) -> Plan:
        """What a look at this very moment leads to."""
        on_disk = {fold(p.rstrip("/")): p for p in tree_of(self.root)}
        steps = [self._step(path, data, on_disk.get(fold(path))) for path, data in version.items()]
        return Plan(
            product="medicom",
            version="2022.4",
            way=way,
            trust=Trust.INSTALLED,
            steps=tuple(sorted((s for s in steps if s), key=lambda step: step.path)),
            directories=tuple(d for d in directories if not (self.root / d).is_dir()),
            brakes=(),
            blocked=None,
            room=room,
        )

    def _step(self, path: str, data: bytes, found: str | None) -> Step | None:
        expected = ManifestFile(
            path=path, size=len(data), sha256=sha256_of(data), role=Role.PROGRAM, mtime=STAMP
        )
        if found is None:
            return Step(path, Role.PROGRAM, State.MISSING, Action.RESTORE, expected, None, (), None)
        place = self.root / found
        sha256, size = hash_file(place)
        if sha256 == expected.sha256:
            return None
        seen = FileSeen(found, size, place.stat().st_mtime_ns, sha256)
        return Step(path, Role.PROGRAM, State.CHANGED, Action.REPLACE, expected, seen, (), None)

    def repair(
        self,
        plan: Plan,
        *sources: MemorySource,
        root: PinnedRoot | None = None,
        partial: bool = False,
        threads: int = 1,
    ) -> RepairResult:
        """Carry a plan out; without sources everything is to be had."""
        all_bytes = MemorySource.of(*OLD.values(), *NEW.values(), kind=SourceKind.STICK)
        return repair(
            plan,
            root=root or self.root,
            ledger=Ledger(sources or (all_bytes,)),
            runs=self.runs,
            run_id=self.next_run(),
            ops=self.ops,
            watch=self.watch,
            clock=lambda: self.now,
            holder=HOLDER,
            partial=partial,
            threads=threads,
        )

    def undo(self, run_id: str | None = None) -> RepairResult:
        """Undo the newest run, or the named one."""
        return undo(
            run_id,
            root=self.root,
            runs=self.runs,
            new_run_id=self.next_run(),
            ops=self.ops,
            watch=self.watch,
            clock=lambda: self.now,
            holder=HOLDER,
        )

    def clean(self) -> None:
        """What a workflow does before its look."""
        clean(root=self.root, runs=self.runs, ops=self.ops, holder=HOLDER)

    def tree(self) -> dict[str, object]:
        """Everything in the installation but the lock."""
        return tree_of(self.root)

    def next_run(self) -> str:
        """Names that do not sort by age, for nothing may be ordered by them."""
        used = len(list(self.runs.iterdir())) if self.runs.is_dir() else 0
        self.runs_made += 1
        return f"run-{(used * 37 + self.runs_made * 11) % 97:02d}-{os.getpid()}-{used}"
