"""Carry out an undo whose journal is committed: in order, all or nothing, and again after a crash.

Every step looks by content whether it was done already, so carrying it out twice is the same as
once. What is taken back keeps a hidden name until everything is back; only then it is deleted,
and only when it has our bytes: what somebody wrote at the last moment is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import Stopped
from agent.model import Ending, OsProblem, RepairResult, Result, StepResult
from agent.progress import Stage, Watch
from agent.repair import history, troubles
from agent.repair.containment import PathRefusedError
from agent.repair.history import Run
from agent.repair.journal import Closed, Done, Intent, Journal, Settled, Target
from agent.repair.site import Site, Standing


@dataclass(slots=True)
class TakenBack:
    """How far an undo came."""

    left: list[StepResult] = field(default_factory=list)
    """Somebody else changed them after the undo was decided on: left alone."""
    failure: StepResult | None = None
    stopped: bool = False


def take_back_all(site: Site, targets: Sequence[Target], watch: Watch) -> TakenBack:
    """Take back every target that still has our bytes; ends at the first that can't be."""
    state = TakenBack()
    watch.start(Stage.UNDO, len(targets))
    for target in targets:
        try:
            watch.check()
            if not site.bring_back(target) and site.has_hidden(target.staged):
                state.failure = StepResult(target.path, Result.FAILED, reason="write-failed")
                return state
            standing = site.standing(target)
            if standing is Standing.OURS:
                take_back(site, target)
            elif standing is Standing.OTHER:
                reason = "changed-meanwhile"
                state.left.append(StepResult(target.path, Result.SKIPPED, reason=reason))
        except Stopped:
            state.stopped = True
            return state
        except PathRefusedError as error:
            reason = error.refusal.value
            state.failure = StepResult(target.path, Result.FAILED, reason=reason)
            return state
        except OSError as error:
            problem, reason = OsProblem.from_exception(error), troubles.reason_of(error)
            state.failure = StepResult(target.path, Result.FAILED, reason=reason, error=problem)
            return state
        watch.advance(1)
    return state


def put_all_again(site: Site, targets: Sequence[Target], state: TakenBack) -> bool:
    """Roll an undo back, whoever began it; true when all is as it was before the undo."""
    good = True
    for target in reversed(targets):
        try:
            if not site.has_hidden(target.staged):
                continue
            standing = site.standing(target)
            if site.is_gone(target) or standing is Standing.OLD:
                _put_again(site, target)
                continue
            if standing is Standing.OURS:
                site.remove_hidden(target.staged)
            else:
                state.left.extend(_drop(site, target))
            good &= not site.has_hidden(target.staged)
        except (OSError, PathRefusedError):
            good = False
    return good


def roll_back(
    site: Site, run_id: str, targets: Sequence[Target], journal: Journal, state: TakenBack
) -> RepairResult:
    """An undo that could not be carried out: everything as it was before it.

    Raises:
        OSError: because the journal could not be written; the next run rolls back again.
    """
    good = put_all_again(site, targets, state)
    if good:
        journal.write(Done(Closed.ROLLED_BACK))
    failures = [state.failure] if state.failure else []
    reason = "stopped" if state.stopped else "rolled-back"
    others = [StepResult(t.path, Result.SKIPPED, reason=reason) for t in targets]
    ending = Ending.ROLLED_BACK if good else Ending.NOT_ROLLED_BACK
    return RepairResult(run_id, ending, results_of(targets, [*others, *failures, *state.left]))


def finish(
    site: Site, intent: Intent, targets: Sequence[Target], journal: Journal, state: TakenBack
) -> RepairResult:
    """Everything is back: make it last, delete what was taken back, close the journal.

    Raises:
        OSError: because the volume or the journal could not be flushed.
    """
    site.ops.sync_volume(Path(site.root.path))
    saved = [result for target in targets for result in _drop(site, target)]
    if saved:
        state.left.extend(saved)
        site.ops.sync_volume(Path(site.root.path))
    site.remove_folders(intent.directories)
    _drop_originals(site, intent, {left.path for left in state.left})
    notes = tuple((left.path, left.result.value, left.reason) for left in state.left)
    if _all_removed(site, targets):
        journal.write(Done(Closed.UNDONE, results=notes))
    else:  # a program of ours that runs can't be deleted: the next run does
        journal.write(Settled(()))
    return RepairResult(
        run_id=intent.run,
        ending=Ending.UNDONE,
        results=results_of(targets, state.left),
        continues=intent.undoes[0] if intent.undoes else None,
    )


def finish_undo(site: Site, run: Run) -> RepairResult | None:
    """Finish an undo that was broken off; None when it had not begun, then it is just closed.

    None as well when all was back, and only hidden names were left to remove.

    Raises:
        OSError: because a file or the journal could not be written; it stays unfinished.
    """
    journal = run.reopen(site.ops)
    if run.read.commit is None:
        journal.write(Done(Closed.NOT_STARTED))
        return None
    if run.only_names_left:
        if _all_removed(site, run.targets):
            journal.write(Done(Closed.UNDONE))
        return None
    state = take_back_all(site, run.targets, Watch())
    if state.failure is not None:
        return roll_back(site, run.run_id, run.targets, journal, state)
    return finish(site, run.intent, run.targets, journal, state)


def results_of(targets: Sequence[Target], others: Sequence[StepResult]) -> tuple[StepResult, ...]:
    """One result per target, sorted by path."""
    by_path = {target.path: StepResult(target.path, Result.RESTORED) for target in targets}
    by_path.update({other.path: other for other in others})
    return tuple(by_path[path] for path in sorted(by_path))


def take_back(site: Site, target: Target) -> None:
    """Take our bytes out of their place.

    A hidden name from before a crash is a second name or half a copy of what is in place.

    Raises:
        OSError: because the system refused.
        PathRefusedError: because of what stands above the target now.
    """
    if site.has_hidden(target.staged):
        site.remove_hidden(target.staged)
    site.take_back(target)


def _put_again(site: Site, target: Target) -> None:
    """Where the take-back was cut in half, or putting it back is, one rename is left to do."""
    if not site.is_gone(target):
        try:
            site.put(target)
        except OSError:
            if not site.is_gone(target):
                raise
        else:
            return
    site.put_again(target)


def save_changed(site: Site, target: Target) -> tuple[StepResult, ...]:
    """Somebody wrote a file between our last look and our move: it gets its name again.

    Where something stands there by now it is kept beside it.
    """
    left = StepResult(target.path, Result.SKIPPED, reason="changed-meanwhile")
    with suppress(OSError, PathRefusedError):
        if site.standing(target) is Standing.OLD:
            site.put(target)
            return (left,)
    beside = StepResult(site.set_aside(target), Result.SKIPPED, reason="kept-beside")
    return left, beside


def _drop(site: Site, target: Target) -> tuple[StepResult, ...]:
    """Delete what was taken back, if it is ours or is in its place as well."""
    if not site.has_hidden(target.staged):
        return ()
    if site.hidden_is_ours(target) or site.same_file(target):
        site.remove_hidden(target.staged)
        return ()
    return save_changed(site, target)


def _all_removed(site: Site, targets: Sequence[Target]) -> bool:
    """Remove what is ours under the hidden names; true when none of it is left."""
    gone = [
        site.remove_hidden(target.staged)
        for target in targets
        if site.has_hidden(target.staged)
        and (site.hidden_is_ours(target) or site.same_file(target))
    ]
    return all(gone)


def _drop_originals(site: Site, intent: Intent, kept: set[str]) -> None:
    """Originals that are back or were superseded; those of files left alone are kept."""
    known = history.load(site.runs, site.root)
    for run in filter(None, map(known.find, intent.undoes)):
        for target in run.committed:
            if target.path not in kept:
                site.remove_original(target)
        site.remove_store(run.intent.store, run.run_id)
