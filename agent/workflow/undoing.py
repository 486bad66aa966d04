"""UNDO: put back what a repair changed, and let the record say so."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from agent.model import Ending, RepairResult, Result
from agent.outcomes import ExitCode
from agent.progress import Stage
from agent.repair.containment import PinnedRoot
from agent.repair.lock import Holder
from agent.repair.undoing import undo as put_back
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.state import Record, begin_keeping
from agent.workflow.allowing import folders_of_undo, refuse_unsafe
from agent.workflow.assessing import assess
from agent.workflow.holding import name_holders
from agent.workflow.knowing import GENERIC
from agent.workflow.request import APPLICATION, Ports, Request
from agent.workflow.running import Session, carry_out, facts_of, prepare

_BY_REASON = {
    "no-rights": ExitCode.NO_RIGHTS,
    "disk-full": ExitCode.DISK_FULL,
    "disk-problem": ExitCode.DISK_ERROR,
}
"""Reason of a file that could not be taken back to the code; every other one is `in-use`."""


def undo(request: Request, ports: Ports) -> RunFacts:
    """Put back what the newest repair of this installation, or the one named, changed."""
    return carry_out(request, ports, _undo)


def _undo(session: Session) -> InstallationFacts:
    request, ports = session.request, session.ports
    prepared = prepare(session)
    root, knowledge = prepared.root, prepared.knowledge
    runs = ports.state.runs
    refuse_unsafe(root, ports, folders_of_undo(prepared.pinned, runs, request.run_id))
    begin_keeping(ports.state)
    record = ports.state.record(root)
    if request.product is None and record is not None:
        request = replace(request, product=record.product)
    ports.watch.start(Stage.UNDO)
    result = put_back(
        request.run_id,
        root=prepared.pinned,
        runs=runs,
        new_run_id=session.run_id,
        ops=ports.ops,
        watch=ports.watch,
        clock=ports.clock,
        holder=Holder.here(APPLICATION, ports.clock()),
    )
    result = name_holders(result, prepared.pinned, ports.locks)
    remember_undo(prepared.pinned, result, ports, request.product)
    after = assess(
        request, ports, knowledge, root, mode=request.mode, registered=session.registered
    )
    facts = facts_of(after, codes=_codes(result))
    return replace(facts, repair=result, after=after.comparison, before=None)


def remember_undo(
    pinned: PinnedRoot, result: RepairResult, ports: Ports, product: str | None = None
) -> None:
    """Let the record say that a run was undone; it is undone whether or not that can be written.

    Args:
        pinned: the root.
        result: of the undo.
        ports: the world.
        product: of the installation, where there is no record yet.
    """
    if result.ending is not Ending.UNDONE:
        return
    now = f"{ports.clock():%Y-%m-%dT%H:%M:%S+00:00}"
    root = Path(pinned.path)
    record = ports.state.record(root) or Record(root=pinned.path, product=product or GENERIC)
    record = structs.replace(_without(record, result.continues, now), root_id=pinned.identity)
    with suppress(OSError):
        ports.state.save_record(root, record)


def _codes(result: RepairResult) -> tuple[ExitCode, ...]:
    if result.ending is Ending.UNDONE:
        left = any(one.result is not Result.RESTORED for one in result.results)
        return (ExitCode.PARTLY_REPAIRED if left else ExitCode.OK,)
    if result.ending is Ending.NOT_ROLLED_BACK:
        return (ExitCode.PARTLY_REPAIRED,)
    reasons = (one.reason for one in result.results if one.result is Result.FAILED)
    return tuple(_BY_REASON.get(reason or "", ExitCode.IN_USE) for reason in reasons)


def _without(record: Record, undone: str | None, now: str) -> Record:
    """The record as before that run; no unattended repair until a person repairs again."""
    kept = tuple(one for one in record.restorations if one.run_id != undone)
    last = record.restorations[-1] if record.restorations else None
    before = last if last is not None and last.run_id == undone else None
    return structs.replace(
        record,
        version=before.version_before if before is not None else record.version,
        trust=before.trust_before if before is not None else record.trust,
        restorations=kept,
        written_at=now,
        hold=True,
    )
