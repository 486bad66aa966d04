"""The folders that the evidence leads to, each once whatever it is called, and what they hold.

Owns identity: junctions, `subst`, mapped letters, 8.3 names and upper case lead to one folder. What
is there is told apart by volume and file id, what is gone by its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from agent.discovery.content import Looker
from agent.discovery.gate import DISK_SILENT, NO_ACCESS, SHARE_SILENT, Gate, RefusedError
from agent.discovery.places import Claim, Exclusion, Lead, Place, Presence
from agent.discovery.probing import Inquiry
from agent.discovery.weights import Weights
from agent.manifest.names import UNDO_DIRECTORY, fold
from agent.model import Content, FileId, ProbeGroup, Verdict
from agent.ports import KnownFolder
from agent.progress import Watch

MARKER = "werkplekherstel.json"
"""On a stick of ours, straight in its root (FORMATS section 5)."""
STICK_FOLDERS = frozenset(map(fold, ("bestanden", "verzameld")))
"""Folders of a stick that hold program files."""
LISTED = 500
"""Entries of a root whose times are looked at."""
PUBLIC = "PUBLIC"
"""The profile that belongs to everybody."""
_NS = 1_000_000_000
_PROGRAM, _UNINSTALLER = ".EXE", "UNINS"
_ABOUT_FOLDERS = frozenset({ProbeGroup.CONFIGURED, ProbeGroup.RECORD})
"""Evidence that needs no words: a person, or we ourselves, named the folder."""


@dataclass
class _Spot:
    """A folder while its leads are gathered."""

    root: str
    canonical: str
    presence: Presence
    identity: FileId | None = None
    refused: str | None = None
    leads: list[Lead] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Inside:
    """What a look into a root showed."""

    content: Content
    foreign: str | None
    other_program: bool
    last_used: datetime | None
    ours: str | None


@dataclass
class Gatherer:
    """Folders of all products of one search; looks into each only once."""

    inquiry: Inquiry
    gate: Gate
    weights: Weights
    lookers: Mapping[str, Looker]
    """By name of the product."""
    watch: Watch
    _located: dict[str, _Spot] = field(default_factory=dict)
    _looked: dict[tuple[str, str], _Inside | str] = field(default_factory=dict)

    def places(self, product: str, leads: Iterable[Lead]) -> tuple[Place, ...]:
        """Every folder that the leads of one product name."""
        spots: dict[object, _Spot] = {}
        for lead in sorted(leads, key=self._heaviest_first):
            self.watch.check()
            found = self._locate(lead.root)
            key = found.identity or fold(found.canonical)
            spot = spots.get(key)
            if spot is None and len(spots) < self.inquiry.limits.candidates:
                spot = spots[key] = replace(found, root=lead.root, leads=[])
            if spot is not None:
                spot.leads.append(lead)
        return tuple(self._watched(product, spot) for spot in spots.values())

    def _watched(self, product: str, spot: _Spot) -> Place:
        self.watch.check()
        return self._place(product, spot)

    def _heaviest_first(self, lead: Lead) -> tuple[bool, float]:
        return lead.doubt is not None, -self.weights.provenance[lead.evidence.group]

    # Where it is.

    def _locate(self, root: str) -> _Spot:
        key = fold(root)
        if key not in self._located:
            try:
                self._located[key] = self.gate.ask(root, lambda: self._look_up(root))
            except RefusedError as refused:
                self._located[key] = _unseen(root, refused.reason)
            except OSError:
                self._located[key] = _unseen(root, NO_ACCESS)
        return self._located[key]

    def _look_up(self, root: str) -> _Spot:
        disks = self.gate.disks
        try:
            canonical = disks.canonical(root)
            entry = disks.entry(canonical)
            if entry.is_directory:
                return _Spot(root, canonical, Presence.THERE, disks.identity(canonical))
        except (FileNotFoundError, NotADirectoryError):
            if self.gate.is_network(root) and not self._stands(self.gate.pure(root).anchor):
                raise
        return _Spot(root, self._nearest(root), Presence.GONE)

    def _stands(self, path: str) -> bool:
        try:
            self.gate.disks.entry(path)
        except OSError:
            return False
        return True

    def _nearest(self, root: str) -> str:
        """The canonical path of what is gone, below the nearest folder that is there."""
        pure = self.gate.pure(root)
        for parent in pure.parents:
            try:
                known = self.gate.disks.canonical(str(parent))
            except OSError:
                continue
            return str(self.gate.pure(known) / pure.relative_to(parent))
        return root

    # What it is.

    def _place(self, product: str, spot: _Spot) -> Place:
        place = Place(
            root=spot.root,
            canonical=spot.canonical,
            presence=spot.presence,
            identity=spot.identity,
            leads=tuple(spot.leads),
            excluded=self._excluded(spot),
            removable=self.gate.is_removable(spot.canonical),
            network=self.gate.is_network(spot.canonical) or self.gate.is_network(spot.root),
            strange_profile=self._in_strange_profile(spot.canonical),
            last_used=max((t for t in map(_used, spot.leads) if t), default=None),
        )
        if place.excluded is not None or not place.is_there:
            return place
        inside = self._inside(product, place)
        if isinstance(inside, str):
            unseen = Exclusion(Verdict.NOT_LOOKED_AT, inside)
            return replace(place, presence=Presence.NOT_LOOKED_AT, excluded=unseen)
        return self._filled(place, inside)

    def _excluded(self, spot: _Spot) -> Exclusion | None:
        if spot.refused is not None:
            return Exclusion(Verdict.NOT_LOOKED_AT, spot.refused)
        parts = [fold(part) for part in self.gate.pure(spot.canonical).parts]
        if "VIRTUALSTORE" in parts and "APPDATA" in parts:
            return Exclusion(Verdict.SHADOW, "virtual-store")
        inside_ours = any(self.gate.inside(spot.canonical, f) for f in self.inquiry.own_folders)
        if inside_ours or fold(UNDO_DIRECTORY) in parts:
            return Exclusion(Verdict.OURS, "own-folder")
        return None

    def _in_strange_profile(self, path: str) -> bool:
        """Whether a folder lies in the profile of a person who is not the one who asks."""
        known = self.inquiry.pc.folders.known
        profiles, own = known(KnownFolder.PROFILES), known(KnownFolder.PROFILE)
        if profiles is None or not self.gate.inside(path, profiles):
            return False
        public = str(self.gate.pure(profiles) / PUBLIC)
        return not any(self.gate.inside(path, mine) for mine in (own, public) if mine is not None)

    def _filled(self, place: Place, inside: _Inside) -> Place:
        if inside.ours is not None:
            return replace(place, excluded=Exclusion(Verdict.OURS, inside.ours))
        leads = tuple(_doubted(lead, place, inside) for lead in place.leads)
        times = [time for time in (place.last_used, inside.last_used) if time is not None]
        return replace(
            place,
            leads=leads,
            content=inside.content,
            foreign=inside.foreign,
            last_used=max(times, default=None),
        )

    # What it holds.

    def _inside(self, product: str, place: Place) -> _Inside | str:
        key = product, fold(place.canonical)
        if key not in self._looked:
            try:
                self._looked[key] = self.gate.ask(
                    place.canonical, lambda: self._look(product, place)
                )
            except RefusedError as refused:
                self._looked[key] = refused.reason
            except TimeoutError:
                self._looked[key] = SHARE_SILENT if place.network else DISK_SILENT
            except OSError:
                self._looked[key] = NO_ACCESS
        return self._looked[key]

    def _look(self, product: str, place: Place) -> _Inside:
        """Look into a folder.

        Raises:
            OSError: because it can't be listed.
        """
        limits = self.inquiry.limits
        seconds = limits.share_s / 2 if place.network else limits.look_s
        enough = self.weights.content
        content = self.lookers[product].look(place.canonical, seconds, enough=enough)
        newest, programs = self._listed(place.canonical)
        has_content = content.score >= self.weights.content
        others = [name for name in self.lookers if name != product]
        foreign = (name for name in others if self.lookers[name].glance(place.canonical))
        times = (newest, self._main_used(place, content))
        return _Inside(
            content=content,
            foreign=None if has_content else next(foreign, None),
            other_program=programs and not (has_content or content.right or content.main_programs),
            last_used=max((time for time in times if time is not None), default=None),
            ours=self._ours(place.canonical),
        )

    def _listed(self, root: str) -> tuple[datetime | None, bool]:
        """The newest time of what stands straight in a root, and whether programs do."""
        newest, programs = 0, False
        for number, entry in enumerate(self.gate.disks.entries(root)):
            if number == LISTED:
                break
            newest = max(newest, entry.mtime_ns)
            key = fold(entry.name)
            programs = programs or (key.endswith(_PROGRAM) and not key.startswith(_UNINSTALLER))
        return _moment(newest), programs

    def _main_used(self, place: Place, content: Content) -> datetime | None:
        if not content.main_programs:
            return None
        path = self.gate.pure(place.canonical) / content.main_programs[0]
        try:
            return _moment(self.gate.disks.entry(str(path)).mtime_ns)
        except OSError:
            return None

    def _ours(self, root: str) -> str | None:
        """Whether it is a folder of files on a stick that we made."""
        for above, below in self._splits(root):
            in_stick = below is None or fold(below) in STICK_FOLDERS
            if in_stick and self._stands(str(self.gate.pure(above) / MARKER)):
                return "stick"
        return None

    def _splits(self, root: str) -> Iterator[tuple[str, str | None]]:
        """Each folder above a root, and the name below it that leads there."""
        pure = self.gate.pure(root)
        yield str(pure), None
        for parent in pure.parents:
            yield str(parent), pure.relative_to(parent).parts[0]


def _doubted(lead: Lead, place: Place, inside: _Inside) -> Lead:
    """A lead with the reason why it does not speak for this product here, if there is one."""
    if lead.doubt is not None:
        return lead
    if inside.foreign is not None and not lead.named:
        return replace(lead, doubt=Claim.OTHER_PRODUCT)
    only_words = not any(one.explained for one in place.leads)
    if inside.other_program and only_words and lead.evidence.group not in _ABOUT_FOLDERS:
        return replace(lead, doubt=Claim.OTHER_PROGRAM)
    return lead


def _unseen(root: str, reason: str) -> _Spot:
    return _Spot(root, root, Presence.NOT_LOOKED_AT, refused=reason)


def _used(lead: Lead) -> datetime | None:
    return lead.evidence.last_used


def _moment(mtime_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime_ns / _NS, UTC) if mtime_ns > 0 else None
    except (OverflowError, ValueError, OSError):
        return None
