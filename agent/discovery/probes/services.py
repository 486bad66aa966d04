r"""Services: what Windows starts, as `ImagePath` below the key ``Services`` says.

Unquoted paths with spaces, ``\??\``, ``\SystemRoot\`` and ``system32\`` relative ones happen:
https://learn.microsoft.com/windows-hardware/drivers/install/hklm-system-currentcontrolset-services-registry-tree
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive, Key

NAME = "services"
SERVICES = Key(Hive.MACHINE, "SYSTEM\\CurrentControlSet\\Services")


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The program of every service and driver; only administrators make services."""
    traces = Traces(NAME, inquiry, log)
    for name in traces.registry.subkeys(SERVICES):
        values = traces.registry.values(SERVICES / name)
        text = values.text("ImagePath")
        if text is None:
            continue
        shown = values.words("DisplayName", "Description")
        source = Source(
            group=ProbeGroup.SERVICE,
            where=values.where("ImagePath"),
            words=(name, *(word for word in shown if not word.startswith("@"))),
            is_folder=False,
        )
        yield from traces.program(text, source)


PROBE = Probe(NAME, look)
