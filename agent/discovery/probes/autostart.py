"""Run and RunOnce: what starts when somebody logs on.

https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive

NAME = "autostart"
PATH = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
KEYS = ("Run", "RunOnce")


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The program of every command, both hives, both views."""
    traces = Traces(NAME, inquiry, log)
    for base in traces.registry.everywhere(PATH):
        for key in KEYS:
            values = traces.registry.values(base / key)
            for name, text in values.texts():
                source = Source(
                    group=ProbeGroup.AUTOSTART,
                    where=values.where(name),
                    words=(name,),
                    open_to_all=base.hive is not Hive.MACHINE,
                    is_folder=False,
                )
                yield from traces.program(text, source)


PROBE = Probe(NAME, look)
