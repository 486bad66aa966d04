"""Run by Windows Python: start command lines one after the other and print how each ended.

``python -m tests.wine.parent FILE`` reads a JSON list of argument lists for Windows Python. Only a
parent under Windows sees all 32 bits of an exit code; Linux cuts it to 8.

https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getexitcodeprocess
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SECONDS = 60.0
"""Time limit of one command line."""


def main(file: str) -> None:
    """Print the exit codes as a JSON list."""
    lines = json.loads(Path(file).read_text(encoding="utf-8"))
    print(json.dumps([exit_code(line) for line in lines]))  # noqa: T201 - a program of its own


def exit_code(line: list[str]) -> int:
    """Of one command line; what it says goes nowhere."""
    done = subprocess.run(
        [sys.executable, *line],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode


if __name__ == "__main__":
    main(*sys.argv[1:])
