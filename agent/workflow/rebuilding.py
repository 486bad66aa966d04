"""A registered folder that is gone: made again for a repair, and only when a person said so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from agent.errors import ItError
from agent.model import Brake
from agent.outcomes import ExitCode
from agent.state import ensure_writable
from agent.workflow.allowing import refuse_unsafe
from agent.workflow.request import Ports
from agent.workflow.running import Session


@contextmanager
def folder_there(session: Session) -> Iterator[None]:
    """The folder of an installation, for as long as a repair works on it.

    What was made for a repair that then wrote nothing is taken away again: only folders made here,
    and only while they are empty.

    Raises:
        ItError: because the folder is gone and nobody confirmed the place, or it can't be made.
    """
    located, request, ports = session.located, session.request, session.ports
    if located is None or not located.gone:
        yield
        return
    if request.dry_run or Brake.WEAK_TARGET not in request.choice.accepted:
        raise _folder_gone(located.root)
    made = _make(located.root, ports)
    session.located = replace(located, gone=False)
    try:
        yield
    finally:
        _take_away(made, ports)


def _folder_gone(root: Path) -> ItError:
    """Why nothing can be looked at."""
    return ItError("folder-gone", ExitCode.NEEDS_PERSON, root=str(root))


def _make(root: Path, ports: Ports) -> list[Path]:
    """Make a folder and those above it that are gone too; gives the new ones, outermost first."""
    missing = [folder for folder in (root, *root.parents) if not folder.is_dir()][::-1]
    refuse_unsafe(missing[0].parent if missing else root, ports)
    ensure_writable(ports.state)
    made: list[Path] = []
    try:
        for folder in missing:
            ports.ops.make_directory(folder)
            made.append(folder)
    except OSError as error:
        _take_away(made, ports)
        raise _folder_gone(root) from error
    return made


def _take_away(made: list[Path], ports: Ports) -> None:
    with suppress(OSError):
        for folder in reversed(made):
            ports.ops.remove_directory(folder)
