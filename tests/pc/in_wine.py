"""Described PCs in the one reused Wine prefix: one start of Windows Python searches them all."""

from __future__ import annotations

import json
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
START_S, EACH_S = 30.0, 8.0
"""Seconds that Windows Python may take to start, and for each PC."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was answered on one PC, or what went wrong."""

    answers: Mapping[str, Answer]
    error: str | None
    took_s: float


def search_all(prefix: Prefix, files: Sequence[Path], base: Path) -> Mapping[str, Searched]:
    """Make each PC real in the prefix, one after the other, and search it there.

    Args:
        prefix: held alone by the caller.
        files: descriptions.
        base: an empty folder for drives, shares and manifests.

    Raises:
        subprocess.TimeoutExpired: Windows took too long; its processes are gone.
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
    done = prefix.python(
        ["-m", "tests.pc.inside_windows", *map(windows_path, (catalogue, *files))],
        cwd=ROOT,
        timeout=START_S + EACH_S * len(files),
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if len(lines) != len(files):
        raise AssertionError(done.stdout + done.stderr)
    return {line["pc"]: _searched(line) for line in lines}


def _searched(line: Mapping[str, object]) -> Searched:
    answers = msgspec.convert(line.get("answers", {}), dict[str, Answer])
    error = line.get("error")
    return Searched(answers, str(error) if error else None, float(str(line["took_s"])))
