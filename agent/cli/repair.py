"""`werkplek repair`: carry out the plan, check again."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import choices
from agent.cli.options import Common, verb
from agent.cli.output import write_words

if TYPE_CHECKING:
    from agent.reporting.facts import InstallationFacts, RunFacts
    from agent.workflow.request import Ports, Request


@verb
def command(
    common: Common,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Answer the last question; releases no brake.")
    ] = False,
    changed: choices.Changed = False,
    partial: choices.Partial = False,
    to_version: choices.ToVersion = None,
    accept: choices.Accept = None,
    code: choices.Code = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="The same plan, nothing written.")
    ] = False,
    settle: Annotated[
        float, typer.Option(metavar="S", min=0, max=86_400, help="Look again after S seconds.")
    ] = 0,
) -> int:
    """Put back what is missing, verified byte for byte; can be undone.

    \b
    Examples:
      werkplek repair --root D:\\Praktijk\\PP --source E:\\ --yes
      werkplek repair --root D:\\Praktijk\\PP --source E:\\ --to-version 2023.1
      werkplek repair --root D:\\Praktijk\\PP --source E:\\ --dry-run
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import run_verb
    from agent.workflow.repairing import repair

    chosen = choices.adapt(
        accept=accept, code=code, changed=changed, partial=partial, to_version=to_version
    )

    def adapt(request: Request) -> Request:
        return replace(chosen(request), dry_run=dry_run, settle_s=settle)

    def confirm(facts: InstallationFacts) -> bool:
        return yes or _ask(facts, common)

    def work(request: Request, ports: Ports) -> RunFacts:
        return repair(request, ports, confirm)

    return run_verb(common, "repair", work, adapt)


def _ask(facts: InstallationFacts, common: Common) -> bool:
    """Show the plan and ask; never where nobody can answer.

    Raises:
        StaffError: ``not-a-terminal`` because nobody can.
        Stopped: because Ctrl+C was the answer.
    """
    from agent.cli.session import settle
    from agent.errors import StaffError, Stopped
    from agent.outcomes import ExitCode
    from agent.reporting.text import question
    from agent.reporting.texts import load

    silent = common.no_input or common.json or common.events
    if silent or not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise StaffError("not-a-terminal", ExitCode.NEEDS_PERSON)
    style, _ = settle(common)
    # A handler that only notes the wish to stop would leave the question standing.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if os.environ.get("TERM") != "dumb":
            write_words("\r\x1b[K", end="")
        write_words(question(facts, style.lang))
        write_words(load(style.lang).word("yes-or-no"), end=" ")
        answer = sys.stdin.readline()
    except KeyboardInterrupt as error:
        raise Stopped from error
    finally:
        signal.signal(signal.SIGINT, before)
    return answer.strip().lower() in {"j", "ja", "y", "yes"}
