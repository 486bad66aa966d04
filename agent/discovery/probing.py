"""What a probe is, what it may ask, and how all of them are run: time-boxed, none ever raises."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from agent.discovery.limits import Limits
from agent.model import Evidence, KnownManifest, OsProblem, ProbeReport, Trouble
from agent.ports import Disks, Drive, Folders, ProcessTable, Registry, Rights
from agent.profiles import Profile

PLACES_NAMED = 200
"""Places of one probe that are named one by one; the others are counted."""
TROUBLES_NAMED = 50
"""Troubles of one probe that are named."""
_MS = 1_000


@dataclass(frozen=True)
class Pc:
    """The ports of this PC that a search uses."""

    registry: Registry
    disks: Disks
    folders: Folders
    processes: ProcessTable
    rights: Rights


@dataclass(frozen=True)
class Sought:
    """One product that is looked for."""

    profile: Profile
    manifests: tuple[KnownManifest, ...] = ()

    @property
    def name(self) -> str:
        """Name of the product."""
        return self.profile.name

    @cached_property
    def programs(self) -> frozenset[str]:
        """Folded names of the programs (``.exe``) that any of the manifests lists."""
        return frozenset(
            key.rpartition("/")[2]
            for known in self.manifests
            for key in known.program
            if key.endswith(".EXE")
        )


@dataclass(frozen=True, slots=True)
class RecordedRoot:
    """Our own record of an earlier confident find."""

    root: str
    product: str
    place: str
    """Where the record lies, for people."""
    open_to_all: bool
    """Whether others than this user and administrators could have written it."""
    root_id: str | None = None
    """File id of the folder then; another folder under that name is not the one that was found."""
    found_at: datetime | None = None


def stay() -> Callable[[], None]:
    """Step back for nobody; nothing to end."""
    return lambda: None


@dataclass(frozen=True)
class Inquiry:
    """What is looked for, where, and within which limits."""

    pc: Pc
    sought: tuple[Sought, ...]
    siblings: tuple[Sought, ...] = ()
    """Other products that are known here: not looked for, but theirs is not taken for ours."""
    configured: tuple[str, ...] = ()
    """Program folders that the settings file names."""
    records: tuple[RecordedRoot, ...] = ()
    hosts: frozenset[str] = frozenset()
    """Hosts whose shares an elevated run may open, in lower case."""
    own_folders: tuple[str, ...] = ()
    """Folders of ours that may hold copies (state, reserve): never a candidate."""
    elevated: bool = False
    limits: Limits = field(default_factory=Limits)
    step_back: Callable[[], Callable[[], None]] = stay
    """Lets other programs go first during a sweep; gives what ends that."""

    @cached_property
    def drives(self) -> Mapping[str, Drive] | None:
        """The drives of this PC by letter with colon, upper case; asked once for all probes.

        None when the PC did not say in time: a disk that is dying keeps that question waiting.
        """
        told: list[Mapping[str, Drive]] = []

        def ask() -> None:
            with contextlib.suppress(OSError):
                found = self.pc.disks.drives()
                told.append({drive.root[:2].upper(): drive for drive in found})

        thread = threading.Thread(target=ask, name="probe-drives", daemon=True)
        thread.start()
        thread.join(min(self.limits.share_s, self.limits.probe_s / 2))
        return told[0] if told else None


class Log:
    """What one probe looked at and could not read; filled while it runs."""

    def __init__(self) -> None:
        self.places: list[str] = []
        self.count = 0
        self.troubles: list[Trouble] = []
        self.people: list[str] = []
        """Folders that belong to one person."""
        self.shown: Callable[[str], str] = str
        """How a place is written down."""

    def looked(self, where: object) -> None:
        """Note one place that was looked at; one that may not be named in full is only counted."""
        self.count += 1
        place = str(where)
        if len(self.places) < PLACES_NAMED and self.shown(place) == place:
            self.places.append(place)

    def trouble(self, where: object, what: Exception | str) -> None:
        """Note something that could not be read.

        Args:
            where: the place.
            what: the system's error, or a text id of ours.
        """
        if len(self.troubles) < TROUBLES_NAMED:
            self.troubles.append(Trouble(self.shown(str(where)), _words(what)))


def _words(what: Exception | str) -> str:
    if isinstance(what, OSError):
        return OsProblem.from_exception(what).text
    return what if isinstance(what, str) else type(what).__name__


@dataclass(frozen=True, slots=True)
class Probe:
    """One kind of place where an installation leaves traces."""

    name: str
    look: Callable[[Inquiry, Log], Iterator[Evidence]]
    """Yields evidence as it is found; what it yielded before a time-out or a fault counts."""


class _Running:
    """One probe in a thread of its own; a thread that hangs is left behind."""

    def __init__(self, probe: Probe, inquiry: Inquiry) -> None:
        self.probe = probe
        self.found: list[Evidence] = []
        self.log = Log()
        self.took_ms = 0
        self._inquiry = inquiry
        self._thread = threading.Thread(target=self._run, name=f"probe-{probe.name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        started = time.monotonic()
        limit = self._inquiry.limits.evidence_per_probe
        try:
            for one in self.probe.look(self._inquiry, self.log):
                if len(self.found) >= limit:
                    self.log.trouble(self.probe.name, "too-much-evidence")
                    break
                self.found.append(one)
        except Exception as error:  # noqa: BLE001 - a probe never ends a search, whatever it met
            self.log.trouble(self.probe.name, error)
        self.took_ms = round((time.monotonic() - started) * _MS)

    def wait(self, deadline: float) -> tuple[tuple[Evidence, ...], ProbeReport]:
        """What it found until the deadline (monotonic seconds)."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        late = self._thread.is_alive()
        found, log = tuple(self.found), self.log
        return found, ProbeReport(
            probe=self.probe.name,
            looked_at=tuple(log.places),
            places=log.count,
            found=len(found),
            took_ms=round(self._inquiry.limits.probe_s * _MS) if late else self.took_ms,
            troubles=tuple(log.troubles),
            timed_out=late,
            people=tuple(log.people),
        )


def run_probes(
    probes: Sequence[Probe], inquiry: Inquiry
) -> tuple[tuple[Evidence, ...], tuple[ProbeReport, ...]]:
    """Run every probe, each within its time box and all at once.

    Returns:
        All evidence in the order of the probes, and a report of each.
    """
    deadline = time.monotonic() + inquiry.limits.probe_s
    running = [_Running(probe, inquiry) for probe in probes]
    ended = [one.wait(deadline) for one in running]
    return tuple(e for found, _ in ended for e in found), tuple(report for _, report in ended)
