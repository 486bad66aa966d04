"""Which program kept a file open that could not be read or written: the sentence names it."""

from __future__ import annotations

from dataclasses import replace

from agent.errors import WerkplekError
from agent.model import Plan, RepairResult, Result, Step, StepResult
from agent.planning import LOCKED
from agent.ports import Locks
from agent.repair.containment import PinnedRoot, resolve
from agent.reporting.verdict import LOCKED_BY

FILES_ASKED = 8
"""Windows takes up to a tenth of a second for each."""
PROGRAMS_NAMED = 3


def is_held(step: Step) -> bool:
    """Whether a program keeps a file to itself, so that nobody could look at it."""
    return step.reason is not None and step.reason.partition(":")[0] in {LOCKED, LOCKED_BY}


def name_in_plan(plan: Plan, root: PinnedRoot, locks: Locks) -> Plan:
    """The same plan; a file that could not be read says which programs hold it."""
    held = [step for step in plan.steps if is_held(step)][:FILES_ASKED]
    named = {step.path: replace(step, reason=_reason(step.path, root, locks)) for step in held}
    return replace(plan, steps=tuple(named.get(one.path, one) for one in plan.steps))


def name_holders(result: RepairResult, root: PinnedRoot, locks: Locks) -> RepairResult:
    """The same result; a file that was in use says by which programs, where that can be told.

    Args:
        result: of a repair or an undo.
        root: where its paths are.
        locks: who knows.
    """
    locked = [one for one in result.results if _is_locked(one)][:FILES_ASKED]
    named = {one.path: replace(one, reason=_reason(one.path, root, locks)) for one in locked}
    return replace(result, results=tuple(named.get(one.path, one) for one in result.results))


def _is_locked(one: StepResult) -> bool:
    return one.result is Result.FAILED and one.reason == LOCKED


def _reason(path: str, root: PinnedRoot, locks: Locks) -> str:
    try:
        place = resolve(root, path)
    except (OSError, WerkplekError):
        return LOCKED
    names = dict.fromkeys(holder.name for holder in locks.holders([place]) if holder.name)
    return f"{LOCKED_BY}:{', '.join(list(names)[:PROGRAMS_NAMED])}" if names else LOCKED
