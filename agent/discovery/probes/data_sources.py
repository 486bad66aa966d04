"""ODBC data sources: driver and database often lie in or near the program folder.

https://learn.microsoft.com/sql/odbc/reference/install/registry-entries-for-odbc-components
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive, Key

NAME = "data-sources"
PATHS = ("SOFTWARE\\ODBC\\ODBC.INI", "SOFTWARE\\ODBC\\ODBCINST.INI")
"""Data sources, and the drivers that they name."""


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Every text of a data source or driver that is a path, both hives, both views."""
    traces = Traces(NAME, inquiry, log)
    for path in PATHS:
        for base in traces.registry.everywhere(path):
            for name in traces.registry.subkeys(base):
                yield from _source(traces, base / name, name)


def _source(traces: Traces, key: Key, name: str) -> Iterator[Evidence]:
    values = traces.registry.values(key)
    for value, text in values.texts():
        source = Source(
            group=ProbeGroup.DATA_SOURCE,
            where=values.where(value),
            words=(name,),
            open_to_all=key.hive is not Hive.MACHINE,
        )
        yield from traces.listed(text, source)


PROBE = Probe(NAME, look)
