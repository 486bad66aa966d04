"""The search: over a whole disk against `find`, and by evidence on a recorded PC."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import telling, windows_disk
from benchmarks.contenders import Contender, driver
from benchmarks.processes import measure
from benchmarks.results import Row, Verdict, at_most
from benchmarks.windows_disk import MAIN_PROGRAM, Disk
from benchmarks.work import Work

EVIDENCE_MS = 100
"""Tens of milliseconds."""
EVIDENCE_RUNS = 20
"""Searches of one process after its first."""
FIRST, LATER = "ours, first search of a process", "ours, later ones"


def disk(folder: Path, environment: dict[str, str]) -> Disk:
    """The disk with 1.1 million entries, made once by a process of its own."""
    place = folder / "windows-disk"
    if windows_disk.find(place) is None:
        print("making a disk of 1.1 million entries", file=sys.stderr, flush=True)
        command = (sys.executable, "-m", "benchmarks.windows_disk", str(place))
        measure([command], [folder / "output-0"], environment)
    found = windows_disk.find(place)
    if found is None:
        raise SystemExit("could not make the disk")
    return found


def over_the_disk(disk: Disk) -> list[Contender]:
    """Everybody looks for the one program; each says how often it was found."""
    drive, once = str(disk.drive), Work(files=1)

    def one(name: str, *command: str, needs: str | None = None) -> Contender:
        return Contender(name, (command,), once, telling.counted, needs=needs)

    by_find = Contender(
        "find", (("find", drive, "-name", MAIN_PROGRAM),), once, _lines, needs="find"
    )
    return [
        one("ours, to the end", *driver("sweep", drive)),
        by_find,
        one("os.scandir", *driver("scan", drive, MAIN_PROGRAM)),
        one("ours, to the first hit", *driver("sweep", drive, "--until", str(disk.root))),
        one(
            "ours, without knowing the folders of Windows", *driver("sweep", drive, "--everything")
        ),
    ]


def by_evidence(
    folder: Path, environment: dict[str, str], runs: int
) -> tuple[list[Row], list[Verdict]]:
    """`discovery.find` on the recorded PC: the median of processes, and of later searches."""
    told = []
    for _ in range(runs):
        command = driver("evidence", str(folder / "recorded-pc"), str(EVIDENCE_RUNS))
        output = folder / "output-0"
        measure([command], [output], environment)
        told.append(json.loads(output.read_text(encoding="utf-8")))
    rows = [
        _row(FIRST, [one["first"] for one in told]),
        _row(LATER, [one["later"] for one in told]),
    ]
    later_ms = rows[1].wall_s * 1000
    verdict = at_most("evidence", "-", "a search", value=later_ms, limit=EVIDENCE_MS, unit="ms")
    return rows, [verdict]


def _row(name: str, told: Sequence[dict[str, float]]) -> Row:
    wall, used = (sorted(one[what] for one in told) for what in ("wall_s", "processor_s"))
    middle = len(told) // 2
    return Row("evidence", "-", name, wall[middle], used[middle], 0, len(told))


def _lines(outputs: Sequence[Path]) -> Work:
    """`find`: one line for each hit."""
    return Work(files=len(outputs[0].read_text(encoding="utf-8").splitlines()))
