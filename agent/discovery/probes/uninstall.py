"""Uninstall keys: what "Apps & features" lists. Empty, quoted, indexed and stale values happen.

https://learn.microsoft.com/windows/win32/msi/uninstall-registry-key
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.registry_reader import KeyValues
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Hive, Key

NAME = "uninstall"
PATH = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
FOLDERS = ("InstallLocation", "Inno Setup: App Path", "InstallDir")
"""Values that name the program folder; the installers Inno Setup and NSIS have their own."""
PROGRAMS = ("DisplayIcon", "UninstallString", "QuietUninstallString", "ModifyPath")


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Folders and programs of every entry, both hives, both views."""
    traces = Traces(NAME, inquiry, log)
    for base in traces.registry.everywhere(PATH):
        for name in traces.registry.subkeys(base):
            yield from _entry(traces, base, name)


def _entry(traces: Traces, base: Key, name: str) -> Iterator[Evidence]:
    values = traces.registry.values(base / name)
    words = (*values.words("DisplayName", "Publisher"), name)
    texts = {value: values.text(value) for value in (*FOLDERS, *PROGRAMS)}
    # Hundreds of entries are about other programs: nothing in them is called like ours.
    if not traces.concerns(*words, *(text for text in texts.values() if text)):
        return
    for value in FOLDERS:
        source = _source(values, value, words, ProbeGroup.INSTALL_LOCATION, is_folder=True)
        yield from traces.folder(texts[value], source)
    for value in PROGRAMS:
        source = _source(values, value, words, ProbeGroup.UNINSTALLER, is_folder=False)
        yield from traces.program(texts[value], source)


def _source(
    values: KeyValues, name: str, words: tuple[str, ...], group: ProbeGroup, *, is_folder: bool
) -> Source:
    return Source(
        group=group,
        where=values.where(name),
        words=words,
        open_to_all=values.key.hive is not Hive.MACHINE,
        is_folder=is_folder,
    )


PROBE = Probe(NAME, look)
