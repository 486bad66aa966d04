"""`werkplek plan`: what a repair would do, file by file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import choices
from agent.cli.options import Common, given_path, verb

if TYPE_CHECKING:
    from agent.reporting.facts import RunFacts
    from agent.workflow.request import Ports, Request


@verb
def command(
    common: Common,
    *,
    changed: choices.Changed = False,
    partial: choices.Partial = False,
    to_version: choices.ToVersion = None,
    accept: choices.Accept = None,
    code: choices.Code = None,
    wanted: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=given_path,
            help="Write the list of missing files that nobody here has.",
        ),
    ] = None,
) -> int:
    """Show both ways out, and what a repair would do. Writes nothing to the program folder.

    \b
    Examples:
      werkplek plan --root D:\\Praktijk\\PP --source E:\\
      werkplek plan --root D:\\Praktijk\\PP --source E:\\ --to-version 2023.1
      werkplek plan --root D:\\Praktijk\\PP --wanted E:\\gevraagd\\balie-2.json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from dataclasses import replace

    from agent.cli.session import run_verb
    from agent.errors import WerkplekError
    from agent.reporting.text import plan_text
    from agent.workflow.running import plan
    from agent.workflow.wanting import ensure_fit, write_wanted

    adapt = choices.adapt(
        accept=accept, code=code, changed=changed, partial=partial, to_version=to_version
    )

    def work(request: Request, ports: Ports) -> RunFacts:
        if wanted is not None:
            ensure_fit(wanted, request)
        facts = plan(request, ports)
        if wanted is None:
            return facts
        try:
            write_wanted(facts, wanted, ports)
        except WerkplekError as error:  # the plan itself is still good
            return replace(facts, error=facts.error or error)
        return facts

    return run_verb(common, "plan", work, adapt, draw=plan_text)
