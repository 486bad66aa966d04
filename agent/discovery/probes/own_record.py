"""Our own record of an earlier confident find: read first, and verified again like any other."""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup

NAME = "own-record"


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The roots that were recorded; one that others could have written is marked as such."""
    traces = Traces(NAME, inquiry, log)
    for record in inquiry.records:
        log.looked(record.place)
        source = Source(
            group=ProbeGroup.RECORD,
            where=record.place,
            words=(record.product,),
            open_to_all=record.open_to_all,
            is_folder=True,
        )
        yield from traces.exact(record.root, source)


PROBE = Probe(NAME, look)
