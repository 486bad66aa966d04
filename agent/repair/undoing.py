"""Put back what a repair changed: first all is checked, then all is done or nothing.

Owns which run is undone, the chain of interrupted runs below it, and the preflight. Carrying it
out, and finishing it after a crash, is `taking_back`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from agent.errors import ItError, StaffError, Stopped, UsageError
from agent.manifest.names import fold
from agent.model import Ending, RepairResult
from agent.outcomes import ExitCode
from agent.progress import Watch
from agent.repair import history, taking_back, troubles
from agent.repair.containment import PinnedRoot
from agent.repair.file_ops import FileOps
from agent.repair.history import History, Run
from agent.repair.journal import (
    Commit,
    Intent,
    Kind,
    Target,
    staging_name,
)
from agent.repair.lock import Holder, hold
from agent.repair.recovering import settle
from agent.repair.site import Site, Standing


@dataclass(frozen=True, slots=True)
class _Merged:
    """A chain of runs as one."""

    targets: tuple[Target, ...]
    conflicts: tuple[str, ...]
    """Paths that somebody else changed between two runs of the chain."""
    made: tuple[str, ...]


def undo(
    run_id: str | None,
    *,
    root: Path | PinnedRoot,
    runs: Path,
    new_run_id: str,
    ops: FileOps,
    watch: Watch,
    clock: Callable[[], datetime],
    holder: Holder,
) -> RepairResult:
    """Put back what a run changed, and the interrupted runs that it went on with.

    An undo that a crash broke off is finished instead, when nothing else is asked for. A stop
    before the last file is back puts everything as it was before the undo.

    Args:
        run_id: the run to undo; None for the newest in this installation that still stands.
        root: the installation; where it was pinned before, it is still that folder.
        runs: folder of all runs.
        new_run_id: name for this undo's own run.
        ops: how to write.
        watch: progress and stopping.
        clock: aware UTC, for the record only; nothing is ordered by it.
        holder: who we are, for a second run that finds us busy.

    Returns:
        Ending `UNDONE`, or `ROLLED_BACK` with the reason per file; `run_id` is the undo's own and
        `continues` the run that was undone.

    Raises:
        UsageError: because there is nothing to undo, no such run, or it was undone before.
        StaffError: because another run is busy, a newer one has to be undone first, or files were
            changed since (nothing was done).
        ItError: because originals are damaged, a run below it is lost, rights are lacking or the
            disk refuses.
        Stopped: because somebody asked for it; everything is as it was before.
    """
    pinned = PinnedRoot.held(root)
    with hold(pinned, holder, ops):
        site = Site(pinned, runs, ops)
        finished = settle(site).undos
        known = history.load(runs, pinned)
        if finished and (run_id is None or run_id == finished[-1].continues):
            return finished[-1]
        chain = known.chain(_choose(known, run_id, pinned))
        _refuse_unfit(known, chain)
        merged = _merge(chain, new_run_id)
        _preflight(site, merged, chain[0].run_id)
        started = f"{clock():%Y-%m-%dT%H:%M:%SZ}"
        sequence = known.last_sequence + 1
        intent = _intent(site, chain, merged, run=new_run_id, sequence=sequence, started=started)
        return _carry_out(site, intent, merged, watch)


def _choose(known: History, run_id: str | None, root: PinnedRoot) -> Run:
    if run_id is None:
        if not known.undoable:
            raise UsageError("nothing-to-undo", place=root.path)
        return known.undoable[-1]
    run = known.find(run_id)
    if run is None or run.intent.kind is not Kind.REPAIR:
        raise UsageError("unknown-run", run=run_id, place=root.path)
    if run_id in known.undone:
        raise UsageError("already-undone", run=run_id, place=root.path)
    if not run.has_effect:
        raise UsageError("nothing-to-undo", place=root.path)
    return run


def _refuse_unfit(known: History, chain: Sequence[Run]) -> None:
    """Half a chain, or a run under a newer one, leads to two versions mixed.

    Raises:
        ItError: because the journal of an interrupted run below it is gone.
        StaffError: because a newer run stands on it; names the newest.
    """
    run = chain[0]
    if not known.is_whole(chain):
        raise ItError("chain-broken", ExitCode.NEEDS_PERSON, run=run.run_id)
    names = {one.run_id for one in chain}
    paths = _paths(chain)
    for newer in reversed(known.undoable[known.undoable.index(run) + 1 :]):
        if newer.intent.continues in names or not paths.isdisjoint(_paths([newer])):
            raise StaffError(
                "newer-run-stands", ExitCode.NEEDS_PERSON, run=run.run_id, newer=newer.run_id
            )


def _paths(runs: Sequence[Run]) -> set[str]:
    return {fold(target.path) for run in runs for target in run.committed}


def _merge(chain: Sequence[Run], new_run_id: str) -> _Merged:
    """One step per path: away from what the newest run wrote, to what the oldest found."""
    merged: dict[str, Target] = {}
    conflicts: list[str] = []
    for run in chain:
        for target in run.committed:
            newer = merged.get(key := fold(target.path))
            joined = target if newer is None else _join(newer, target)
            if joined is None:
                conflicts.append(target.path)
            else:
                merged[key] = joined
    targets = tuple(
        msgspec.structs.replace(target, staged=staging_name(new_run_id, target.path, number))
        for number, target in enumerate(sorted(merged.values(), key=lambda target: target.path))
    )
    made = {folder: None for run in chain for folder in run.made}
    return _Merged(targets, tuple(conflicts), tuple(made))


def _join(newer: Target, older: Target) -> Target | None:
    """Two runs wrote the same file; None when somebody else wrote it in between."""
    between = newer.old.sha256 if newer.old else None
    if between == older.sha256:
        return msgspec.structs.replace(
            newer, old=older.old, backup=older.backup, origin=older.origin, store=older.store
        )
    before = older.old.sha256 if older.old else None
    return newer if between == before else None


def _preflight(site: Site, merged: _Merged, run_id: str) -> None:
    """Nothing has been touched yet, and nothing will be unless all of it can be.

    Raises:
        StaffError: because files were changed since; names them.
        ItError: because originals that are needed are gone or damaged; names their files.
    """
    changed, damaged = list(merged.conflicts), []
    for target in merged.targets:
        try:
            standing = site.standing(target)
        except OSError:
            standing = Standing.OTHER
        if standing is Standing.OTHER:
            changed.append(target.path)
        elif standing is Standing.OURS and not _original_intact(site, target):
            damaged.append(target.path)
    if changed:
        raise StaffError(
            "changed-since", ExitCode.NEEDS_PERSON,
            run=run_id, count=len(changed), paths=tuple(sorted(changed)),
        )  # fmt: skip
    if damaged:
        raise ItError(
            "originals-damaged", ExitCode.NEEDS_PERSON,
            run=run_id, count=len(damaged), paths=tuple(sorted(damaged)),
        )  # fmt: skip


def _original_intact(site: Site, target: Target) -> bool:
    try:
        return site.original_intact(target)
    except OSError:
        return False


def _intent(
    site: Site, chain: Sequence[Run], merged: _Merged, *, run: str, sequence: int, started: str
) -> Intent:
    undone = chain[0].intent
    return Intent(
        run=run,
        sequence=sequence,
        kind=Kind.UNDO,
        root=site.root.path,
        root_id=site.root.identity,
        product=undone.product,
        version=undone.version,
        way=undone.way,
        started=started,
        undoes=tuple(run.run_id for run in chain),
        staging=tuple(target.staged for target in merged.targets),
        directories=merged.made,
        store=undone.store,
    )


def _carry_out(site: Site, intent: Intent, merged: _Merged, watch: Watch) -> RepairResult:
    try:
        journal = site.begin(intent)
        journal.write(Commit(merged.targets))
        state = taking_back.take_back_all(site, merged.targets, watch)
        if state.failure is None and not state.stopped:
            return taking_back.finish(site, intent, merged.targets, journal, state)
        result = taking_back.roll_back(site, intent.run, merged.targets, journal, state)
    except OSError as error:
        raise troubles.as_error(error, str(site.runs)) from error
    if state.stopped and result.ending is Ending.ROLLED_BACK:
        raise Stopped
    return result
