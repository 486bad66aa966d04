"""The options that mean the same for every verb, in one place.

`@verb` gives a function these options beside its own; it gets them as one value, `Common`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from agent.errors import Stopped
from agent.outcomes import ExitStyle

STATE_VARIABLE = "WERKPLEK_STATE"
"""Environment variable that says the same as ``--state``."""


def given_text(text: str) -> str:
    """A value as it was given; an empty one is a variable that was not set.

    Raises:
        typer.BadParameter: because it is empty, or is the next option.
    """
    if not text or text.startswith("--"):
        raise typer.BadParameter(f"a value is needed here, not {text!r}.")
    return text


def given_path(text: str) -> Path:
    """A path as it was given; an empty one does not mean the folder one happens to be in.

    Raises:
        typer.BadParameter: because it is empty, or is the next option.
    """
    return Path(given_text(text))


@dataclass(frozen=True, slots=True)
class Common:
    """What the common options were given."""

    root: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            parser=given_path,
            help="The program folder; searched for by default. It is still judged.",
        ),
    ] = None
    product: Annotated[
        str | None,
        typer.Option(metavar="NAME", parser=given_text, help="medicom, pharmacom, …"),
    ] = None
    manifest: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            parser=given_path,
            help="A manifest; adds to what is known, never forces a version. Repeatable.",
        ),
    ] = None
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", parser=given_path, help="A folder of manifests. Repeatable."),
    ] = None
    source: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            parser=given_path,
            help="A stick, a copied program folder, a share. Repeatable, in order.",
        ),
    ] = None
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            parser=given_path,
            envvar=STATE_VARIABLE,
            help="Where runs and reports are kept.",
        ),
    ] = None
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", parser=given_path, help="Settings in TOML."),
    ] = None
    list_extra: Annotated[
        bool,
        typer.Option("--list-extra", help="Name files no manifest knows."),
    ] = False
    json: Annotated[
        bool,
        typer.Option("--json", help="Exactly one JSON document."),
    ] = False
    events: Annotated[
        bool,
        typer.Option("--events", help="JSON lines; the last one is the result."),
    ] = False
    quiet: Annotated[
        bool,
        typer.Option("--quiet", help="Say nothing when all is well."),
    ] = False
    verbose: Annotated[
        bool,
        typer.Option("--verbose", help="The whole list; tracebacks."),
    ] = False
    lang: Annotated[
        str | None, typer.Option(metavar="nl|en", parser=given_text, help="Language.")
    ] = None
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask anything.")] = False
    exit_style: Annotated[
        ExitStyle,
        typer.Option(help="Whose exit codes to end with."),
    ] = ExitStyle.NATIVE


def verb(function: Callable[..., int]) -> Callable[..., int]:
    """Give a verb the common options.

    Args:
        function: takes `Common` as its first argument, then its own options by name, and returns
            the exit code in its final style.
    """
    own = get_type_hints(function, include_extras=True)
    shared = get_type_hints(Common, include_extras=True)
    names = [field.name for field in fields(Common)]

    def wrapper(**given: Any) -> int:
        common = Common(**{name: given.pop(name) for name in names})
        try:
            return function(common, **given)
        except KeyboardInterrupt as error:  # typer would end without a word
            raise Stopped from error

    parameters = [
        parameter.replace(annotation=own[parameter.name])
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    ]
    parameters += [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=shared[field.name],
        )
        for field in fields(Common)
    ]
    parameters.sort(key=lambda parameter: parameter.kind)
    wrapper.__name__ = function.__name__
    wrapper.__doc__ = function.__doc__
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": int}
    return wrapper
