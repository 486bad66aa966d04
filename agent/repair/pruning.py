"""Originals and journals are kept for 30 days; after that a run can't be undone any more.

Only what a believable journal of a closed run names is deleted, and never the newest run of an
installation or one that a kept run goes on with: a clock that is wrong takes no more than old
undos, and never half of one.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from agent.repair import history
from agent.repair.containment import PinnedRoot
from agent.repair.file_ops import FileOps
from agent.repair.history import History, Run
from agent.repair.journal import JOURNAL_NAME
from agent.repair.lock import Holder, hold
from agent.repair.site import Site

KEPT_FOR = timedelta(days=30)
"""How long a repair can be undone."""


def prune(
    *, root: Path | PinnedRoot, runs: Path, ops: FileOps, holder: Holder, now: datetime
) -> tuple[str, ...]:
    """Forget the closed runs of an installation that are older than 30 days.

    Args:
        root: the installation; where it was pinned before, it is still that folder.
        runs: folder of all runs.
        ops: how to delete.
        holder: who we are, for a second run that finds us busy.
        now: aware UTC.

    Returns:
        The runs that were forgotten, oldest first.

    Raises:
        StaffError: because another run is busy here.
        ItError: because the root can't be seen or written.
    """
    pinned = PinnedRoot.held(root)
    if not _old(history.load(runs, pinned), now):
        return ()
    with hold(pinned, holder, ops):
        site = Site(pinned, runs, ops)
        old = _old(history.load(runs, pinned), now)
        return tuple(run.run_id for run in old if _forget(site, run))


def _old(known: History, now: datetime) -> list[Run]:
    old = [run for run in known.runs[:-1] if not run.unfinished and _age(run, now) > KEPT_FOR]
    needed = _needed(known, {run.run_id for run in known.runs} - {run.run_id for run in old})
    # While a run can still be asked for, what says that it was undone is kept as well.
    return [run for run in old if run.run_id not in needed and needed.isdisjoint(run.intent.undoes)]


def _needed(known: History, kept: set[str]) -> set[str]:
    """The runs that are kept, and all that those which still stand go on with."""
    needed = set(kept)
    for run in known.runs:
        if run.run_id in kept and run.run_id not in known.undone:
            chain = known.chain(run)
            needed.update(one.run_id for one in chain)
            needed.update(one.intent.continues for one in chain if one.intent.continues)
    return needed


def _age(run: Run, now: datetime) -> timedelta:
    try:
        return now - datetime.fromisoformat(run.intent.started)
    except (ValueError, TypeError):
        return timedelta(0)


def _forget(site: Site, run: Run) -> bool:
    """Originals first, the journal last: half a forgetting is gone on with next time."""
    for target in run.committed:
        if target.origin == run.run_id:
            site.remove_original(target)
    site.remove_store(run.intent.store, run.run_id)
    with suppress(OSError):
        site.ops.remove_file(run.folder / JOURNAL_NAME)
        site.ops.remove_directory(run.folder)
        return True
    return False
