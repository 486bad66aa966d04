"""Who takes part in which job, with which command line, and what its output must say."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import telling
from benchmarks.trees import PRODUCT, Tree
from benchmarks.work import Work

PEERS = ("rsync", "rclone", "hashdeep", "rhash", "sha256sum", "openssl", "find", "cat", "cp")
DRIVERS = Path(__file__).resolve().parent / "drivers"
XARGS = ("xargs", "-0", "-a")
HALF_COST_BYTES = 16 * 1024
"""What opening a file costs, in bytes hashed in that time: makes two even halves."""

Teller = Callable[[Sequence[Path]], Work]


@dataclass(frozen=True)
class Contender:
    """One way of doing a job."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    """Run at the same time."""
    expected: Work
    tell: Teller
    prepare: Callable[[], None] | None = None
    needs: str | None = None
    """The peer that must be installed."""
    good: frozenset[int] = frozenset({0})
    own_clock: bool = field(default=False)
    """It times itself (only a part of the process counts) and says so as JSON."""


def installed() -> dict[str, bool]:
    """Which peers this machine has."""
    return {peer: shutil.which(peer) is not None for peer in PEERS}


def ours(*arguments: str) -> tuple[str, ...]:
    """Our command line as a process of its own."""
    return (sys.executable, "-m", "agent.cli", *arguments)


def driver(name: str, *arguments: str) -> tuple[str, ...]:
    """One of our small programs as a process of its own."""
    return (sys.executable, str(DRIVERS / f"{name}.py"), *arguments)


def check(tree: Tree, state: Path, *, full: bool, name: str = "ours") -> Contender:
    """`werkplek check` against the list of the tree."""
    mode = () if full else ("--quick",)
    place = ("--root", str(tree.root), "--manifest", str(tree.manifest))
    command = ours("check", *mode, *place, "--product", PRODUCT, "--json", "--state", str(state))
    expected = Work(tree.marker.files, fingerprint=tree.marker.fingerprint if full else None)
    return Contender(
        name, (command,), expected, lambda out: telling.check_report(out, tree, full=full)
    )


def halves(tree: Tree) -> tuple[Path, Path]:
    """Two lists of paths with about the same work in each; written once."""
    files = (tree.folder / "half0.nul", tree.folder / "half1.nul")
    if all(file.exists() for file in files):
        return files
    paths = tree.paths.read_bytes().split(b"\0")[:-1]
    found = [(Path(path.decode()).stat().st_size, path) for path in paths]
    lists: tuple[list[bytes], list[bytes]] = ([], [])
    work = [0, 0]
    for size, path in sorted(found, reverse=True):
        least = 0 if work[0] <= work[1] else 1
        lists[least].append(path + b"\0")
        work[least] += size + HALF_COST_BYTES
    for file, chosen in zip(files, lists, strict=True):
        file.write_bytes(b"".join(chosen))
    return files


def hashers(tree: Tree, state: Path) -> list[Contender]:
    """The full check: everybody gives the same digest for every file."""
    root = str(tree.root)
    expected = Work(tree.marker.files, fingerprint=tree.marker.fingerprint)

    def lines(out: Sequence[Path]) -> Work:
        return telling.digests(out, tree.root)

    def one(name: str, needs: str, *command: str) -> Contender:
        return Contender(name, (command,), expected, lines, needs=needs)

    openssl = ("openssl", "dgst", "-sha256", "-r")
    both = tuple((*XARGS, str(half), *openssl) for half in halves(tree))
    python = tuple(driver("hash_limit", str(half)) for half in halves(tree))
    deep = Contender(
        "hashdeep",
        (("hashdeep", "-c", "sha256", "-r", root),),
        Work(tree.marker.files, tree.marker.bytes, tree.marker.fingerprint),
        lambda out: telling.hashdeep(out, tree.root),
        needs="hashdeep",
    )
    return [
        check(tree, state, full=True),
        Contender("limit: 2 openssl at once", both, expected, lines, needs="openssl"),
        Contender("limit: 2 hashlib at once", python, expected, lines),
        one("openssl", "openssl", *XARGS, str(tree.paths), *openssl),
        one("rhash", "rhash", "rhash", "--sha256", "-r", root),
        deep,
        one("sha256sum", "sha256sum", *XARGS, str(tree.paths), "sha256sum"),
        one("rclone hashsum", "rclone", "rclone", "--config", "", "hashsum", "sha256", root),
    ]


def cold(tree: Tree, state: Path, drop: Callable[[], None]) -> list[Contender]:
    """The full check with an empty page cache."""
    whole = Work(tree.marker.files)
    cat = Contender(
        "cat",
        ((*XARGS, str(tree.paths), "cat"),),
        whole,
        # Its output went nowhere: that it ended well says that it read every file it was given.
        lambda _: Work(tree.paths.read_bytes().count(b"\0")),
        drop,
        "cat",
    )
    deep = next(one for one in hashers(tree, state) if one.name == "hashdeep")
    us = check(tree, state, full=True)
    return [replace(us, prepare=drop), cat, replace(deep, prepare=drop)]


def quick(tree: Tree, state: Path, shadow: Path) -> list[Contender]:
    """The quick check: exists and size. `shadow` has the same names and sizes and no blocks."""
    root, reference = f"{tree.root}/", f"{shadow}/"
    whole = Work(tree.marker.files, tree.marker.bytes)
    rsync = ("rsync", "-rn", "--size-only", "--stats", root, reference)
    rclone = ("rclone", "--config", "", "check", "--size-only", "--combined", "-", root, reference)
    find = ("find", root, "-type", "f", "-printf", "%s\\n")
    return [
        check(tree, state, full=False),
        Contender("rsync -rn --size-only", (rsync,), whole, telling.rsync_stats, needs="rsync"),
        Contender("find", (find,), whole, telling.sizes, needs="find"),
        Contender("os.walk + getsize", (driver("walk", root),), whole, telling.counted),
        Contender(
            "rclone check --size-only",
            (rclone,),
            Work(tree.marker.files),
            telling.rclone_check,
            needs="rclone",
        ),
    ]


def put_back(
    tree: Tree,
    *,
    target: Path,
    state: Path,
    prepare: Callable[[], None],
    expected: Work,
    seen: Teller,
) -> list[Contender]:
    """A tenth of the files is put back; `seen` looks at the disk afterwards."""
    source, place = f"{tree.root}/", f"{target}/"

    def fresh() -> None:
        shutil.rmtree(state, ignore_errors=True)
        prepare()

    def one(name: str, needs: str, *command: str) -> Contender:
        return Contender(name, (command,), expected, seen, prepare, needs)

    common = ("--root", str(target), "--manifest", str(tree.manifest), "--source", str(tree.stick))
    whole = ours("repair", "--yes", *common, "--json", "--state", str(state))
    named = {common[n][2:]: common[n + 1] for n in range(0, len(common), 2)}
    engine = driver(
        "engine", *(f"--{key}={value}" for key, value in named.items()), f"--state={state}"
    )
    return [
        Contender("ours, engine alone", (engine,), expected, seen, fresh, own_clock=True),
        Contender("ours, whole repair with both looks", (whole,), expected, seen, fresh),
        one("rsync -a", "rsync", "rsync", "-a", source, place),
        one("rsync -a --fsync", "rsync", "rsync", "-a", "--fsync", source, place),
        one("cp -rn", "cp", "cp", "-rn", f"{tree.root}/.", place),
        one("rclone copy", "rclone", "rclone", "--config", "", "copy", source, place),
    ]


def start() -> list[Contender]:
    """How long it takes before anything happens."""
    nothing = Work(files=0)

    def one(name: str, command: tuple[str, ...]) -> Contender:
        return Contender(name, (command,), nothing, lambda _: nothing)

    return [
        one("werkplek --help", ours("--help")),
        one("python -c pass", (sys.executable, "-c", "pass")),
        one("python -c 'import typer'", (sys.executable, "-c", "import typer")),
        one("python -c 'import msgspec'", (sys.executable, "-c", "import msgspec")),
    ]


def own_time(outputs: Sequence[Path]) -> tuple[float, float]:
    """What a driver says of its own wall clock and processor time, in seconds."""
    told = json.loads(outputs[0].read_text(encoding="utf-8"))
    return float(told["wall_s"]), float(told["processor_s"])
