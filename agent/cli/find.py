"""`werkplek find`: every candidate folder, its evidence, and why it won or lost."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import Common, verb


@verb
def command(
    common: Common,
    *,
    sweep: Annotated[
        bool | None,
        typer.Option(
            "--sweep/--no-sweep",
            help="Go through all fixed disks, or never; when needed by default.",
        ),
    ] = None,
    removable: Annotated[
        bool, typer.Option("--removable", help="Go through sticks and cards too.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(metavar="S", min=1, max=86_400, help="How long a sweep may take."),
    ] = None,
) -> int:
    """Find the program folder, wherever it is, and explain the choice. Writes nothing there.

    \b
    Examples:
      werkplek find
      werkplek find --product medicom --catalogue C:\\Lijsten --verbose
      werkplek find --sweep --seconds 600 --json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from dataclasses import replace

    from agent.cli.session import run_verb
    from agent.discovery.finding import SweepWish
    from agent.reporting.find_text import find_text
    from agent.workflow.request import Request
    from agent.workflow.running import find

    wishes = {None: SweepWish.WHEN_NEEDED, True: SweepWish.ALWAYS, False: SweepWish.NEVER}

    def adapt(request: Request) -> Request:
        wish = replace(request.search, sweep=wishes[sweep])
        wish = replace(wish, removable=removable or wish.removable)
        return replace(request, search=replace(wish, seconds=seconds or wish.seconds))

    return run_verb(common, "find", find, adapt, draw=find_text)
