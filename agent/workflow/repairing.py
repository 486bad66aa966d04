"""REPAIR: carry out the plan, look again, and say what is left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from msgspec import structs

from agent.errors import StaffError, WerkplekError
from agent.model import (
    Comparison,
    DiagnosisClass,
    Ending,
    KnownManifest,
    Plan,
    RepairResult,
    Result,
    State,
    Trigger,
    Trust,
)
from agent.outcomes import ExitCode
from agent.planning import LOCKED
from agent.progress import Stage
from agent.repair.containment import PinnedRoot
from agent.repair.lock import Holder
from agent.repair.pruning import prune
from agent.repair.recovering import clean
from agent.repair.repairing import repair as carry_out_plan
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.reporting.verdict import LOCKED_BY
from agent.sources.ledger import Ledger
from agent.state import Record, Restoration, begin_keeping, ensure_writable
from agent.workflow.allowing import folders_left_open, folders_of_plan, refuse_unsafe
from agent.workflow.assessing import assess
from agent.workflow.holding import is_held, name_holders, name_in_plan
from agent.workflow.rebuilding import folder_there
from agent.workflow.request import APPLICATION, Ports, Request
from agent.workflow.running import Session, carry_out, look_and_weigh, prepare
from agent.workflow.undoing import remember_undo
from agent.workflow.weighing import Considered

Confirm = Callable[[InstallationFacts], bool]
"""Asks the last question; False means no."""

RESTORATIONS_KEPT = 20
"""Newest runs whose files are remembered, to notice repeated damage."""
_LEFT = (State.MISSING, State.CHANGED, State.NEWER, State.UNREADABLE, State.NOT_CHECKED)
_BY_REASON = {
    "wrong-bytes": ExitCode.SOURCES_REFUSED,
    "source-gone": ExitCode.NO_SOURCE,
    "no-source": ExitCode.NO_SOURCE,
    LOCKED: ExitCode.IN_USE,
    LOCKED_BY: ExitCode.IN_USE,
    "no-rights": ExitCode.NO_RIGHTS,
}
"""Reason of a step that failed to the code of a repair that wrote nothing."""


def repair(request: Request, ports: Ports, confirm: Confirm) -> RunFacts:
    """Look, plan, ask, carry out, look again; a dry run stops before the question.

    Args:
        request: what was asked.
        ports: the world.
        confirm: the last question; it releases no brake.
    """
    return carry_out(request, ports, lambda session: _repair(session, confirm))


def _repair(session: Session, confirm: Confirm) -> InstallationFacts:
    with folder_there(session):
        return _repair_there(session, confirm)


def _repair_there(session: Session, confirm: Confirm) -> InstallationFacts:
    request, ports = session.request, session.ports
    prepared = prepare(session)
    if not request.dry_run:
        left_open = folders_left_open(prepared.pinned, ports.state.runs)
        refuse_unsafe(prepared.root, ports, left_open)
        ensure_writable(ports.state)
        _clean(prepared.pinned, ports)
    facts = look_and_weigh(session, spotting=True)
    considered = session.considered
    if request.dry_run or considered is None:
        return facts
    plan = considered.plan
    if plan is not None:
        plan = name_in_plan(plan, prepared.pinned, ports.locks)
        facts = replace(facts, plan=plan)
    refusal = _refusal(considered)
    if refusal is not None:
        return replace(facts, codes=refusal)
    if plan is None or not (plan.actions or plan.directories):
        return _nothing_to_write(session, considered, facts)
    refuse_unsafe(prepared.root, ports, folders_of_plan(plan))
    session.facts = replace(facts, codes=())
    ports.watch.check()  # who stopped the look is not asked
    if not confirm(facts):
        raise StaffError("not-confirmed", ExitCode.NEEDS_PERSON)
    return _carry_out(session, considered, plan, facts)


def _clean(root: PinnedRoot, ports: Ports) -> None:
    """Put in order what was broken off; an undo that is finished now is remembered as one."""
    done = clean(root=root, runs=ports.state.runs, ops=ports.ops, holder=_holder(ports))
    for undone in done.undos:
        remember_undo(root, undone, ports)


def _holder(ports: Ports) -> Holder:
    return Holder.here(APPLICATION, ports.clock())


def _refusal(considered: Considered) -> tuple[ExitCode, ...] | None:
    """The codes of a repair that may not begin, None when it may."""
    plan = considered.plan
    if plan is None:
        return considered.codes
    if plan.brakes:
        kind = considered.assessment.judgement.diagnosis.kind
        unknown = kind is DiagnosisClass.UNKNOWN
        return (ExitCode.NEEDS_PERSON, *(considered.codes if unknown else ()))
    return (*_in_use(plan), *considered.codes) if plan.blocked is not None else None


def _in_use(plan: Plan | None) -> tuple[ExitCode, ...]:
    """A file that a program keeps to itself is the program's matter, not that of the sources."""
    held = plan is not None and any(is_held(step) for step in plan.steps)
    return (ExitCode.IN_USE,) if held else ()


def _nothing_to_write(
    session: Session, considered: Considered, facts: InstallationFacts
) -> InstallationFacts:
    """Healthy, or what is wrong was not asked for or can't be had."""
    target = considered.target
    if target is None:
        return facts
    left = _left(target.comparison)
    if not left:
        _remember(session, considered, None, healthy=True)
        return facts
    # What could be put right was not asked for: that is a person's choice, not a success.
    to_ask = {ExitCode.REPAIRABLE: ExitCode.NEEDS_PERSON}
    codes = tuple(to_ask.get(code, code) for code in facts.codes)
    return replace(facts, codes=(*_in_use(considered.plan), *codes))


def _carry_out(
    session: Session, considered: Considered, plan: Plan, facts: InstallationFacts
) -> InstallationFacts:
    request, ports = session.request, session.ports
    begin_keeping(ports.state)
    result = carry_out_plan(
        plan,
        root=prepare(session).pinned,
        ledger=Ledger(considered.sources),
        runs=ports.state.runs,
        run_id=session.run_id,
        ops=ports.ops,
        watch=ports.watch,
        clock=ports.clock,
        holder=_holder(ports),
        partial=request.choice.partial,
    )
    result = name_holders(result, prepare(session).pinned, ports.locks)
    session.facts = facts = replace(facts, repair=result, codes=())
    written = result.ending is Ending.COMMITTED
    if written:
        # First this: a look that is stopped must not make our own writing look like an update.
        _remember(session, considered, result, healthy=False)
    after = _look_again(session, considered)
    if written and request.settle_s > 0:
        ports.sleep(request.settle_s)
        after = _look_again(session, considered)
    if written and not _left(after):
        _remember(session, considered, None, healthy=True)
        _forget_old_runs(prepare(session).pinned, ports)
    return replace(facts, after=after, codes=_codes_after(result, after))


def _forget_old_runs(root: PinnedRoot, ports: Ports) -> None:
    """Tidying up never turns a repair that succeeded into a failure."""
    runs, now = ports.state.runs, ports.clock()
    with suppress(WerkplekError, OSError):
        prune(root=root, runs=runs, ops=ports.ops, holder=_holder(ports), now=now)


def _look_again(session: Session, considered: Considered) -> Comparison:
    """A fresh full look against the version that was completed."""
    assert considered.target is not None  # noqa: S101 - a plan exists, so it has a target
    session.ports.watch.start(Stage.CHECK)
    before = considered.assessment
    request = replace(session.request, product=before.profile.name)
    after = assess(
        request,
        session.ports,
        prepare(session).knowledge,
        before.root,
        mode=session.request.mode,
        spotted=before.spotted,
        registered=before.registered,
    )
    return after.compare_with(considered.target.known)


def _codes_after(result: RepairResult, after: Comparison) -> tuple[ExitCode, ...]:
    settings = (ExitCode.SETTINGS_LOST,) if after.counts.settings_missing else ()
    if not _left(after):
        return settings or (ExitCode.OK,)
    if result.ending in {Ending.COMMITTED, Ending.NOT_ROLLED_BACK}:
        return (ExitCode.PARTLY_REPAIRED, *settings)
    failed = (step.reason for step in result.results if step.result is Result.FAILED)
    ids = {(reason or "").partition(":")[0] for reason in failed}
    codes = {_BY_REASON.get(reason, ExitCode.PARTLY_REPAIRABLE) for reason in ids}
    return tuple(sorted(codes)) or (ExitCode.PARTLY_REPAIRABLE,)


def _left(comparison: Comparison) -> int:
    folders = len(comparison.missing_directories) + len(comparison.blocked_directories)
    return len(comparison.having(*_LEFT)) + folders


def _is_vouched_for(known: KnownManifest, code: str | None) -> bool:
    """Whether a version may be kept as the one that belongs here."""
    return known.trust is not Trust.ADHOC or known.check_code == code


def _remember(
    session: Session, considered: Considered, result: RepairResult | None, *, healthy: bool
) -> None:
    """Write the own record: the version that is complete now, and what was put back.

    What was done is done, whether or not it can be remembered.
    """
    assessment, target, ports = considered.assessment, considered.target, session.ports
    if target is None:
        return
    product = assessment.profile.name
    # Read again: the run itself has written it by now.
    old = ports.state.record(assessment.root)
    if old is None or old.product != product:
        old = Record(root=str(assessment.root), product=product)
    now = f"{ports.clock():%Y-%m-%dT%H:%M:%S+00:00}"
    by_person = session.request.trigger is Trigger.PERSON
    root_id = prepare(session).pinned.identity
    record = structs.replace(old, hold=old.hold and not by_person, root_id=root_id)
    if healthy and _is_vouched_for(target.known, session.request.choice.code):
        trust = target.known.trust.value
        record = structs.replace(record, version=target.known.version, trust=trust)
    if result is not None:
        put = tuple(one.path for one in result.results if one.result is Result.RESTORED)
        since = Restoration(session.run_id, now, put, old.version, old.trust)
        restorations = (*old.restorations, since)[-RESTORATIONS_KEPT:]
        record = structs.replace(record, written_at=now, restorations=restorations)
    with suppress(OSError):
        ports.state.save_record(assessment.root, record)
