"""Program folders that the settings file names: a person decided."""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup

NAME = "configured"
WHERE = "[installation] root"
"""Section and key of the settings file."""


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Every configured folder as it is written."""
    traces = Traces(NAME, inquiry, log)
    source = Source(group=ProbeGroup.CONFIGURED, where=WHERE, is_folder=True)
    for root in inquiry.configured:
        log.looked(root)
        for path, said in traces.meanings(root, source):
            yield from traces.exact(path, said)


PROBE = Probe(NAME, look)
