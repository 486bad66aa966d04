"""UNDO: put back what a repair changed, and let the record say so."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from agent.model import Ending
from agent.outcomes import ExitCode
from agent.progress import Stage
from agent.repair.lock import Holder
from agent.repair.undoing import undo as put_back
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.state import Record, ensure_writable
from agent.workflow.assessing import assess
from agent.workflow.knowing import gather_knowledge
from agent.workflow.request import APPLICATION, Ports, Request
from agent.workflow.roots import resolve_root
from agent.workflow.running import Session, carry_out, facts_of


def undo(request: Request, ports: Ports) -> RunFacts:
    """Put back what the newest repair of this installation, or the one named, changed."""
    return carry_out(request, ports, _undo)


def _undo(session: Session) -> InstallationFacts:
    request, ports = session.request, session.ports
    ensure_writable(ports.state)
    root = resolve_root(request.root, ports.state.path)
    knowledge = gather_knowledge(request, ports, ())
    record = ports.state.record(root)
    if request.product is None and record is not None:
        request = replace(request, product=record.product)
    ports.watch.start(Stage.UNDO)
    result = put_back(
        request.run_id,
        root=root,
        runs=ports.state.runs,
        new_run_id=session.run_id,
        ops=ports.ops,
        watch=ports.watch,
        clock=ports.clock,
        holder=Holder.here(APPLICATION, ports.clock()),
    )
    undone = result.ending is Ending.UNDONE
    if undone and record is not None:
        now = f"{ports.clock():%Y-%m-%dT%H:%M:%S+00:00}"
        ports.state.save_record(root, _without(record, result.continues, now))
    after = assess(request, ports, knowledge, root, mode=request.mode)
    code = ExitCode.OK if undone else ExitCode.PARTLY_REPAIRED
    if result.ending is Ending.ROLLED_BACK:
        code = ExitCode.IN_USE
    facts = facts_of(after, codes=(code,))
    return replace(facts, repair=result, after=after.comparison, before=None)


def _without(record: Record, undone: str | None, now: str) -> Record:
    """The record as before that run; no unattended repair until a person repairs again."""
    kept = tuple(one for one in record.restorations if one.run_id != undone)
    gone = [one for one in record.restorations if one.run_id == undone]
    before = gone[0] if gone else None
    return structs.replace(
        record,
        version=before.version_before if before is not None else record.version,
        trust=before.trust_before if before is not None else record.trust,
        restorations=kept,
        written_at=now,
        hold=True,
    )
