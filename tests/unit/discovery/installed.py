"""A small product on a simulated PC, for tests of everything between evidence and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from agent.discovery.finding import find
from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, Log, Probe, Sought
from agent.discovery.sweep import SweepWish
from agent.model import Evidence, Found, KnownManifest, ProbeGroup, Search
from agent.profiles import Profiles
from agent.progress import Watch
from tests.simulators.inventories import known_manifest
from tests.simulators.pc import SimulatedPc

PROFILES = Profiles.load()
MEDICOM, PHARMACOM = PROFILES.get("medicom"), PROFILES.get("pharmacom")
FILES: Mapping[str, bytes] = {
    "medicom.exe": b"program",
    **{f"bin/recept{n}.dll": f"recept {n}".encode() for n in range(12)},
    **{f"help/uitleg{n}.chm": f"uitleg {n}".encode() for n in range(8)},
    **{f"gedeeld/vendor{n}.dll": f"vendor {n}".encode() for n in range(7)},
}
"""The product: 28 files."""
APOTHEEK: Mapping[str, bytes] = {
    "pharmacom.exe": b"program of the pharmacy",
    **{f"bin/balie{n}.dll": f"balie {n}".encode() for n in range(12)},
    **{path: data for path, data in FILES.items() if path.startswith("gedeeld/")},
}
"""Its sibling, with the same libraries of the vendor."""


def version(files: Mapping[str, bytes] = FILES, name: str = "2022.4") -> KnownManifest:
    return known_manifest(files, product="medicom", version=name)


SOUGHT = Sought(MEDICOM, (version(),))
SIBLING = Sought(PHARMACOM, (known_manifest(APOTHEEK, product="pharmacom", version="2022.4"),))
QUICK = Limits(probe_s=5.0, look_s=2.0, share_s=0.2)


def install(
    pc: SimulatedPc, root: str, files: Mapping[str, bytes] = FILES, *, without: Iterable[str] = ()
) -> str:
    """Put a program folder down, short of some files."""
    pc.disks.folder(root)
    gone = set(without)
    for path, data in files.items():
        if path not in gone:
            pc.disks.write(root.rstrip("\\") + "\\" + path.replace("/", "\\"), data)
    return root


def trace(group: ProbeGroup, path: str, *words: str, **facts: object) -> Evidence:
    base = Evidence(probe="test", group=group, path=path, where="a test", words=words)
    return replace(base, **facts)


def registered(root: str, *words: str) -> tuple[Evidence, ...]:
    """What an installer leaves: P = 0.73."""
    words = words or ("Medicom",)
    return (
        trace(ProbeGroup.INSTALL_LOCATION, root, *words, is_folder=True),
        trace(ProbeGroup.SERVICE, root + "\\bin\\recept1.dll", *words, is_folder=False),
        trace(ProbeGroup.SHORTCUT, root + "\\medicom.exe", *words, is_folder=False),
    )


def asked(pc: SimulatedPc, *sought: Sought, **facts: object) -> Inquiry:
    return replace(Inquiry(pc.pc, sought or (SOUGHT,), limits=QUICK), **facts)


def probe(evidence: Iterable[Evidence]) -> Probe:
    pieces = tuple(evidence)

    def look(_inquiry: Inquiry, _log: Log) -> Iterator[Evidence]:
        yield from pieces

    return Probe("test", look)


def search(inquiry: Inquiry, *evidence: Evidence, sweep: SweepWish = SweepWish.NEVER) -> Search:
    return find(inquiry, probes=[probe(evidence)], sweep=sweep, watch=Watch())


def found(inquiry: Inquiry, *evidence: Evidence, sweep: SweepWish = SweepWish.NEVER) -> Found:
    return search(inquiry, *evidence, sweep=sweep).found[0]


def simulated(folder: Path) -> SimulatedPc:
    """A PC with C: and D:."""
    pc = SimulatedPc(folder)
    pc.disks.add_drive("D")
    pc.disks.hang_s = 1.0
    return pc
