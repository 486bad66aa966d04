"""Ini files: ``win.ini``, the others in the Windows folder, and the vendor's own in ProgramData.

Old programs note 8.3 names there; `Traces` gives the long ones.
https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getprivateprofilestringw
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.discovery.interest import Interest
from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import KnownFolder

NAME = "ini-files"
ENDING = ".ini"
DEPTH = 3
"""Levels of folders below a vendor's folder."""
MAX_ENTRIES = 5_000
"""Entries that are seen below one folder."""
MAX_FILES = 300
"""Ini files that are read."""
MAX_LINE = 2_048
"""Characters of one line that are read."""
MAX_NAME = 200
"""Characters of the name of a value; a longer one is no name."""
_NO_NAME = ("[", ";", "#")
_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\|%|file:", re.IGNORECASE)
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """Every value of those files that is a path."""
    traces = Traces(NAME, inquiry, log)
    for count, path in enumerate(_files(traces)):
        if count >= MAX_FILES:
            log.trouble(NAME, "too-many-files")
            return
        data = traces.reach.read(path, inquiry.limits.ini_bytes, log)
        if data is not None:
            yield from _paths(traces, path, data)


def _files(traces: Traces) -> Iterator[str]:
    known, flavour = traces.inquiry.pc.folders.known, traces.inquiry.pc.disks.flavour
    windows, data = known(KnownFolder.WINDOWS), known(KnownFolder.PROGRAM_DATA)
    if windows is not None:
        yield from _inis(traces, windows, depth=0)
    if data is None:
        return
    interest = Interest.of(traces.inquiry.sought)
    for entry in traces.reach.entries(data, traces.log):
        if entry.is_directory and not entry.is_link and interest.in_words(entry.name):
            yield from _inis(traces, str(flavour(data) / entry.name), depth=DEPTH)


def _inis(traces: Traces, folder: str, *, depth: int) -> Iterator[str]:
    for path, entry in traces.reach.below(folder, traces.log, depth=depth, limit=MAX_ENTRIES):
        if not entry.name.lower().endswith(ENDING) or entry.is_link:
            continue
        if entry.is_placeholder:
            traces.log.trouble(path, "in-the-cloud")
        else:
            yield path


def _paths(traces: Traces, path: str, data: bytes) -> Iterator[Evidence]:
    name = traces.inquiry.pc.disks.flavour(path).stem
    open_to_all = traces.reach.open_to_all(path)
    for key, value in values_in(_text(data)):
        if not _PATH.search(value):
            continue
        source = Source(
            group=ProbeGroup.DATA_SOURCE,
            where=f"{path}: {key}",
            words=(name, key),
            open_to_all=open_to_all,
        )
        yield from traces.listed(value, source)


def values_in(text: str) -> Iterator[tuple[str, str]]:
    """The names and values of an ini file, of all its sections, without comments."""
    for whole in text.replace("\r", "\n").split("\n"):
        line = whole if len(whole) <= MAX_LINE else whole[:MAX_LINE].rpartition(";")[0]
        name, _, value = (part.strip() for part in line.partition("="))
        if value and 0 < len(name) <= MAX_NAME and not name.startswith(_NO_NAME):
            yield name, value


def _text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


PROBE = Probe(NAME, look)
