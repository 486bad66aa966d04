"""Which program kept a file open that could not be written: the sentence names it."""

from __future__ import annotations

from dataclasses import replace

from agent.errors import WerkplekError
from agent.model import RepairResult, Result, StepResult
from agent.ports import Locks
from agent.repair.containment import PinnedRoot, resolve
from agent.reporting.verdict import LOCKED_BY

LOCKED = "locked"
FILES_ASKED = 8
"""Windows takes up to a tenth of a second for each."""
PROGRAMS_NAMED = 3


def name_holders(result: RepairResult, root: PinnedRoot, locks: Locks) -> RepairResult:
    """The same result; a file that was in use says by which programs, where that can be told.

    Args:
        result: of a repair or an undo.
        root: where its paths are.
        locks: who knows.
    """
    locked = [one for one in result.results if _is_locked(one)]
    named = {one.path: _named(one, root, locks) for one in locked[:FILES_ASKED]}
    results = tuple(named.get(one.path, one) for one in result.results)
    return replace(result, results=results) if locked else result


def _is_locked(one: StepResult) -> bool:
    return one.result is Result.FAILED and one.reason == LOCKED


def _named(one: StepResult, root: PinnedRoot, locks: Locks) -> StepResult:
    try:
        place = resolve(root, one.path)
    except (OSError, WerkplekError):
        return one
    names = dict.fromkeys(holder.name for holder in locks.holders([place]) if holder.name)
    if not names:
        return one
    return replace(one, reason=f"{LOCKED_BY}:{', '.join(list(names)[:PROGRAMS_NAMED])}")
