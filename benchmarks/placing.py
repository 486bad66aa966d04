"""The disk around a measurement: copies, what is taken away before a run, caches, the machine."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.trees import FIXED_TIME_S, Tree
from benchmarks.work import Fingerprint, Work

DROP_CACHES = Path("/proc/sys/vm/drop_caches")
ALL_CACHES = "3"
MEMINFO = Path("/proc/meminfo")
WARM_BUFFER_BYTES = 1 << 20
KIB_PER_GIB = 1024 * 1024


def can_drop_caches() -> bool:
    """Whether this user may empty the page cache."""
    return os.access(DROP_CACHES, os.W_OK)


def drop_caches() -> None:
    """Empty the page cache; what is not written yet is written first."""
    os.sync()
    DROP_CACHES.write_text(ALL_CACHES, encoding="ascii")


def warm(paths: Iterable[Path]) -> None:
    """Read files into the page cache: rclone empties it of what it reads, the next would pay."""
    view = memoryview(bytearray(WARM_BUFFER_BYTES))
    for path in paths:
        with path.open("rb", buffering=0) as stream:
            while stream.readinto(view):
                pass


def all_files(tree: Tree) -> Iterator[Path]:
    """Every file of the tree."""
    for path in tree.paths.read_bytes().split(b"\0")[:-1]:
        yield Path(os.fsdecode(path))


def missing_files(tree: Tree) -> Iterator[Path]:
    """The tenth, where it is put back from."""
    for path in _missing(tree):
        yield tree.root / path


def make_shadow(tree: Tree, shadow: Path) -> None:
    """The same names, sizes and times without any blocks: what rsync and rclone compare with."""
    if shadow.is_dir():
        return
    for folder, _, names in os.walk(tree.root):
        place = shadow / Path(folder).relative_to(tree.root)
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            with (place / name).open("wb") as stream:
                stream.truncate(Path(folder, name).stat().st_size)
            os.utime(place / name, (FIXED_TIME_S, FIXED_TIME_S))


def make_target(tree: Tree, target: Path) -> None:
    """A copy of the tree to take files away from."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(tree.root, target)


def take_away(tree: Tree, target: Path, trash: Path) -> None:
    """Take the tenth out of the copy.

    Renamed and emptied, not deleted: ext4 does not give the number of a deleted file out again for
    minutes and looks at every such number while it makes a new one, so that a run straight after a
    large deletion would measure just that.
    """
    trash.mkdir(exist_ok=True)
    prefix = f"{time.time_ns()}-"
    for number, path in enumerate(_missing(tree)):
        there = target / path
        if there.exists():
            gone = trash / f"{prefix}{number}"
            there.rename(gone)
            os.truncate(gone, 0)


def expected_back(tree: Tree) -> Work:
    """The tenth, by the bytes that the tree has."""
    return _content(tree, tree.root)


def seen_back(tree: Tree, target: Path) -> Work:
    """What stands in the copy at the places of the tenth."""
    return _content(tree, target)


def _content(tree: Tree, root: Path) -> Work:
    found = Fingerprint()
    for path in _missing(tree):
        try:
            with (root / path).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found.add(digest, path, stream.tell())
        except FileNotFoundError:
            continue
    return Work(found.files, found.bytes, found.text)


def _missing(tree: Tree) -> list[str]:
    return tree.missing.read_text(encoding="utf-8").splitlines()


def machine(folder: Path, python: str) -> str:
    """The machine in words, without its name."""
    return (
        f"{os.cpu_count()} processor cores, {_memory()} of memory, {_disk(folder)},"
        f" {os.uname().sysname}, Python {python}"
    )


def _memory() -> str:
    for line in MEMINFO.read_text(encoding="ascii").splitlines():
        if line.startswith("MemTotal:"):
            return f"{round(int(line.split()[1]) / KIB_PER_GIB)} GiB"
    return "an unknown amount"


def _disk(folder: Path) -> str:
    """What holds the trees: file system, and whether the disk turns."""
    device = folder.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()
    kind = "a disk"
    for place in (block, block.parent):
        rotational = place / "queue" / "rotational"
        if rotational.exists():
            turns = rotational.read_text(encoding="ascii").strip() == "1"
            virtual = "virtual " if place.name.startswith("vd") else ""
            kind = f"a {virtual}{'hard disk' if turns else 'solid-state disk'}"
            break
    return f"{kind} with {_file_system(folder)}"


def _file_system(folder: Path) -> str:
    best = ("", "an unknown file system")
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        fields = line.split(" ")
        point, kind = fields[4], fields[fields.index("-") + 1]
        inside = str(folder).startswith(point.rstrip("/") + "/") or str(folder) == point
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]
