"""One command: make the trees, run ours and every installed peer, print the ratios."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from benchmarks import contenders as who  # noqa: E402 - the repository has to be found first
from benchmarks import placing, results, searching, trees  # noqa: E402
from benchmarks.contenders import Contender  # noqa: E402
from benchmarks.processes import Measured, measure  # noqa: E402
from benchmarks.trees import GB, Size, Tree  # noqa: E402
from benchmarks.work import ensure_same  # noqa: E402

JOBS = ("full", "cold", "quick", "putback", "search", "evidence", "start", "list", "memory")
NO_TREE = "-"
FILES_PER_UNIT = 10_000
START_MS = 150
LIST_MS = 60
BYTES_PER_FILE = 250
BASE_MIB = 35
FLAT_MIB = 8
"""A look at files a thousand times as large may take this much more memory, not more."""
FEW = Size("few files", 10, 10 * 1024)
"""As good as nothing to look at, and enough to be recognised."""
SMALL_FILES = Size("small files", 200, 200 * 1024)
LARGE_FILES = Size("large files", 200, 400 * 1024 * 1024)


class Benchmark:
    """What is measured in one go, and where."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        self.rows: list[results.Row] = []
        self.verdicts: list[results.Verdict] = []
        self.notes: list[str] = []
        self.present = who.installed()
        # An installed program has its modules compiled; so have ours here, outside the source.
        self.environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self.environment |= {
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            "PYTHONPATH": str(REPOSITORY),
            "LC_ALL": "C.UTF-8",
        }

    def tree(self, size: Size) -> Tree:
        """A tree, made by a process of its own so that this one stays small."""
        folder = self.folder / size.name.replace(" ", "-")
        if trees.find(folder, size) is None:
            say(f"making tree {size.name}: {size.files:,} files, {size.bytes / GB:.2f} GB")
            arguments = (str(folder), size.name, str(size.files), str(size.bytes))
            command = (sys.executable, "-m", "benchmarks.making", *arguments)
            measure([command], [self.output(0)], self.environment)
        found = trees.find(folder, size)
        if found is None:
            raise SystemExit(f"could not make tree {size.name}")
        return found

    def output(self, number: int) -> Path:
        """Where standard output goes."""
        return self.folder / f"output-{number}"

    def job(self, job: str, tree: str, taking_part: Sequence[Contender], *, warm: bool) -> None:
        """Run everybody `runs` times in turn; check the work of every run."""
        able = [one for one in taking_part if one.needs is None or self.present[one.needs]]
        measured: dict[str, list[Measured]] = {one.name: [] for one in able}
        for number in range(-1 if warm else 0, self.runs):
            for one in able:
                came = self.run_once(one)
                if number >= 0:
                    measured[one.name].append(came)
        for name, runs in measured.items():
            made = results.row(job, tree, name, runs)
            self.rows.append(made)
            say(f"{job:8} {tree:3} {name:36} {made.wall_s:8.3f} s  {made.processor_s:8.3f} cpu")

    def run_once(self, one: Contender) -> Measured:
        """One run whose work was checked."""
        if one.prepare is not None:
            one.prepare()
        outputs = [self.output(number) for number in range(len(one.commands))]
        if one.name == "cat":
            outputs = [Path(os.devnull)]
        came = measure(one.commands, outputs, self.environment, one.good)
        ensure_same(one.name, one.tell(outputs), one.expected)
        if not one.own_clock:
            return came
        wall, used = who.own_time(outputs)
        return Measured(wall, used, came.peak_bytes)


def say(text: str) -> None:
    """A line for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def full(bench: Benchmark, tree: Tree, name: str) -> None:
    """SHA-256 of everything, warm."""
    taking_part = who.hashers(tree, bench.folder / "state")
    warmed = [
        replace(one, prepare=lambda: placing.warm(placing.all_files(tree))) for one in taking_part
    ]
    bench.job("full", name, warmed, warm=True)


def cold(bench: Benchmark, tree: Tree, name: str) -> None:
    """SHA-256 of everything, from the disk."""
    if not placing.can_drop_caches():
        bench.notes.append("cold check (this user may not drop the page cache)")
        return
    taking_part = who.cold(tree, bench.folder / "state", placing.drop_caches)
    bench.job("cold", name, taking_part, warm=False)


def quick(bench: Benchmark, tree: Tree, name: str) -> None:
    """Exists and size."""
    shadow = tree.folder / "shadow"
    placing.make_shadow(tree, shadow)
    bench.job("quick", name, who.quick(tree, bench.folder / "state", shadow), warm=True)


def putback(bench: Benchmark, tree: Tree, name: str) -> None:
    """A tenth of the files is put back."""
    target, trash = tree.folder / "target", tree.folder / "trash"

    def prepare() -> None:
        placing.take_away(tree, target, trash)
        placing.warm(placing.missing_files(tree))
        os.sync()  # nobody pays for what somebody else left unwritten

    placing.make_target(tree, target)
    try:
        taking_part = who.put_back(
            tree,
            target=target,
            state=bench.folder / "state-of-repairs",
            prepare=prepare,
            expected=placing.expected_back(tree),
            seen=lambda _: placing.seen_back(tree, target),
        )
        bench.job("putback", name, taking_part, warm=False)
    finally:
        shutil.rmtree(target, ignore_errors=True)
        shutil.rmtree(trash, ignore_errors=True)


def start(bench: Benchmark) -> None:
    """Before anything happens."""
    bench.job("start", NO_TREE, who.start(), warm=True)
    wall = next(r.wall_s for r in bench.rows if r.name == "werkplek --help")
    verdict = results.at_most(
        "start", NO_TREE, "`werkplek --help`", value=wall * 1000, limit=START_MS, unit="ms"
    )
    bench.verdicts.append(verdict)


def load_list(bench: Benchmark) -> None:
    """One list of 100,000 files."""
    command = who.driver("list_load", str(max(5, bench.runs)))
    measure([command], [bench.output(0)], bench.environment)
    told = json.loads(bench.output(0).read_text(encoding="utf-8"))
    for name, took in told.items():
        wall, used = took["wall_s"], took["processor_s"]
        bench.rows.append(results.Row("list", NO_TREE, name, wall, used, 0, bench.runs))
        if name.startswith("ours"):
            verdict = results.at_most(
                "list", NO_TREE, "100,000 files", value=wall * 1000, limit=LIST_MS, unit="ms"
            )
            bench.verdicts.append(verdict)


def search(bench: Benchmark) -> None:
    """The program is looked for on a disk of 1.1 million entries."""
    disk = searching.disk(bench.folder, bench.environment)
    bench.job("search", NO_TREE, searching.over_the_disk(disk), warm=True)


def evidence(bench: Benchmark) -> None:
    """The program is found by the traces that it left."""
    rows, verdicts = searching.by_evidence(bench.folder, bench.environment, bench.runs)
    bench.rows += rows
    bench.verdicts += verdicts


def memory(bench: Benchmark, chosen: Sequence[Tree]) -> None:
    """Peak above the base per file, and flat in the size of files."""
    state = bench.folder / "state"

    def peak(tree: Tree, *, is_full: bool) -> int:
        one = who.check(tree, state, full=is_full)
        return results.row("", "", "", [bench.run_once(one) for _ in range(3)]).peak_bytes

    for is_full in (True, False):
        job = "memory, full" if is_full else "memory, quick"
        base = peak(bench.tree(FEW), is_full=is_full)
        at_base = results.at_most(
            job, "10 files", "base", value=base / 2**20, limit=BASE_MIB, unit="MiB"
        )
        bench.verdicts.append(at_base)
        for tree in chosen:
            each = (peak(tree, is_full=is_full) - base) / tree.marker.files
            name = f"{tree.marker.files:,} files"
            said = results.at_most(
                job, name, "above the base", value=each, limit=BYTES_PER_FILE, unit="bytes per file"
            )
            bench.verdicts.append(said)
    small, large = (peak(bench.tree(s), is_full=True) for s in (SMALL_FILES, LARGE_FILES))
    more = (large - small) / 2**20
    what = "2 MB files above 1 KB files"
    bench.verdicts.append(
        results.at_most("memory, full", "200 files", what, value=more, limit=FLAT_MIB, unit="MiB")
    )


def linear(bench: Benchmark, chosen: dict[str, Tree]) -> list[dict[str, Any]]:
    """Ours per 10,000 files and per GB on each tree, less the start."""
    starts = [r.wall_s for r in bench.rows if r.name == "werkplek --help"]
    start_s = starts[0] if starts else 0.0
    wanted = {"full": "ours", "quick": "ours", "putback": "ours, engine alone"}
    return [
        {
            "job": row.job,
            "tree": row.tree,
            "per_10000": took / (tree.marker.files / FILES_PER_UNIT),
            "per_gb": took / (tree.marker.bytes / GB),
        }
        for row in bench.rows
        if row.tree in chosen and wanted.get(row.job) == row.name
        for tree in (chosen[row.tree],)
        for took in (max(0.0, row.wall_s - (start_s if row.job != "putback" else 0.0)),)
    ]


ON_TREES: dict[str, Callable[[Benchmark, Tree, str], None]] = {
    "full": full,
    "quick": quick,
    "cold": cold,
    "putback": putback,
}


WITHOUT_TREES: dict[str, Callable[[Benchmark], None]] = {
    "start": start,
    "list": load_list,
    "search": search,
    "evidence": evidence,
}


def main() -> None:
    """Parse, measure, print and write."""
    given = _arguments()
    with _folder(given.folder) as folder:
        bench = Benchmark(folder, given.runs)
        sizes = {name: trees.SIZES[name] for name in given.trees.split(",")}
        jobs = given.jobs.split(",")
        needed = bool(set(jobs) & (ON_TREES.keys() | {"memory"}))
        chosen = {name: bench.tree(size) for name, size in sizes.items()} if needed else {}
        for job, measured in WITHOUT_TREES.items():
            if job in jobs:
                measured(bench)
        if "memory" in jobs:
            memory(bench, list(chosen.values()))
        for name, tree in chosen.items():
            for job, work in ON_TREES.items():
                if job in jobs:
                    work(bench, tree, name)
        document = _document(bench, sizes, linear(bench, chosen))
    page = results.markdown(document)
    if given.json is not None:
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        given.json.write_text(text, encoding="utf-8")
    if given.write is not None:
        given.write.write_text(page, encoding="utf-8")
    print(page)


def _document(
    bench: Benchmark, sizes: dict[str, Size], lines: list[dict[str, Any]]
) -> dict[str, Any]:
    verdicts = [*results.judged(bench.rows), *bench.verdicts]
    bench.notes.append("daily self-check (the scheduled task is not built yet)")
    return {
        "machine": placing.machine(bench.folder, platform.python_version()),
        "runs": bench.runs,
        "trees": "; ".join(
            f"{s.name} {s.files:,} files, {s.bytes / GB:.2f} GB" for s in sizes.values()
        ),
        "absent": sorted(peer for peer, here in bench.present.items() if not here),
        "notes": bench.notes,
        "goals": [asdict(verdict) for verdict in verdicts],
        "rows": [asdict(row) for row in bench.rows],
        "linear": lines,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trees", default="S,M", help="of S, M, L; default S,M")
    parser.add_argument("--runs", type=int, default=5, help="of each; default 5")
    parser.add_argument("--jobs", default=",".join(JOBS), help=f"of {', '.join(JOBS)}")
    parser.add_argument("--folder", type=Path, help="keep trees here for the next time")
    parser.add_argument("--write", type=Path, help="the table as Markdown")
    parser.add_argument("--json", type=Path, help="the same as JSON")
    given = parser.parse_args()
    unknown = set(given.jobs.split(",")) - set(JOBS) | set(given.trees.split(",")) - set(
        trees.SIZES
    )
    if unknown or given.runs < 1:
        parser.error(f"not known: {', '.join(sorted(unknown)) or '--runs below 1'}")
    return given


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="werkplek-benchmark-") as folder:
        yield Path(folder).resolve()


if __name__ == "__main__":
    main()
