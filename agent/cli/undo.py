"""`werkplek undo`: put back what a repair changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from agent.cli.options import Common, verb


@verb
def command(
    common: Common,
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Which repair; the newest by default.")
    ] = None,
) -> int:
    """Undo a finished repair: all of it, or nothing when something changed since.

    \b
    Examples:
      werkplek undo --root D:\\Praktijk\\PP
      werkplek undo --root D:\\Praktijk\\PP 20261123T080512Z-4f2a
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import run_verb
    from agent.workflow.undoing import undo

    return run_verb(common, "undo", undo, lambda request: replace(request, run_id=run))
