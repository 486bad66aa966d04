"""Described PCs in the one reused Wine prefix: one start of Windows Python searches them all."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.pc.judging import Answer
from tests.pc.products import put_manifests
from wine_prefix import Drive, Prefix, windows_path

ROOT = Path(__file__).parents[2]
HOST, SHARES = "SRV01", ("PharmaPartners", "Apps")
"""The shares that descriptions marked ``wine`` may name."""
MAPPED = "Apps"
"""The share that P: stands for."""
SUBST = "Praktijk"
"""The folder on C: that S: stands for; without it S: is a drive that can't be read."""
START_S, EACH_S = 30.0, 6.0
"""Seconds that Windows Python may take to start, and for each PC."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was answered on one PC, or what went wrong."""

    answers: Mapping[str, Answer]
    error: str | None
    took_s: float


def search_all(prefix: Prefix, files: Sequence[Path], base: Path) -> Mapping[str, Searched]:
    """Make each PC real in the prefix, one after the other, and search it there.

    A PC that Windows did not come to within the time, or at all, has that as its error.

    Args:
        prefix: held alone by the caller.
        files: descriptions.
        base: an empty folder for drives, shares and manifests.
    """
    catalogue = put_manifests(base / "products")
    places = {name: base / name for name in ("d", "e", *SHARES)}
    for place in places.values():
        place.mkdir()
    drives = {
        "d": Drive(places["d"]),
        "e": Drive(places["e"], "floppy"),
        "p": Drive(places[MAPPED], "network"),
        "s": Drive(prefix.drive_c / SUBST),
    }
    prefix.furnish(drives=drives, shares={(HOST, share): places[share] for share in SHARES})
    out, last_words = _run(prefix, [windows_path(file) for file in (catalogue, *files)])
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    found = {line["pc"]: _searched(line) for line in lines}
    unanswered = Searched({}, f"no answer: {last_words}", 0.0)
    return {file.stem: found.get(file.stem, unanswered) for file in files}


def _run(prefix: Prefix, arguments: Sequence[str]) -> tuple[str, str]:
    """What it printed until its end or the time limit, and why it ended."""
    seconds = START_S + EACH_S * len(arguments)
    command = ["-m", "tests.pc.inside_windows", *arguments]
    try:
        done = prefix.python(command, cwd=ROOT, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        return (late.output or b"").decode("utf-8", "replace"), f"time limit {seconds:.0f} s"
    return done.stdout, done.stderr


def _searched(line: Mapping[str, object]) -> Searched:
    answers = msgspec.convert(line.get("answers", {}), dict[str, Answer])
    error = line.get("error")
    return Searched(answers, str(error) if error else None, float(str(line["took_s"])))
