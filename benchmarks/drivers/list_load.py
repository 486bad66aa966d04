"""Loading one list of 100,000 files, by us with every check and by others without any."""

from __future__ import annotations

import gc
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import msgspec

from agent.manifest.reading import parse
from agent.manifest.writing import to_bytes
from agent.model import Manifest, ManifestFile

FILES = 100_000
FOLDERS = 3_000
AREAS = 40


def document() -> bytes:
    """The list, about 18 MB."""
    folders = [f"Lib/package{n % AREAS}/module{n}" for n in range(FOLDERS)]
    files = []
    for number in range(FILES):
        path = f"{folders[number % FOLDERS]}/Component_{number:06d}.dll"
        digest = hashlib.sha256(path.encode()).hexdigest()
        files.append(ManifestFile(path=path, size=number, sha256=digest))
    return to_bytes(
        Manifest(
            created="2022-12-20T10:00:00Z",
            directories=tuple(folders),
            files=tuple(files),
            origin="benchmark",
            product="benchmark",
            version="1",
        )
    )


def median_of(load: Callable[[], object], runs: int) -> dict[str, float]:
    """Medians over several loads in this process."""
    walls, used = [], []
    for _ in range(runs):
        gc.collect()
        busy, began = time.process_time(), time.perf_counter()
        loaded = load()
        walls.append(time.perf_counter() - began)
        used.append(time.process_time() - busy)
        del loaded
    return {"wall_s": statistics.median(walls), "processor_s": statistics.median(used)}


def main(runs: int) -> None:
    """Print the medians by name."""
    data = document()
    loads: dict[str, Callable[[], object]] = {
        "ours, all validation": lambda: parse(data, "benchmark"),
        "msgspec, typed": lambda: msgspec.json.decode(data, type=Manifest),
        "msgspec, untyped": lambda: msgspec.json.decode(data),
        "json": lambda: json.loads(data),
    }
    if find_spec("orjson") is not None:
        import orjson  # noqa: PLC0415

        loads["orjson"] = lambda: orjson.loads(data)
    print(json.dumps({name: median_of(load, runs) for name, load in loads.items()}))


main(int(sys.argv[1]))
