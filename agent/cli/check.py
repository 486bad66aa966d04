"""`werkplek check`: find, look, judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from agent.cli.options import Common, verb


@verb
def command(
    common: Common,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only whether files exist, and their size.")
    ] = False,
) -> int:
    """Look at a program folder and say what happened. Writes nothing there.

    \b
    Examples:
      werkplek check
      werkplek check --root D:\\Praktijk\\PP --catalogue C:\\Lijsten
      werkplek check --root D:\\Praktijk\\PP --source E:\\ --json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import run_verb
    from agent.model import Mode
    from agent.workflow.running import check

    mode = Mode.QUICK if quick else Mode.FULL
    return run_verb(common, "check", check, lambda request: replace(request, mode=mode))
