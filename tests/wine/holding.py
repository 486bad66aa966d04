"""Run by Windows Python: keep a file open, shared for reading only or not at all, until told.

``python -m tests.wine.holding SHARE FILE`` prints a line when it has the file, and ends when its
standard input does. Works under Windows only.

https://learn.microsoft.com/windows/win32/fileio/creating-and-opening-files
"""

from __future__ import annotations

import sys

from agent.windows.opening import GENERIC_READ, create

SHARES = {"nothing": 0, "reading": 1}


def main(share: str, file: str) -> None:
    """Hold it; the handle is given back by ending."""
    create(file, GENERIC_READ, share=SHARES[share])
    print("held", flush=True)  # noqa: T201 - a program of its own
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
