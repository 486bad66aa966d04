"""What a broken-off run left behind: told, cleaned, or finished.

A broken-off repair is cleaned: its hidden files go, what it had committed stays, and its journal
says from then on what that was, so that undo can take it back. A broken-off undo is finished, for
half an undo is what nobody asked for. A file whose replacement was cut where nothing has its name
gets its original back first; while that is refused, nothing else is done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.model import RepairResult
from agent.repair import history, troubles
from agent.repair.containment import PinnedRoot, exists_as_folder
from agent.repair.file_ops import FileOps
from agent.repair.history import Run
from agent.repair.journal import Closed, Done, Kind, Settled, Target
from agent.repair.lock import Holder, hold
from agent.repair.site import Site, Standing
from agent.repair.taking_back import finish_undo


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was broken off and is now in order."""

    repairs: tuple[str, ...] = ()
    """Repairs that were cleaned up after, oldest first."""
    undos: tuple[RepairResult, ...] = ()
    """Undos that were finished."""


def unfinished(runs: Path, root: Path) -> tuple[str, ...]:
    """Runs in this installation that were broken off, oldest first; reads only.

    Raises:
        ItError: because the root is no folder that can be seen.
    """
    return tuple(run.run_id for run in history.load(runs, PinnedRoot.pin(root)).unfinished)


def clean(*, root: Path | PinnedRoot, runs: Path, ops: FileOps, holder: Holder) -> Recovered:
    """Clean up after, or finish, what was broken off here. Call it before the look of a repair.

    Nothing is locked or written when nothing was broken off.

    Raises:
        StaffError: because another run is busy here.
        ItError: because this account may not write, the disk refuses, or a root that was pinned
            before is another folder by now.
    """
    pinned = PinnedRoot.held(root)
    if not history.load(runs, pinned).unsettled:
        return Recovered()
    with hold(pinned, holder, ops):
        return settle(Site(pinned, runs, ops))


def settle(site: Site) -> Recovered:
    """The same under a lock that is already held.

    Raises:
        ItError: because a journal could not be written, or an original could not get its name back.
    """
    repairs: list[str] = []
    undos: list[RepairResult] = []
    for run in history.load(site.runs, site.root).unsettled:
        try:
            if run.intent.kind is Kind.REPAIR:
                _settle_repair(site, run)
                repairs.append(run.run_id)
            else:
                undone = finish_undo(site, run)
                undos.extend([undone] if undone else [])
        except OSError as error:
            raise troubles.as_error(error, str(site.runs)) from error
    return Recovered(tuple(repairs), tuple(undos))


def _settle_repair(site: Site, run: Run) -> None:
    journal = run.reopen(site.ops)
    noted = run.read.settled
    _bring_back(site, run)
    if noted is None:
        noted = Settled(_committed(site, run), _made(site, run))
        journal.write(noted)
    gone = [site.remove_hidden(name) for name in run.intent.staging]
    for place, target in enumerate(run.targets):
        if place not in noted.committed and _standing(site, target) is Standing.OLD:
            site.remove_original(target)
    site.remove_store(run.intent.store, run.run_id)
    if all(gone):
        something = noted.committed or noted.made
        ending = Closed.INTERRUPTED if something else Closed.NOT_STARTED
        journal.write(Done(ending, noted.committed, noted.made))


def _bring_back(site: Site, run: Run) -> None:
    noted = run.read.settled
    try:
        for place, target in enumerate(run.targets):
            if noted is None or place not in noted.committed:
                site.bring_back(target)
    except OSError as error:
        raise troubles.as_error(error, site.root.path) from error


def _committed(site: Site, run: Run) -> tuple[int, ...]:
    return tuple(place for place, target in enumerate(run.targets) if _was_committed(site, target))


def _was_committed(site: Site, target: Target) -> bool:
    try:
        return site.has_put(target)
    except OSError:
        return False


def _standing(site: Site, target: Target) -> Standing:
    try:
        return site.standing(target)
    except OSError:
        return Standing.OTHER


def _made(site: Site, run: Run) -> tuple[str, ...]:
    named = run.read.commit.made if run.read.commit else run.intent.directories
    return tuple(folder for folder in named if exists_as_folder(site.root, folder))
