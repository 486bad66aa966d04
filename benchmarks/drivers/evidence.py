"""The search by evidence on a recorded PC: the first call of a process, and later ones."""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from agent.discovery.finding import SweepWish, find
from agent.discovery.probing import Inquiry, Sought
from agent.manifest.knowing import known_manifest
from agent.model import FindOutcome, KnownManifest, Manifest, ManifestFile, Trust
from agent.profiles import Profile
from agent.profiles.loading import read_all
from agent.progress import Watch
from benchmarks.recorded_pc import ROOT, furnished

FILES = 2_000
CREATED = "2022-12-20T10:00:00Z"


def main(base: Path, runs: int) -> None:
    """Furnish the PC, search several times, say how long each took."""
    program = {f"bin/m{n % 20}/onderdeel{n}.dll": b"%d" % n * 50 for n in range(FILES)}
    program["medicom.exe"] = b"MZ medicom"
    pc = furnished(base, program)
    profiles = tuple(read_all())
    sought = tuple(Sought(one, _known(one, program)) for one in profiles if one.name == "medicom")
    siblings = tuple(Sought(one) for one in profiles if one.name == "pharmacom")
    took: list[tuple[float, float]] = []
    for _ in range(1 + runs):
        began, used = time.perf_counter(), time.process_time()
        inquiry = Inquiry(pc, sought, siblings)
        (answer,) = find(inquiry, sweep=SweepWish.NEVER, watch=Watch()).found
        took.append((time.perf_counter() - began, time.process_time() - used))
        if answer.outcome is not FindOutcome.CHOSEN or answer.chosen.canonical != ROOT:
            sys.exit(f"the search went wrong: {answer.outcome}")
    print(json.dumps({"first": _said(took[:1]), "later": _said(took[1:])}))


def _known(profile: Profile, program: Mapping[str, bytes]) -> tuple[KnownManifest, ...]:
    """Two versions of the product, the installed one first."""
    return tuple(
        known_manifest(
            _manifest(program, version, mark),
            trust=Trust.INSTALLED,
            place="benchmark",
            check_code="0000-0000-0000",
            profile=profile,
        )
        for version, mark in (("2022.4", b""), ("2023.1", b"new"))
    )


def _manifest(program: Mapping[str, bytes], version: str, mark: bytes) -> Manifest:
    files = tuple(
        ManifestFile(path=p, size=len(d), sha256=hashlib.sha256(d + mark).hexdigest())
        for p, d in sorted(program.items())
    )
    return Manifest(
        product="medicom",
        version=version,
        created=CREATED,
        origin="benchmark",
        files=files,
        directories=(),
    )


def _said(took: list[tuple[float, float]]) -> dict[str, float]:
    return {
        "wall_s": statistics.median(wall for wall, _ in took),
        "processor_s": statistics.median(used for _, used in took),
    }


main(Path(sys.argv[1]), int(sys.argv[2]))
