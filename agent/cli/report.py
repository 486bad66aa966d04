"""`werkplek report`: render the last result."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from agent.cli.options import Common, verb


class Format(StrEnum):
    """How a report can be shown."""

    TEXT = "text"
    JSON = "json"


@verb
def command(
    common: Common,
    *,
    format_: Annotated[Format, typer.Option("--format", help="How to show it.")] = Format.TEXT,
) -> int:
    """Show the result of the last run again. Ends with 0 when there is one.

    The report is what was asked for: --quiet does not silence it.

    \b
    Examples:
      werkplek report
      werkplek report --format json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from dataclasses import replace

    from agent.cli.session import settle
    from agent.cli.stored import last_report, show
    from agent.reporting.text import render

    style, _ = settle(common)
    report = last_report(common)
    style = replace(style, json=style.json or format_ is Format.JSON)
    show(
        report,
        style,
        lambda shown: render(shown, style.lang, verbose=style.verbose),
        silent=False,
    )
    return 0
