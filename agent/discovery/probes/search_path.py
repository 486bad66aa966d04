"""The search path of the machine and of the users, from the registry and not from this process.

https://learn.microsoft.com/windows/win32/procthread/environment-variables
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive, Key

NAME = "search-path"
MACHINE = Key(Hive.MACHINE, "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment")
USER = "Environment"


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Every folder of the search path."""
    traces = Traces(NAME, inquiry, log)
    for key in (MACHINE, *(root / USER for root in traces.registry.users())):
        values = traces.registry.values(key)
        source = Source(
            group=ProbeGroup.SEARCH_PATH,
            where=values.where("Path"),
            open_to_all=key.hive is not Hive.MACHINE,
        )
        yield from traces.listed(values.text("Path") or "", source)


PROBE = Probe(NAME, look)
