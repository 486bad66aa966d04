"""Carry out a plan: everything staged and verified first, then every file by one rename.

Owns the order of steps and what happens when one fails. Until the commit record is flushed no
listed file has changed; after it a failure, or the wish to stop, takes everything back. Only a
`partial` repair on the way back keeps what it could do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from agent.errors import ItError, StaffError
from agent.hashing import default_threads
from agent.model import (
    Ending,
    OsProblem,
    Plan,
    RepairResult,
    Result,
    SourceUse,
    StepResult,
    WayName,
)
from agent.outcomes import ExitCode
from agent.progress import Stage, Watch
from agent.repair import history, targets, troubles
from agent.repair.containment import PathRefusedError, PinnedRoot, resolve
from agent.repair.file_ops import FileOps
from agent.repair.journal import (
    Closed,
    Commit,
    Done,
    Intent,
    Journal,
)
from agent.repair.lock import Holder, hold
from agent.repair.preparing import intent_of, make_runs, place_of, refuse_unfit
from agent.repair.recovering import settle
from agent.repair.site import Site, Standing
from agent.repair.staging import Item, Staged, stage
from agent.repair.taking_back import save_changed, take_back
from agent.repair.targets import Ready
from agent.sources.ledger import Ledger


def repair(
    plan: Plan,
    *,
    root: Path | PinnedRoot,
    ledger: Ledger,
    runs: Path,
    run_id: str,
    ops: FileOps,
    watch: Watch,
    clock: Callable[[], datetime],
    holder: Holder,
    partial: bool = False,
    threads: int | None = None,
) -> RepairResult:
    """Carry out a plan, completely or not at all.

    Args:
        plan: made from a look at this very root; without brakes.
        root: the installation; pinned at the look, so that the plan meets no other folder.
        ledger: the sources, in the order in which they are asked.
        runs: folder of all runs.
        run_id: name for this run.
        ops: how to write.
        watch: progress and stopping.
        clock: aware UTC, for the record only; nothing is ordered by it.
        holder: who we are, for a second run that finds us busy.
        partial: commit what can be had; forward, and where files are replaced to complete a
            version, it is always all or nothing.
        threads: that copy; by the number of processors when None.

    Returns:
        What became of each step. The caller looks again afterwards: this is no proof of health.

    Raises:
        StaffError: because the plan may not be carried out, another run is busy, or an undo that
            was broken off had to be finished first (``look-again``).
        ItError: because the root is another folder than at the look, there is no room (before the
            first write, or everything was put back), the disk gives errors, or rights are lacking.
        Stopped: because somebody asked for it; everything was put back.
    """
    refuse_unfit(plan)
    pinned = PinnedRoot.held(root)
    free = ops.free_bytes(Path(pinned.path))
    if free < plan.room:
        raise ItError(
            "disk-full", ExitCode.DISK_FULL, place=pinned.path, needed=plan.room, free=free
        )
    with hold(pinned, holder, ops):
        site = Site(pinned, runs, ops)
        if settle(site).undos:
            raise StaffError("look-again", ExitCode.NEEDS_PERSON, place=pinned.path)
        make_runs(runs, ops)
        known = history.load(runs, pinned)
        if not plan.actions and not plan.directories:
            return RepairResult(
                run_id, Ending.NOTHING_TO_DO, (), sources=_uses(ledger),
                continues=known.interrupted, undo_available=bool(known.undoable),
            )  # fmt: skip
        started = f"{clock():%Y-%m-%dT%H:%M:%SZ}"
        intent = intent_of(plan, site, run_id, known, started)
        strict = not partial or plan.whole or plan.way is WayName.FORWARD
        run = _Run(site, plan, intent, ledger, watch, strict=strict)
        return run.carry_out(threads or default_threads())


@dataclass
class _Run:
    """One repair on its way; what it notes is what a roll-back needs."""

    site: Site
    plan: Plan
    intent: Intent
    ledger: Ledger
    watch: Watch
    strict: bool
    """Everything or nothing."""
    made: list[str] = field(default_factory=list)
    results: dict[str, StepResult] = field(default_factory=dict)
    ready: tuple[Ready, ...] = ()
    committed: list[int] = field(default_factory=list)
    """Places in `ready`."""
    reached: int = 0
    """How many of `ready` were begun with: the roll-back looks at every one of them."""
    broken: bool = False
    """A file could not be left as it was: the run ends here, also one that is `partial`."""
    theirs: set[str] = field(default_factory=set)
    """Names, maybe still hidden ones, of what somebody wrote while we took it back."""
    begun: bool = False
    """The commit record is flushed: listed files may have changed."""

    def carry_out(self, threads: int) -> RepairResult:
        """All the steps, in order."""
        try:
            journal = self.site.begin(self.intent)
        except OSError as error:
            raise troubles.as_error(error, str(self.site.runs)) from error
        try:
            if self._prepare(threads) and self._commit(journal):
                return self._finish(journal)
        except OSError as error:
            if self._roll_back(journal):
                raise troubles.as_error(error, self.site.root.path) from error
            return self._given_up(whole=False)
        except (Exception, KeyboardInterrupt, SystemExit):
            if self._roll_back(journal):
                raise
            return self._given_up(whole=False)
        return self._given_up(whole=self._roll_back(journal))

    def _prepare(self, threads: int) -> bool:
        """Folders, staging, flush, second look; false when it can't be complete and must be."""
        self._make_folders()
        items = [
            Item(step, place_of(step), staged, step.expected)
            for step, staged in zip(self.plan.actions, self.intent.staging, strict=True)
            if step.expected is not None
        ]
        self.watch.start(Stage.COPY, len(items), sum(item.expected.size for item in items))
        staged = stage(self.site, items, self.ledger, self.watch, threads)
        self.results.update((problem.path, problem) for problem in staged.problems)
        if self._must_stop(staged.problems):
            return False
        self.site.ops.sync_volume(Path(self.site.root.path))
        return self._look_again([i for i in items if i.staged in staged.sources], staged)

    def _make_folders(self) -> None:
        for folder in self.intent.directories:
            self.watch.check()
            try:
                self.site.ops.make_directory(resolve(self.site.root, folder))
                self.made.append(folder)
            except PathRefusedError as error:
                self._fail(folder, error.refusal.value)
            except OSError as error:
                ended = troubles.fatal(error, self.site.root.path)
                if ended is not None:
                    raise ended from error
                self._fail(folder, troubles.reason_of(error), error)

    def _look_again(self, items: Sequence[Item], staged: Staged) -> bool:
        checked = targets.check(self.site.root, self.intent.run, self.intent.store, items)
        self.results.update((result.path, result) for result in checked.settled)
        self.ready = checked.ready
        for ready in checked.ready:
            source = staged.sources[ready.item.staged]
            path = ready.item.step.path
            self.results[path] = StepResult(path, Result.RESTORED, source)
        return not self._must_stop(checked.settled)

    def _commit(self, journal: Journal) -> bool:
        """Flush the commit record, then move everything into place; false as `_prepare`."""
        self.watch.start(Stage.PUT_BACK, len(self.ready))
        if any(ready.target.old is not None for ready in self.ready):
            self.site.make_store(self.intent.store, self.intent.run)
        moves = tuple(ready.target for ready in self.ready)
        journal.write(Commit(moves, tuple(self.made)))
        self.begun = True
        for place, ready in enumerate(self.ready):
            self.watch.check()
            came = self._put(place, ready)
            if came is not None:
                self.results[came.path] = came
                if self._must_stop([came]):
                    return False
            self.watch.advance(1)
        return True

    def _put(self, place: int, ready: Ready) -> StepResult | None:
        """Move one file into place; the result when that was not to be."""
        self.reached = place + 1
        try:
            if ready.target.old is None:
                self.site.put(ready.target)
            elif not self._replace(ready):
                path = ready.item.step.path
                return StepResult(path, Result.SKIPPED, reason="changed-meanwhile")
        except PathRefusedError as error:
            self.broken = not self._take_back(place)
            return targets.failed(ready.item, error.refusal.value)
        except OSError as error:
            if isinstance(error, FileExistsError) and ready.target.old is None:
                return targets.appeared(ready.item, resolve(self.site.root, ready.target.path))
            self.broken = not self._take_back(place)
            if troubles.fatal(error, "") is not None:
                raise
            self._fail(ready.item.step.path, troubles.reason_of(error), error)
            return self.results[ready.item.step.path]
        self.committed.append(place)
        return None

    def _replace(self, ready: Ready) -> bool:
        """False when the file is not, or at the last moment was not, the one that was hashed."""
        there = resolve(self.site.root, ready.target.path)
        if not targets.unchanged(ready, there):
            return False
        staged = resolve(self.site.root, ready.target.path).parent / Path(ready.target.staged).name
        self.site.ops.match_attributes(there, staged)
        self.site.put(ready.target)
        if targets.kept(ready, self.site.original(ready.target)):
            return True
        self.site.take_back(ready.target)
        return False

    def _finish(self, journal: Journal) -> RepairResult:
        """Everything is in place; only making it last is left, so this is not stopped any more."""
        used = {self.ready[place].target.staged for place in self.committed}
        for name in self.intent.staging:
            if name not in used:
                self.site.remove_hidden(name)
        self.site.remove_store(self.intent.store, self.intent.run)
        self.site.ops.sync_volume(Path(self.site.root.path))
        something = bool(self.committed or self.made)
        with suppress(OSError):  # without it the next run works out the same from the disk
            journal.write(self._done(Closed.COMMITTED if something else Closed.NOT_STARTED))
        return self._result(Ending.COMMITTED if something else Ending.NOTHING_TO_DO)

    def _roll_back(self, journal: Journal) -> bool:
        """Everything as it was before this run; true when that is so.

        While nothing stands in the place of a file the journal stays open: the next run brings the
        original back, or this roll-back would be the last word about it.
        """
        left = [place for place in reversed(range(self.reached)) if not self._take_back(place)]
        gone_places = {place for place in left if self._is_gone(place)}
        self.committed = sorted(set(left) - gone_places)
        ours = (name for name in self.intent.staging if name not in self.theirs)
        gone = [self.site.remove_hidden(name) for name in ours]
        kept = {self.ready[place].item.step.path for place in self.committed}
        for path, result in self.results.items():
            if result.result is Result.RESTORED and path not in kept:
                self.results[path] = StepResult(path, Result.SKIPPED, reason="rolled-back")
        for place in gone_places:
            path = self.ready[place].item.step.path
            if self.results[path].result is not Result.FAILED:
                self._fail(path, "write-failed")
        self.made = list(self.site.remove_folders(tuple(self.made)))
        self.site.remove_store(self.intent.store, self.intent.run)
        whole = not left and all(gone)
        if all(gone) and not gone_places:
            with suppress(OSError):  # the next run cleans up after it once more
                journal.write(self._done(self._closed(whole=whole)))
        return whole

    def _take_back(self, place: int) -> bool:
        """Undo one move, or the half of it that was done; true when the place is as it was.

        A file that somebody changed since is not ours to move any more: it is as it was only when
        we never moved what stood there.
        """
        target = self.ready[place].target
        try:
            if not self.site.bring_back(target):
                return False
            if self.site.has_put(target):
                take_back(self.site, target)
                if self.site.hidden_is_ours(target):
                    return True
                self._save_changed(place)
                return False
            standing = self.site.standing(target)
        except (OSError, PathRefusedError):
            return False
        if standing is Standing.OLD:
            self.site.remove_original(target)
            return True
        return place not in self.committed and not self.site.keeps_original(target)

    def _is_gone(self, place: int) -> bool:
        try:
            return self.site.is_gone(self.ready[place].target)
        except OSError:
            return True

    def _save_changed(self, place: int) -> None:
        path = self.ready[place].item.step.path
        left, *beside = save_changed(self.site, self.ready[place].target)
        self.results[path] = replace(left, path=path)
        self.results.update((result.path, result) for result in beside)
        self.theirs.update(result.path for result in beside)

    def _closed(self, *, whole: bool) -> Closed:
        if not whole:
            return Closed.NOT_ROLLED_BACK
        return Closed.ROLLED_BACK if self.begun else Closed.NOT_STARTED

    def _done(self, ending: Closed) -> Done:
        notes = tuple(
            (result.path, result.result.value, result.reason)
            for _, result in sorted(self.results.items())
            if result.result is not Result.RESTORED
        )
        return Done(ending, tuple(self.committed), tuple(self.made), notes)

    def _given_up(self, *, whole: bool) -> RepairResult:
        for step in self.plan.actions:
            skipped = StepResult(step.path, Result.SKIPPED, reason="rolled-back")
            self.results.setdefault(step.path, skipped)
        return self._result(Ending(self._closed(whole=whole).value))

    def _result(self, ending: Ending) -> RepairResult:
        return RepairResult(
            run_id=self.intent.run,
            ending=ending,
            results=tuple(result for _, result in sorted(self.results.items())),
            directories=tuple(self.made),
            sources=_uses(self.ledger),
            continues=self.intent.continues,
            undo_available=bool(self.committed or self.made or self.intent.continues),
        )

    def _must_stop(self, came: Sequence[StepResult]) -> bool:
        """Everything or nothing, and this is not everything.

        On the way back a file that appeared meanwhile is fine: it is there, and not ours. Not so
        where nothing but one version will do.
        """
        back = self.plan.way is WayName.BACK and not self.plan.whole
        return self.broken or (
            self.strict
            and any(
                result.result is not Result.ALREADY_RIGHT
                and not (back and result.reason == "appeared")
                for result in came
            )
        )

    def _fail(self, path: str, reason: str, error: OSError | None = None) -> None:
        problem = OsProblem.from_exception(error) if error else None
        self.results[path] = StepResult(path, Result.FAILED, reason=reason, error=problem)


def _uses(ledger: Ledger) -> tuple[SourceUse, ...]:
    return tuple(ledger.uses)
