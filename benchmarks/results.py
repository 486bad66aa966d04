"""Medians, ratios and goals, as a table for people and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import Measured

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One contender in one job on one tree."""

    job: str
    tree: str
    name: str
    wall_s: float
    processor_s: float
    peak_bytes: int
    runs: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal of PERFORMANCE.md and what was measured."""

    job: str
    tree: str
    goal: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """Ours may take at most `limit` times what the quickest of `peers` takes."""

    job: str
    ours: str
    peers: tuple[str, ...]
    limit: float
    says: str


GOALS = (
    Goal("full", "ours", ("limit: 2 openssl at once", "limit: 2 hashlib at once"), 1.25,
         "≤ 1.25 times SHA-256 of both cores"),
    Goal("full", "ours", ("hashdeep",), 1 / 3, "≥ 3 times faster than hashdeep"),
    Goal("full", "ours", ("rclone hashsum",), 1 / 5, "≥ 5 times faster than rclone"),
    Goal("cold", "ours", ("cat",), 1.0, "≤ cat of all files"),
    Goal("quick", "ours", ("rsync -rn --size-only",), 1.0, "≤ rsync -rn --size-only"),
    Goal("putback", "ours, engine alone", ("rsync -a",), 1.0, "engine ≤ rsync -a"),
    Goal("search", "ours, to the end", ("find",), 1.0, "1.1 million entries ≤ find"),
)  # fmt: skip


def row(job: str, tree: str, name: str, runs: Sequence[Measured]) -> Row:
    """The medians of several runs."""
    return Row(
        job,
        tree,
        name,
        statistics.median(run.wall_s for run in runs),
        statistics.median(run.processor_s for run in runs),
        int(statistics.median(run.peak_bytes for run in runs)),
        len(runs),
    )


def judged(rows: Iterable[Row], goals: Iterable[Goal] = GOALS) -> list[Verdict]:
    """Every goal for which both sides were measured."""
    by_place: dict[tuple[str, str], dict[str, Row]] = {}
    for each in rows:
        by_place.setdefault((each.job, each.tree), {})[each.name] = each
    verdicts = []
    for (job, tree), found in by_place.items():
        for goal in goals:
            peers = [found[peer].wall_s for peer in goal.peers if peer in found]
            if goal.job == job and goal.ours in found and peers:
                verdicts.append(_verdict(goal, tree, found[goal.ours].wall_s, min(peers)))
    return verdicts


def _verdict(goal: Goal, tree: str, ours: float, peer: float) -> Verdict:
    ratio = ours / peer
    text = f"{ratio:.2f} times" if goal.limit >= 1 else f"{1 / ratio:.1f} times faster"
    return Verdict(goal.job, tree, goal.says, text, met=ratio <= goal.limit)


def at_most(job: str, tree: str, what: str, *, value: float, limit: float, unit: str) -> Verdict:
    """A goal that is a number by itself."""
    said = f"{what} ≤ {limit:g} {unit}"
    return Verdict(job, tree, said, f"{value:.0f} {unit}", met=value <= limit)


TITLES = {
    "full": "Full check, warm: SHA-256 of every file against the list",
    "cold": "Full check, cold: the page cache dropped before each run",
    "quick": "Quick check: exists and size",
    "putback": "Put back 10 % of the files",
    "search": "Search a disk of 1.1 million entries for the program",
    "evidence": "Find the program by its traces (in one process)",
    "start": "Start",
    "list": "Load a list of 100,000 files (in one process)",
}


INTRODUCTION = (
    "Written by `python benchmarks/run.py --write docs/performance.md`; what is measured and how is"
    " in `benchmarks/README.md`. Whole processes, in turn, medians; every run was checked to have"
    " done the same work as the others."
)


def markdown(document: Mapping[str, Any]) -> str:
    """The whole result as a page."""
    parts = ["# Performance", "", INTRODUCTION, "", _measured_on(document)]
    if document["absent"]:
        parts += ["", f"Not installed, so not compared: {', '.join(document['absent'])}."]
    for text in document["notes"]:
        parts += ["", f"Left out: {text}."]
    parts += ["", "## Goals", "", "| Job | Tree | Goal | Measured | |", "|---|---|---|---|---|"]
    parts += [
        f"| {v['job']} | {v['tree']} | {v['goal']} | {v['measured']} |"
        f" {'met' if v['met'] else '**not met**'} |"
        for v in document["goals"]
    ]
    for job, title in TITLES.items():
        parts += _job_table(title, [one for one in document["rows"] if one["job"] == job])
    parts += _linear_table(document["linear"])
    return "\n".join(parts) + "\n"


def _measured_on(document: Mapping[str, Any]) -> str:
    machine, runs, sizes = document["machine"], document["runs"], document["trees"]
    return f"Machine: {machine}. Runs of each: {runs}. Trees: {sizes}."


def _job_table(title: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    lines = ["", f"## {title}", ""]
    lines += ["| Tree | Who | Wall clock ms | Ours ÷ this | Processor ms | Peak MiB |"]
    lines += ["|---|---|---:|---:|---:|---:|"]
    for one in rows:
        base = next((r for r in rows if r["tree"] == one["tree"]), one)
        ratio = base["wall_s"] / one["wall_s"] if one["wall_s"] else 0
        peak = f"{one['peak_bytes'] / 2**20:.0f}" if one["peak_bytes"] else "-"
        lines.append(
            f"| {one['tree']} | {one['name']} | {one['wall_s'] * MILLISECONDS:,.0f} | {ratio:.2f} |"
            f" {one['processor_s'] * MILLISECONDS:,.0f} | {peak} |"
        )
    return lines


def _linear_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    lines = ["", "## Linear in files and bytes", "", "Ours, less what the start of it costs.", ""]
    lines += ["| Job | Tree | s per 10,000 files | s per GB |", "|---|---|---:|---:|"]
    return lines + [
        f"| {one['job']} | {one['tree']} | {one['per_10000']:.3f} | {one['per_gb']:.3f} |"
        for one in rows
    ]
