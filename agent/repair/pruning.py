"""Originals and journals are kept for 30 days; after that a run can't be undone any more.

Only what a believable journal of a closed run names is deleted, and never the newest run of an
installation: a clock that is wrong takes no more than old undos.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from agent.repair import history
from agent.repair.containment import PinnedRoot
from agent.repair.file_ops import FileOps
from agent.repair.history import Run
from agent.repair.journal import JOURNAL_NAME
from agent.repair.lock import Holder, hold
from agent.repair.site import Site

KEPT_FOR = timedelta(days=30)
"""How long a repair can be undone."""


def prune(
    *, root: Path, runs: Path, ops: FileOps, holder: Holder, now: datetime
) -> tuple[str, ...]:
    """Forget the closed runs of an installation that are older than 30 days.

    Args:
        root: the installation.
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
    pinned = PinnedRoot.pin(root)
    if not _old(history.load(runs, pinned).runs, now):
        return ()
    with hold(pinned, holder, ops):
        site = Site(pinned, runs, ops)
        old = _old(history.load(runs, pinned).runs, now)
        return tuple(run.run_id for run in old if _forget(site, run))


def _old(runs: tuple[Run, ...], now: datetime) -> list[Run]:
    return [run for run in runs[:-1] if not run.unfinished and _age(run, now) > KEPT_FOR]


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
