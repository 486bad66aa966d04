"""A described PC over the simulators."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, RecordedRoot, Sought
from agent.ports import DriveKind, Hive, Key
from tests.pc.describing import Description, Record
from tests.pc.everyday import everyday
from tests.pc.furnishing import Furniture, furnish, key_of
from tests.simulators.pc import PROFILE, USER_SID, SimulatedPc

NOT_READY, LOCKED = "not ready", "locked"
SUBST, NETWORK = "subst ", "network "
SHARE_S = 0.2
"""Seconds that a silent share gets in a simulated search."""
HANG_S = 1.0
"""Seconds after which a silent place answers here: longer than anybody waits for it."""


def simulate(pc: Description, base: Path) -> SimulatedPc:
    """Make a described PC.

    Args:
        pc: the description.
        base: an empty folder for its drives.
    """
    made = SimulatedPc(base)
    _add_drives(made, pc)
    disks, rights = made.disks, made.rights
    rights.is_elevated, rights.is_multi_session = pc.elevated, pc.server
    rights.guarded |= set(pc.guarded)
    furniture = furnish(pc, PROFILE)
    everyday(furniture)
    _put_down(made, furniture)
    made.processes.executables += furniture.running
    disks.links |= {furniture.at(link): target for link, target in pc.links.items()}
    disks.short_names |= pc.short_names
    disks.denied |= {furniture.at(path) for path in pc.denied}
    disks.placeholders |= {furniture.at(path) for path in pc.placeholders}
    disks.hangs |= set(pc.silent)
    disks.hang_s = HANG_S
    made.registry.denied |= {key_of(key) for key in pc.denied_keys}
    made.registry.loops |= {key_of(link): key_of(key) for link, key in pc.key_links.items()}
    disks.opened.clear()
    return made


def ask(pc: Description, made: SimulatedPc, sought: Sequence[Sought]) -> Inquiry:
    """What a run on this PC would look for."""
    limits = Limits(share_s=SHARE_S)
    if pc.entries is not None:
        limits = Limits(share_s=SHARE_S, sweep_entries=pc.entries)
    return Inquiry(
        pc=made.pc,
        sought=tuple(sought),
        configured=pc.configured,
        records=tuple(map(recorded, pc.records)),
        hosts=frozenset(host.lower() for host in pc.hosts),
        own_folders=pc.own_folders,
        elevated=pc.elevated,
        limits=limits,
    )


def recorded(record: Record) -> RecordedRoot:
    """Our own record as a search gets it."""
    return RecordedRoot(record.root, record.product, "records", open_to_all=record.open_to_all)


def _add_drives(made: SimulatedPc, pc: Description) -> None:
    for share in pc.shares:
        made.disks.add_share(share)
    for letter, word in pc.drives.items():
        if word == NOT_READY:
            made.disks.add_drive(letter, DriveKind.REMOVABLE, ready=False)
        elif word == LOCKED:
            made.disks.add_drive(letter, DriveKind.FIXED, ready=False)
        elif word.startswith(SUBST):
            target = word.removeprefix(SUBST)
            made.disks.add_drive(letter, DriveKind.FIXED, alias_of=target)
        elif word.startswith(NETWORK):
            target = word.removeprefix(NETWORK)
            made.disks.add_drive(letter, DriveKind.NETWORK, alias_of=target)
        else:
            made.disks.add_drive(letter, DriveKind(word))


def _put_down(made: SimulatedPc, furniture: Furniture) -> None:
    for folder in furniture.folders:
        made.disks.folder(folder)
    _write_files(made, furniture)
    for line in furniture.registry:
        if line.data is None:
            made.registry.make(line.key)
        else:
            key = _as_seen(line.key, elevated=made.rights.is_elevated)
            made.registry.put(key, line.name, line.data, expandable=line.expandable)


def _write_files(made: SimulatedPc, furniture: Furniture) -> None:
    """Folder by folder: looking each of a hundred paths up would take most of a test's time."""
    places: dict[str, Path] = {}
    for path, put in furniture.files.items():
        folder, _, name = path.rpartition("\\")
        if folder not in places:
            places[folder] = made.disks.folder(folder + "\\")
        file = places[folder] / name
        file.write_bytes(put.data)
        if put.mtime is not None:
            os.utime(file, (put.mtime, put.mtime))
    made.disks.forget_names()


def _as_seen(key: Key, *, elevated: bool) -> Key:
    """The task that runs as SYSTEM has a hive of its own; the user's is one of those loaded."""
    if elevated and key.hive is Hive.USER:
        return Key(Hive.USERS, f"{USER_SID}\\{key.path}", key.view)
    return key
