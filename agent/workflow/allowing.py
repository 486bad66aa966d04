"""Where a run may write at all, whatever the plan says (DESIGN sections 4 and 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from agent.errors import ItError
from agent.manifest.names import UNDO_DIRECTORY
from agent.model import Plan
from agent.outcomes import ExitCode
from agent.ports import Rights
from agent.repair import history
from agent.repair.containment import PinnedRoot
from agent.repair.history import Run
from agent.windows.paths import openable
from agent.workflow.request import Ports


def refuse_unsafe(root: Path, ports: Ports, folders: Iterable[str] = ()) -> None:
    """Refuse to write where writing could do harm beyond the files that it is about.

    An elevated run below a folder that ordinary users write could be led elsewhere by a link that
    one of them puts there meanwhile; and on a shared server a repair touches everybody's work.
    So every folder on the way to a file is asked about, and whether users can swap the root itself.

    Args:
        root: canonical.
        ports: the world.
        folders: that are written into, below the root; gone through by an elevated run only.

    Raises:
        ItError: ``elevated-in-open-folder``, which names the first such folder, or
            ``shared-server``.
    """
    if ports.host.multi_session:
        raise ItError("shared-server", ExitCode.NEEDS_PERSON, root=str(root))
    if not ports.host.elevated:
        return
    place = next(_open_to_users(root, folders, ports.pc.rights), None)
    if place is not None:
        raise ItError("elevated-in-open-folder", ExitCode.NEEDS_PERSON, root=str(place))


def folders_of_plan(plan: Plan) -> Iterator[str]:
    """The folders that a plan writes into; also those that it makes."""
    yield from plan.directories
    yield from (_folder(step.path) for step in plan.actions)


def folders_left_open(root: PinnedRoot, runs: Path) -> Iterator[str]:
    """The folders of runs that were broken off: what cleans up after them writes there.

    Args:
        root: the installation.
        runs: folder of all runs.
    """
    for run in history.load(runs, root).unfinished:
        yield from _folders_of_run(run)


def folders_of_undo(root: PinnedRoot, runs: Path, run_id: str | None) -> Iterator[str]:
    """The folders that undoing a run writes into; and those of runs that were broken off.

    Args:
        root: the installation.
        runs: folder of all runs.
        run_id: the run; None for the newest that stands.
    """
    known = history.load(runs, root)
    newest = known.undoable[-1] if known.undoable else None
    run = newest if run_id is None else known.find(run_id)
    for one in (*known.unfinished, *(known.chain(run) if run is not None else ())):
        yield from _folders_of_run(one)


def _folders_of_run(run: Run) -> Iterator[str]:
    yield from run.intent.directories
    yield from (_folder(target.path) for target in run.targets)
    yield from (_folder(staged) for staged in run.intent.staging)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _open_to_users(root: Path, folders: Iterable[str], rights: Rights) -> Iterator[Path]:
    """Where ordinary users could come between, the root first."""
    if rights.ordinary_can_write(str(root)):
        yield root
    yield from (above for above in root.parents if rights.ordinary_can_swap(str(above)))
    for folder in _each_once((UNDO_DIRECTORY, *folders)):
        place = root / folder
        # What is not there yet is made by us, in a folder that was asked about.
        if Path(openable(str(place))).is_dir() and rights.ordinary_can_write(str(place)):
            yield place


def _each_once(folders: Iterable[str]) -> Iterator[str]:
    """Folders and those above them up to the root, which is not among them; parents first."""
    seen: set[str] = set()
    for folder in folders:
        parts = folder.split("/") if folder else []
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            if path not in seen:
                seen.add(path)
                yield path
