"""What is kept when something went wrong that nobody foresaw: our fault, exit code 1."""

from __future__ import annotations

import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from agent import __version__
from agent.workflow.request import default_state


def save_crash(error: Exception, arguments: list[str]) -> str:
    """Write the traceback to a file; its path, or an empty text where nothing could be written."""
    text = "".join(traceback.format_exception(error))
    now = datetime.now(UTC)
    name = f"crash-{now:%Y%m%dT%H%M%SZ}.txt"
    document = f"werkplekherstel {__version__}\n{now:%Y-%m-%dT%H:%M:%SZ}\n{arguments}\n\n{text}"
    for folder in (default_state().parent / "crashes", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(document, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return str(folder / name)
    return ""
