"""`werkplek report`: render the last result."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from agent.cli.options import Common, verb
from agent.cli.output import write_data


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

    \b
    Examples:
      werkplek report
      werkplek report --format json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import settle, state_folder
    from agent.errors import UsageError
    from agent.reporting.as_json import read_report, to_json
    from agent.reporting.text import render

    style, _ = settle(common)
    state = state_folder(common, create=False)
    data = state.last_report()
    if data is None:
        raise UsageError("no-last-report", path=str(state.path))
    report = read_report(data, str(state.path))
    if style.json or format_ is Format.JSON:
        write_data(to_json(report))
    elif style.events:
        from agent.reporting.events import result_event

        write_data(result_event(report))
    elif not (style.quiet and report.exit_code == 0):
        write_data(render(report, style.lang, verbose=style.verbose))
    return 0
