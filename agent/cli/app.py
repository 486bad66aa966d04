"""The command: its verbs, and what every way of ending it looks like."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Any

import typer

from agent import __version__
from agent.cli import (
    check,
    decode,
    demo,
    find,
    manifest,
    plan,
    repair,
    report,
    sources,
    status,
    undo,
)
from agent.cli.options import STATE_VARIABLE
from agent.cli.output import Style, value_of, write_data, write_words
from agent.cli.usage import usage_error
from agent.errors import OurError, Stopped, WerkplekError
from agent.outcomes import ExitCode

VERBS = {
    "find": find.command,
    "check": check.command,
    "plan": plan.command,
    "repair": repair.command,
    "undo": undo.command,
    "sources": sources.command,
    "report": report.command,
    "status": status.command,
    "decode": decode.command,
    "demo": demo.command,
}
"""Every verb that is one command; `manifest` has verbs of its own."""

HELP = """Find, judge and repair the program folder of a workstation.

\b
Examples:
  werkplek find
  werkplek check  --catalogue C:\\Lijsten
  werkplek repair --catalogue C:\\Lijsten --source E:\\
  werkplek repair --root D:\\Praktijk\\PP --catalogue C:\\Lijsten --source E:\\
  werkplek undo
  werkplek demo
"""


def build() -> typer.Typer:
    """The application with all its verbs."""
    app = typer.Typer(
        name="werkplek",
        help=HELP,
        add_completion=False,
        no_args_is_help=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_callback)
    for name, command in VERBS.items():
        app.command(name)(command)
    app.add_typer(manifest.build(), name="manifest")
    return app


def _callback(
    context: typer.Context,
    *,
    version: bool = typer.Option(False, "--version", help="Show the version and exit."),
) -> None:
    if version:
        write_data(f"werkplek {__version__}")
        raise typer.Exit(0)
    if context.invoked_subcommand is None:
        write_data(context.get_help())
        raise typer.Exit(int(ExitCode.USAGE))


def run(arguments: list[str]) -> int:
    """Carry out a command line.

    Args:
        arguments: without the program's name.

    Returns:
        The exit code; nothing is raised but what ends the interpreter.
    """
    style = Style.guessed(arguments)
    command = next((word for word in arguments if not word.startswith("-")), "werkplek")
    try:
        result: Any = build()(
            args=arguments,
            prog_name="werkplek",
            standalone_mode=False,
            windows_expand_args=False,
        )
    except typer.Abort:
        return _failed(Stopped(), command, style, arguments)
    except typer.TyperException as error:
        return _failed(usage_error(error), command, style, arguments)
    except Exception as error:  # noqa: BLE001 - the edge: nothing may end in a traceback
        return _failed(error, command, style, arguments)
    return int(result or 0)


def _failed(error: Exception, command: str, style: Style, arguments: list[str]) -> int:
    from agent.cli.crash import save_crash
    from agent.cli.session import tell_error

    if style.verbose:
        write_words("".join(traceback.format_exception(error)))
    known = error
    if not isinstance(known, WerkplekError):
        state = value_of(arguments, "--state") or os.environ.get(STATE_VARIABLE)
        file = save_crash(error, arguments, Path(state) if state else None)
        known = OurError("internal", ExitCode.INTERNAL_ERROR, file=file)
    try:
        return tell_error(known, command, style)
    except WerkplekError:  # stdout can't even take the error
        return style.exit_code(known.exit_code)
