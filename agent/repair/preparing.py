"""What a repair settles before its first write: whether it may begin, and what it will write.

The intent names everything that the run may leave behind, so it is made from the plan alone.
"""

from __future__ import annotations

from pathlib import Path

from agent.errors import StaffError
from agent.model import Action, Plan, Step
from agent.outcomes import ExitCode
from agent.repair import history, targets, troubles
from agent.repair.file_ops import FileOps
from agent.repair.journal import Intent, Kind, staging_name
from agent.repair.site import Site, choose_store


def refuse_unfit(plan: Plan) -> None:
    """Refuse a plan with brakes on.

    Raises:
        StaffError: because it is blocked or asks for a person first.
    """
    if plan.blocked is not None:
        raise StaffError("plan-blocked", ExitCode.NEEDS_PERSON, reason=plan.blocked)
    if plan.brakes:
        brakes = tuple(brake.value for brake in plan.brakes)
        raise StaffError("brakes-on", ExitCode.NEEDS_PERSON, brakes=brakes)


def make_runs(runs: Path, ops: FileOps) -> None:
    """Make the folder of all runs where there is none.

    Raises:
        ItError: because it can't be written.
    """
    if runs.is_dir():
        return
    try:
        ops.make_directory(runs)
    except OSError as error:
        raise troubles.as_error(error, str(runs)) from error


def intent_of(plan: Plan, site: Site, run_id: str, known: history.History, started: str) -> Intent:
    """The intent of a run: every name that it may leave behind."""
    paths = [place_of(step) for step in plan.actions]
    folders = [*plan.directories, *(path.rpartition("/")[0] for path in paths if "/" in path)]
    return Intent(
        run=run_id,
        sequence=known.last_sequence + 1,
        kind=Kind.REPAIR,
        root=site.root.path,
        root_id=site.root.identity,
        product=plan.product,
        version=plan.version,
        way=plan.way.value,
        started=started,
        continues=known.interrupted,
        staging=tuple(staging_name(run_id, path, n) for n, path in enumerate(paths)),
        directories=targets.missing_folders(site.root, dict.fromkeys(folders)),
        store=choose_store(site.root, site.runs, site.ops),
    )


def place_of(step: Step) -> str:
    """As on disk where it is there already, else as the manifest writes it."""
    return step.found.path if step.action is Action.REPLACE and step.found else step.path
