"""App Paths: where Windows finds a program that is started by its name alone.

https://learn.microsoft.com/windows/win32/shell/app-registration
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive

NAME = "app-paths"
PATH = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths"


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The program and the search folders of every name."""
    traces = Traces(NAME, inquiry, log)
    for base in traces.registry.everywhere(PATH):
        for name in traces.registry.subkeys(base):
            values = traces.registry.values(base / name)
            open_to_all = base.hive is not Hive.MACHINE
            program, folders = values.text(""), values.text("Path")
            source = Source(
                group=ProbeGroup.APP_PATHS,
                where=values.where(""),
                words=(name,),
                open_to_all=open_to_all,
                is_folder=False,
            )
            yield from traces.program(program, source)
            if folders is not None:
                source = Source(
                    group=ProbeGroup.APP_PATHS,
                    where=values.where("Path"),
                    words=(name,),
                    open_to_all=open_to_all,
                )
                yield from traces.listed(folders, source)


PROBE = Probe(NAME, look)
