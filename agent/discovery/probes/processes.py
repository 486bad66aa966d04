"""Programs that run now: the folder of a running program is in use for certain."""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup

NAME = "processes"
MAX_PROCESSES = 10_000
"""Processes that are looked at; a terminal server has a few thousand."""


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The executable of every process that says where it is, each once."""
    traces = Traces(NAME, inquiry, log)
    flavour = inquiry.pc.disks.flavour
    seen: set[str] = set()
    for count, process in enumerate(inquiry.pc.processes.running()):
        if count >= MAX_PROCESSES:
            log.trouble(NAME, "too-many-processes")
            return
        log.looked(process.name)
        path = process.executable
        if path is None or path in seen or traces.lines.inside_windows(path):
            continue
        seen.add(path)
        folder = str(flavour(path).parent)
        source = Source(
            group=ProbeGroup.RUNNING,
            where=f"{process.name} ({process.pid})",
            words=(process.name,),
            open_to_all=traces.reach.open_to_all(folder),
            is_folder=False,
        )
        yield from traces.exact(path, source)


PROBE = Probe(NAME, look)
