"""Our own record of an earlier confident find: read first, and verified again like any other."""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe, RecordedRoot
from agent.discovery.touching import Reach
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
        if not _is_another(record, inquiry):
            yield from traces.exact(record.root, source)


def _is_another(record: RecordedRoot, inquiry: Inquiry) -> bool:
    """Whether another folder has that name by now; what may not be touched is believed.

    A record that others could have written leads this run nowhere, not even to a look.
    """
    if record.root_id is None or record.open_to_all or not Reach(inquiry).allowed(record.root):
        return False
    try:
        return str(inquiry.pc.disks.identity(record.root).number) != record.root_id
    except OSError:
        return False  # it is gone: that is for the search to say


PROBE = Probe(NAME, look)
