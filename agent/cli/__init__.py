"""The `werkplek` command: one file per verb; parses, calls `workflow`, renders."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `werkplek` command; ends the process."""
    import sys

    from agent.cli.app import run

    sys.exit(run(sys.argv[1:]))
