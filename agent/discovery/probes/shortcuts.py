"""Shortcuts on desktops, in start menus and on taskbars, of this user and of all the others.

A shortcut to something that is not there is weak evidence: it may be older than the installation,
or made on another PC. Nothing is resolved over the network and no cloud placeholder is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from agent.discovery.interest import Interest
from agent.discovery.msi_records import MACHINE, USER_DATA, component_file, packed
from agent.discovery.people import discreet, own_folders
from agent.discovery.probing import Inquiry, Log, Probe
from agent.discovery.registry_reader import is_person
from agent.discovery.shortcuts import NotAShortcutError, Shortcut, read_shortcut
from agent.discovery.traces import Source, Traces
from agent.model import Evidence, ProbeGroup
from agent.ports import Entry, Hive, Key, KnownFolder

NAME = "shortcuts"
ENDING = ".lnk"
DEPTH = 6
"""Levels of folders below a desktop or a start menu."""
MAX_ENTRIES = 20_000
"""Entries that are seen below one such folder."""
PROFILE_LIST = Key(Hive.MACHINE, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList")
"""https://learn.microsoft.com/windows/win32/shell/user-profiles-portal"""
PINS = "Microsoft\\Internet Explorer\\Quick Launch\\User Pinned\\TaskBar"
_ROAMING = "AppData\\Roaming"
_IN_PROFILE = (
    "Desktop",
    f"{_ROAMING}\\Microsoft\\Windows\\Start Menu",
    f"{_ROAMING}\\{PINS}",
)
_SHARED = (KnownFolder.PUBLIC_DESKTOP, KnownFolder.COMMON_START_MENU)
_OWN = (KnownFolder.DESKTOP, KnownFolder.START_MENU)


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder with shortcuts."""

    path: str
    of_user: bool


def look(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    """The targets of all shortcuts, the shared ones first."""
    traces = Traces(NAME, inquiry, log)
    limits, read = inquiry.limits, 0
    profiles = tuple(_profiles(traces))
    flavour = inquiry.pc.disks.flavour
    log.people += dict.fromkeys((*own_folders(inquiry.pc.folders, flavour), *profiles))
    places = tuple(_places(traces, profiles))
    interest = Interest.of((*inquiry.sought, *inquiry.siblings))
    log.shown = discreet([place.path for place in places], interest, flavour)
    for place in places:
        for path, entry in traces.reach.below(place.path, log, depth=DEPTH, limit=MAX_ENTRIES):
            if not entry.name.lower().endswith(ENDING) or not _readable(entry, path, traces):
                continue
            read += 1
            if read > limits.shortcuts:
                log.trouble(place.path, "too-many-shortcuts")
                return
            yield from _one(traces, path, of_user=place.of_user)


def _places(traces: Traces, profiles: Iterable[str]) -> Iterator[_Place]:
    known = traces.inquiry.pc.folders.known
    flavour = traces.inquiry.pc.disks.flavour
    places = [_Place(path, False) for one in _SHARED if (path := known(one))]
    places += [_Place(path, True) for one in _OWN if (path := known(one))]
    roaming = known(KnownFolder.ROAMING)
    if roaming:
        places.append(_Place(str(flavour(roaming) / PINS), True))
    for profile in profiles:
        places += [_Place(str(flavour(profile) / inside), True) for inside in _IN_PROFILE]
    seen: set[str] = set()
    for place in places:
        key = place.path.casefold()
        if key not in seen:
            seen.add(key)
            yield place


def _profiles(traces: Traces) -> Iterator[str]:
    """The profile folders of all people who ever logged on here."""
    for sid in traces.registry.subkeys(PROFILE_LIST):
        text = traces.registry.values(PROFILE_LIST / sid).text("ProfileImagePath")
        path = traces.lines.folder(text) if text and is_person(sid) else None
        if path is not None:
            yield path


def _readable(entry: Entry, path: str, traces: Traces) -> bool:
    if entry.is_link:
        return False
    if entry.is_placeholder:
        traces.log.trouble(path, "in-the-cloud")
    elif entry.size > traces.inquiry.limits.shortcut_bytes:
        traces.log.trouble(path, "too-large")
    else:
        return True
    return False


def _one(traces: Traces, path: str, *, of_user: bool) -> Iterator[Evidence]:
    data = traces.reach.read(path, traces.inquiry.limits.shortcut_bytes, traces.log)
    if data is None:
        return
    try:
        shortcut = read_shortcut(data)
    except NotAShortcutError:
        traces.log.trouble(path, "damaged-shortcut")
        return
    name = traces.inquiry.pc.disks.flavour(path).stem
    source = Source(
        group=ProbeGroup.SHORTCUT,
        where=traces.log.shown(path),
        words=(name,),
        open_to_all=of_user or traces.reach.open_to_all(path),
        is_folder=False,
    )
    yield from _evidence(traces, shortcut, source)


def _evidence(traces: Traces, shortcut: Shortcut, source: Source) -> Iterator[Evidence]:
    if shortcut.product_code is not None:
        yield from _advertised(traces, shortcut, source)
    for target in shortcut.targets:
        path = traces.lines.folder(target)
        if path is None:
            continue
        given = traces.lines.candidates(f'"{path}" {shortcut.arguments or ""}')
        yield from _led(traces, traces.pick(given, source) or path, source)
        return
    yield from traces.folder(shortcut.working_folder, replace(source, is_folder=None))


def _led(traces: Traces, path: str, source: Source) -> Iterator[Evidence]:
    for meant, said in traces.meanings(path, source):
        dead = traces.stands(meant, said) is False
        group = ProbeGroup.DEAD_SHORTCUT if dead else ProbeGroup.SHORTCUT
        yield from traces.exact(meant, replace(said, group=group))


def _advertised(traces: Traces, shortcut: Shortcut, source: Source) -> Iterator[Evidence]:
    """Where the Windows Installer put what an advertised shortcut starts."""
    product = shortcut.product_code or ""
    key = USER_DATA / MACHINE / "Products" / packed(product) / "InstallProperties"
    properties = traces.registry.values(key)
    source = replace(source, words=(*source.words, *properties.words("DisplayName", "Publisher")))
    if shortcut.component_code is not None:
        found = component_file(traces.registry, shortcut.component_code, product)
        if found is not None:
            path = traces.lines.folder(found[0])
            where = f"{source.where} + {found[1]}"
            yield from _led(traces, path, replace(source, where=where)) if path else ()
    where = f"{source.where} + {properties.where('InstallLocation')}"
    located = replace(source, where=where, is_folder=True)
    yield from traces.folder(properties.text("InstallLocation"), located)


PROBE = Probe(NAME, look)
