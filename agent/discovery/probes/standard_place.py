"""The usual places: a folder of the product's usual name, where it is there. A prior, no proof."""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import KnownFolder

NAME = "standard-place"
_PROGRAMS = (KnownFolder.PROGRAM_FILES, KnownFolder.PROGRAM_FILES_X86)


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Folders of the usual names, in Program Files and straight on each built-in drive."""
    traces = Traces(NAME, inquiry, log)
    flavour = inquiry.pc.disks.flavour
    for parent in _parents(traces):
        for name, title in _names(inquiry).items():
            path = str(flavour(parent) / name)
            log.looked(path)
            if traces.reach.stands(path):
                source = Source(
                    group=ProbeGroup.STANDARD_PLACE,
                    where=path,
                    words=(title,),
                    open_to_all=traces.reach.open_to_all(path),
                    is_folder=True,
                )
                yield from traces.exact(path, source)


def _parents(traces: Traces) -> tuple[str, ...]:
    known = (traces.inquiry.pc.folders.known(folder) for folder in _PROGRAMS)
    there = (folder for folder in known if folder is not None)
    return tuple(dict.fromkeys((*traces.reach.fixed_roots(), *there)))


def _names(inquiry: Inquiry) -> dict[str, str]:
    """Usual folder names, each once, with the title of a product that has it."""
    names: dict[str, str] = {}
    for one in inquiry.sought:
        for name in one.profile.folder_names:
            names.setdefault(name, one.profile.title)
    return names


PROBE = Probe(NAME, look)
