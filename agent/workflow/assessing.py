"""LOOK and JUDGE: one look at the folder, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from agent import inventory as looking
from agent.diagnosis.comparing import compare, newer_hashes
from agent.diagnosis.judging import Judgement, judge
from agent.diagnosis.signals import (
    Surroundings,
    seconds_since_write,
    staging_names,
    updater_running,
)
from agent.diagnosis.versions import VersionEvidence
from agent.manifest.names import fold
from agent.manifest.stamps import read_stamp
from agent.model import Comparison, DecidedBy, Inventory, KnownManifest, Mode, Role, Trust
from agent.profiles import Profile
from agent.repair import history
from agent.repair.containment import PinnedRoot
from agent.repair.journal import JOURNAL_NAME
from agent.state import Record
from agent.workflow.knowing import Knowledge, choose_product
from agent.workflow.request import Ports, Request

STAMPS_READ = 3
"""Main programs whose version resource is read."""
OWN_WRITE_SLACK_S = 5.0
"""Seconds after our own last write in which a modification time is still ours."""
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True)
class Assessment:
    """What one look found out about an installation."""

    root: Path
    profile: Profile
    known: tuple[KnownManifest, ...]
    withdrawn: frozenset[str]
    inventory: Inventory
    judgement: Judgement
    record: Record | None
    spotted: tuple[KnownManifest, ...] = ()
    """Lists made on the spot from raw copies: to go forward to, never to judge by."""
    unconfirmed: tuple[KnownManifest, ...] = ()
    """Lists from sticks that nobody confirmed beside better ones: as those made on the spot."""
    protected: Mapping[str, Role] = field(default_factory=dict, repr=False)
    """Keys of what the known lists say belongs to this PC: no list made on the spot takes it."""
    registered: bool = False
    """Whether Windows names this folder as the installation."""

    @property
    def reachable(self) -> tuple[KnownManifest, ...]:
        """Every version that a way may lead to."""
        return (*self.known, *self.unconfirmed, *self.spotted)

    @property
    def own(self) -> KnownManifest | None:
        """The version that belongs here, certain or likely; None when it is not known.

        A single known version that does not fit says nothing about which version belongs here.
        """
        judgement, match = self.judgement, self.judgement.match
        if len(self.known) > 1 or match.certain or judgement.winner is None:
            return judgement.winner
        emptied = not match.fits[0].present and match.decided_by is DecidedBy.RECORD
        return judgement.winner if emptied else None

    @property
    def comparison(self) -> Comparison | None:
        """With the version that belongs here."""
        return self.judgement.comparison if self.own is not None else None

    def version(self, version: str) -> KnownManifest | None:
        """One of the known versions."""
        return next((known for known in self.reachable if known.version == version), None)

    def compare_with(self, known: KnownManifest) -> Comparison:
        """This look against one version."""
        return compare(
            known,
            self.inventory,
            newer_hashes(self.known, known),
            self.withdrawn,
            role_of=self.profile.role_of,
        )


def assess(
    request: Request,
    ports: Ports,
    knowledge: Knowledge,
    root: Path,
    *,
    mode: Mode,
    spotted: tuple[KnownManifest, ...] = (),
    registered: bool = False,
) -> Assessment:
    """Look once and judge.

    Args:
        request: names the product, if it does.
        ports: the world.
        knowledge: every manifest that counts.
        root: canonical path of the folder.
        mode: how thoroughly.
        spotted: lists made on the spot; their files are looked at, they judge nothing.
        registered: whether a search found that Windows names this folder.

    Raises:
        Stopped: because somebody asked for it.
        UsageError: because two products explain the folder equally well.
    """
    products = knowledge.candidates(request.product)
    keys = knowledge.keys(products).union(*(one.program for one in spotted))
    inventory = look(knowledge, products, root, ports, mode=mode, keys=keys)
    record = ports.state.record(root)
    recorded = record.product if record is not None else None
    code = request.choice.code
    profile, known = choose_product(knowledge, products, inventory, recorded, code)
    usable = record if record is not None and record.product == profile.name else None
    withdrawn = knowledge.catalogue.withdrawn(profile.name)
    version = usable.version if usable is not None else None
    judgement = judge(
        known,
        inventory,
        VersionEvidence(record=version, stamps=_stamps(profile, inventory)),
        replace(_surroundings(ports, profile, inventory, usable), registered=registered),
        withdrawn=withdrawn,
        role_of=profile.role_of,
    )
    judging = {one.version for one in known}
    every = knowledge.catalogue.known(profile.name)
    return Assessment(
        root,
        profile,
        known,
        withdrawn,
        inventory,
        judgement,
        usable,
        spotted=spotted,
        unconfirmed=tuple(one for one in every if one.version not in judging),
        protected=knowledge.catalogue.protected(profile.name, Trust.ADHOC),
        registered=registered,
    )


def look(
    knowledge: Knowledge,
    products: Sequence[str],
    root: Path,
    ports: Ports,
    *,
    mode: Mode,
    keys: frozenset[str] | None,
) -> Inventory:
    """One inventory that serves every version of the products it may be about.

    Args:
        knowledge: for the profiles.
        products: that the folder may be about.
        root: the folder.
        ports: the world.
        mode: how thoroughly.
        keys: of the files to hash; None for every program file.
    """
    profiles = [knowledge.profiles.for_product(name) for name in products]
    role_of, places = _most_careful(profiles), knowledge.places(products)
    return looking.take(
        root,
        mode=mode,
        role_of=lambda path: _seen_at(places, path, role_of(path)),
        to_hash=keys,
        watch=ports.watch,
    )


def _seen_at(places: frozenset[str], path: str, role: Role) -> Role:
    """What a list has a place for is listed, where the profile alone would pass it by."""
    return Role.SETTINGS if role is Role.IGNORED and fold(path) in places else role


def _most_careful(profiles: Sequence[Profile]) -> Callable[[str], Role]:
    if len(profiles) == 1:
        return profiles[0].role_of
    order = (Role.IGNORED, Role.SETTINGS, Role.PROGRAM)

    def role_of(path: str) -> Role:
        return min((profile.role_of(path) for profile in profiles), key=order.index)

    return role_of


def _stamps(profile: Profile, inventory: Inventory) -> tuple[str, ...]:
    paths = (seen.path for seen in inventory.files.values())
    chosen = profile.stamp_candidates(paths)[:STAMPS_READ]
    read = (read_stamp(inventory.root / path) for path in chosen)
    return tuple(stamp for stamp in read if stamp is not None)


def _surroundings(
    ports: Ports, profile: Profile, inventory: Inventory, record: Record | None
) -> Surroundings:
    updater = None
    if profile.updater_processes:
        updater = updater_running(ports.processes.running(), profile.updater_processes)
    return Surroundings(
        updater_running=updater,
        staging_names=staging_names(inventory, profile.is_staging),
        seconds_since_write=_quiet_for(ports, inventory, record),
        quiet_minutes=profile.quiet_minutes,
        quarantine_record=ports.quarantine.mentions(inventory.root),
        own_record=record is not None and record.version is not None,
    )


def _quiet_for(ports: Ports, inventory: Inventory, record: Record | None) -> float | None:
    # Our own writes never count as a running update: neither those of an interrupted run nor
    # those up to the end of the last one that ended.
    runs = history.load(ports.state.runs, PinnedRoot.pin(inventory.root))
    if runs.unfinished:
        return None
    ours = max(_written_by_record(record), _written_by_interrupted(ports.state.runs, runs))
    if ours and inventory.newest_mtime_ns <= (ours + OWN_WRITE_SLACK_S) * _NANOSECONDS:
        return None
    return seconds_since_write(inventory, int(ports.clock().timestamp() * _NANOSECONDS))


def _written_by_record(record: Record | None) -> float:
    """When our last run that ended wrote, in seconds since 1970; 0 when none did."""
    written = record.written_at if record is not None else None
    return datetime.fromisoformat(written).timestamp() if written is not None else 0.0


def _written_by_interrupted(runs: Path, known: history.History) -> float:
    """When the run that was broken off, and whose effect stands, was put in order."""
    if known.interrupted is None:
        return 0.0
    try:
        return (runs / known.interrupted / JOURNAL_NAME).stat().st_mtime
    except OSError:
        return 0.0
