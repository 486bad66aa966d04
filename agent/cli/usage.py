"""A command line that can't be meant, in our own words: what was wrong, what was expected.

typer's own sentences are English; what is not recognised here keeps them.
"""

from __future__ import annotations

import re
from typing import Any

import typer

from agent.errors import UsageError

_NO_SUCH_COMMAND = re.compile(r"No such command '(.*)'\.", re.DOTALL)
_TOO_MUCH = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL)
_VALUE = re.compile(r"'(.*)' is not |(\S+) is not in the range ", re.DOTALL)


def usage_error(error: typer.TyperException) -> UsageError:
    """What typer found wrong, as an error of ours."""
    if isinstance(error, typer.BadParameter):
        found = _of_parameter(error)
    elif hasattr(error, "option_name"):
        found = _of_option(error)
    else:
        found = _of_command(error)
    if found is not None:
        return found
    # Parts of typer's own message that name choices come after a line break.
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    return UsageError("usage", message=message.rstrip("."))


def _of_parameter(error: Any) -> UsageError | None:
    parameter = error.param
    if parameter is None:
        return None
    name = parameter.get_error_hint(error.ctx).replace("'", "")
    if not error.message:
        return UsageError("usage-missing", name=name, command=_command(error))
    value = _VALUE.match(error.message)
    expected = _expected(parameter.type)
    if value is not None and expected:
        given = value[1] if value[2] is None else value[2]
        return UsageError("usage-value", option=name, value=repr(given), expected=expected)
    if "a value is needed here" in error.message:
        return UsageError("usage-no-value", option=name)
    return None


def _of_option(error: Any) -> UsageError | None:
    option = error.option_name
    if error.message.startswith("No such option"):
        return UsageError("usage-no-such-option", option=option, command=_command(error))
    if error.message.endswith("requires an argument."):
        return UsageError("usage-no-value", option=option)
    if error.message.endswith("does not take a value."):
        return UsageError("usage-takes-no-value", option=option)
    return None


def _of_command(error: Any) -> UsageError | None:
    message = str(getattr(error, "message", ""))
    context = getattr(error, "ctx", None)
    known = ", ".join(getattr(context.command, "commands", ())) if context else ""
    wrong = _NO_SUCH_COMMAND.fullmatch(message)
    if wrong is not None:
        return UsageError("usage-no-such-command", name=repr(wrong[1]), known=known)
    if message == "Missing command.":
        return UsageError("usage-no-command", known=known)
    extra = _TOO_MUCH.fullmatch(message)
    if extra is not None:
        return UsageError("usage-extra", given=extra[1], command=_command(error))
    return None


def _expected(kind: Any) -> str:
    """The values that are allowed, in no language: ``text, json`` or ``0-86400``."""
    choices = getattr(kind, "choices", None)
    if choices:
        return ", ".join(str(getattr(choice, "value", choice)) for choice in choices)
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is None:
        return ""
    return f">= {low}" if high is None else f"{low}-{high}"


def _command(error: Any) -> str:
    return error.ctx.command_path if error.ctx is not None else "werkplek"
