"""What is kept when something went wrong that nobody foresaw: our fault, exit code 1."""

from __future__ import annotations

import secrets
import tempfile
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent import __version__
from agent.errors import WerkplekError
from agent.state import open_state
from agent.windows.rights import is_elevated
from agent.workflow.this_pc import default_state

SUFFIX_BYTES = 4
"""Random part of the name of a file."""


def save_crash(error: Exception, arguments: list[str], state: Path | None = None) -> str:
    """Write the traceback to a new file.

    Args:
        error: what nobody foresaw.
        arguments: the command line.
        state: the state folder that was given; used when it is ours already.

    Returns:
        The path, or an empty text where nothing could be written.
    """
    text = "".join(traceback.format_exception(error))
    now = datetime.now(UTC)
    document = f"werkplekherstel {__version__}\n{now:%Y-%m-%dT%H:%M:%SZ}\n{arguments}\n\n{text}"
    # The random part keeps two crashes in one second apart.
    name = f"crash-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(SUFFIX_BYTES)}.txt"
    for folder in _folders(state):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8", errors="backslashreplace") as file:
                file.write(document)
        except OSError:
            continue
        return str(folder / name)
    return ""


def _folders(state: Path | None) -> Iterator[Path]:
    """Where it may go, the best place first."""
    if state is not None and _is_ours(state):
        yield state / "crashes"
    yield default_state().parent / "crashes"
    yield Path(tempfile.gettempdir())


def _is_ours(state: Path) -> bool:
    """Whether a run may write there: nothing is made in a folder of somebody else."""
    try:
        open_state(state, create=False)
        return not is_elevated()
    except (WerkplekError, OSError, ValueError):
        return False
