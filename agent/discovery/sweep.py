"""A bounded look over the disks of this PC for folders that hold a product.

Breadth first, folders with our names first; never into Windows, recycle bins, other users'
profiles, clouds, links or our own folders; no file is opened. What it finds is content without
provenance: any copy is found as well as the program.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from agent.discovery.candidates import MARKER, PUBLIC, STICK_FOLDERS
from agent.discovery.interest import Words, product_names
from agent.discovery.name_index import NameIndex
from agent.discovery.probing import Inquiry, Sought
from agent.manifest.names import UNDO_DIRECTORY
from agent.model import Evidence, FileId, ProbeGroup, SweepReport
from agent.ports import Drive, DriveKind, KnownFolder
from agent.progress import Watch

PROBE = "sweep"
NEVER = frozenset(
    {
        "$RECYCLE.BIN", "RECYCLER", "RECYCLED", "SYSTEM VOLUME INFORMATION", "WINSXS",
        "CONFIG.MSI", UNDO_DIRECTORY.upper(),
    }
)  # fmt: skip
"""Names of folders that are not entered wherever they are, in upper case."""
_POLL_S = 0.1
"""Seconds between two looks whether somebody wants to stop."""
_GRACE_S = 2.0
"""Seconds that one folder may keep the sweep waiting after its time is up."""
_MARKER = MARKER.upper()
_NOTHING: frozenset[str] = frozenset()
_MS = 1_000


class SweepWish(StrEnum):
    """Whether the disks are gone over."""

    NEVER = "never"
    WHEN_NEEDED = "when-needed"
    """When the evidence leads to no folder with content."""
    ALWAYS = "always"


@dataclass
class _Sweep:
    """One sweep; runs in a thread, so that a disk that hangs can be left behind."""

    inquiry: Inquiry
    index: NameIndex
    hints: Words
    clock: Callable[[], float]
    started: float
    found: list[tuple[str, str]] = field(default_factory=list)
    """Product and root."""
    drives: tuple[str, ...] = ()
    """Roots; none yet while the PC does not say which it has."""
    entries: int = 0
    skipped: int = 0
    complete: bool = False
    left_out: bool = False
    """Whether a built-in drive can't be gone over, or the PC does not say which it has."""
    stop: threading.Event = field(default_factory=threading.Event)
    near: deque[str] = field(default_factory=deque)
    """Folders with our names and what is in them: they come first."""
    far: deque[str] = field(default_factory=deque)
    error: Exception | None = None

    def __post_init__(self) -> None:
        self._names = self.inquiry.pc.disks.names
        self._known = frozenset((*self.index.marks, _MARKER))

    def run(self) -> None:
        """Go over the drives until the end, or until a budget is spent."""
        try:
            self.drives = tuple(self._drives())
            self.far.extend(self.drives)
            self.complete = self._go_over() and not self.left_out
        except OSError:
            self.complete = False
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            self.error = error

    def _drives(self) -> Iterator[str]:
        """Roots of drives that are built in, sticks on request; a volume with two letters once."""
        wanted = {DriveKind.FIXED}
        if self.inquiry.limits.removable:
            wanted.add(DriveKind.REMOVABLE)
        told = self.inquiry.drives
        self.left_out = told is None
        seen: set[FileId] = set()
        for drive in (told or {}).values():
            if drive.kind not in wanted or drive.alias_of is not None:
                continue
            identity = self._identity(drive)
            if identity is None:
                self.left_out = self.left_out or drive.kind is DriveKind.FIXED
            elif identity not in seen:
                seen.add(identity)
                yield drive.root

    def _identity(self, drive: Drive) -> FileId | None:
        """Which volume it is; None for one that is not ready."""
        try:
            return self.inquiry.pc.disks.identity(drive.root) if drive.ready else None
        except OSError:
            return None

    def _go_over(self) -> bool:
        limits, clock = self.inquiry.limits, self.clock
        deadline = self.started + limits.sweep_s
        never = self._never()
        while self.near or self.far:
            late = clock() >= deadline or self.entries >= limits.sweep_entries
            if late or self.stop.is_set():
                return False
            queue = self.near or self.far
            self._enter(queue.popleft(), queue, never)
        return True

    def _enter(self, folder: str, queue: deque[str], never: Mapping[str, frozenset[str]]) -> None:
        """One folder; run through for every folder of a disk, so nothing is done twice here.

        Args:
            folder: absolute.
            queue: where it came from; folders without our names are put there.
            never: what is not entered.
        """
        try:
            folders, files = self._names(folder)
        except OSError:
            self.skipped += 1
            return
        self.entries += len(folders) + len(files)
        hits = self._known & {*map(str.upper, files)}
        shut = NEVER
        if hits:
            self._take_roots(folder, hits)
            shut = NEVER | STICK_FOLDERS if _MARKER in hits else NEVER
        if folders:
            shut |= never.get(folder.rstrip("\\/").upper(), _NOTHING)
            self._put(folder, [name for name in folders if name.upper() not in shut], queue)
            self.skipped += sum(name.upper() in shut for name in folders)

    def _take_roots(self, folder: str, hits: Collection[str]) -> None:
        for product, depth in self.index.roots(folder, hits):
            pure = self.inquiry.pc.disks.flavour(folder)
            self.found.append((product, str(pure.parents[depth - 1]) if depth else folder))

    def _put(self, folder: str, names: Sequence[str], queue: deque[str]) -> None:
        separator = "\\" if "\\" in folder else "/"
        above = folder if folder.endswith(separator) else folder + separator
        within, near = self.hints.within, self.near
        for name in names:
            (near if within(name) else queue).append(above + name)

    def _never(self) -> Mapping[str, frozenset[str]]:
        """Names that are not entered, by the folder they stand in; all in upper case."""
        known = self.inquiry.pc.folders.known
        paths = [*self.inquiry.own_folders, *self._strange_profiles()]
        windows = known(KnownFolder.WINDOWS)
        if windows is not None:
            paths.append(windows)
        flavour = self.inquiry.pc.disks.flavour
        by_folder: defaultdict[str, set[str]] = defaultdict(set)
        for path in paths:
            pure = flavour(path)
            by_folder[str(pure.parent).rstrip("\\/").upper()].add(pure.name.upper())
        return {folder: frozenset(names) for folder, names in by_folder.items()}

    def _strange_profiles(self) -> Iterator[str]:
        known, disks = self.inquiry.pc.folders.known, self.inquiry.pc.disks
        profiles, own = known(KnownFolder.PROFILES), known(KnownFolder.PROFILE)
        if profiles is None:
            return
        try:
            names, _ = disks.names(profiles)
        except OSError:
            return
        for name in names:
            path = str(disks.flavour(profiles) / name)
            if name.upper() != PUBLIC and path.upper() != (own or "").upper():
                yield path


def sweep(
    inquiry: Inquiry,
    sought: Sequence[Sought],
    *,
    watch: Watch,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[tuple[Evidence, ...], SweepReport]:
    """Go over the drives of this PC once, for several products.

    Args:
        inquiry: the PC and the budgets.
        sought: the products that are still looked for.
        watch: asked several times a second whether to stop.
        clock: seconds, never going back.

    Returns:
        One piece of evidence for each root, and how far it came.

    Raises:
        Stopped: because somebody asked for it.
    """
    started = clock()
    work = _Sweep(inquiry, NameIndex.of(sought), _hints(sought), clock, started)
    thread = threading.Thread(target=work.run, name=PROBE, daemon=True)
    thread.start()
    _wait(thread, work, watch, started + inquiry.limits.sweep_s + _GRACE_S)
    if work.error is not None:
        raise work.error
    report = SweepReport(
        drives=work.drives,
        entries=work.entries,
        took_ms=round((clock() - started) * _MS),
        complete=work.complete,
        skipped=work.skipped,
    )
    return tuple(_evidence(inquiry, product, root) for product, root in tuple(work.found)), report


def _wait(thread: threading.Thread, work: _Sweep, watch: Watch, until: float) -> None:
    try:
        while thread.is_alive() and work.clock() < until:
            watch.check()
            thread.join(_POLL_S)
    finally:
        work.stop.set()


def _hints(sought: Sequence[Sought]) -> Words:
    return Words.of(
        name
        for one in sought
        for name in (
            *product_names(one.profile),
            *one.profile.vendor_names,
            *one.profile.folder_names,
        )
    )


def _evidence(inquiry: Inquiry, product: str, root: str) -> Evidence:
    return Evidence(
        probe=PROBE,
        group=ProbeGroup.SWEEP,
        path=root,
        where=root,
        words=(product,),
        is_folder=True,
        open_to_all=inquiry.elevated and inquiry.pc.rights.ordinary_can_write(root),
    )
