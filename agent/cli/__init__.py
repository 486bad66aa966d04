"""The `werkplek` command: one file per verb; parses, calls `workflow`, renders."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `werkplek` command; ends the process."""
    import sys

    from agent.outcomes import ExitCode

    try:
        from agent.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before a run could listen
        code = int(ExitCode.STOPPED)
    sys.exit(code)
