"""The options of `plan` and `repair` that say what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import given_text

if TYPE_CHECKING:
    from agent.workflow.request import Request

Accept = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME", parser=given_text, help="Release one brake, by its name. Repeatable."
    ),
]
Code = Annotated[
    str | None,
    typer.Option(
        metavar="XXXX-XXXX-XXXX",
        parser=given_text,
        help="The check code of the list that is followed.",
    ),
]
Changed = Annotated[
    bool, typer.Option("--changed", help="Replace changed program files too; undo keeps them.")
]
Partial = Annotated[bool, typer.Option("--partial", help="Put back what can be had.")]
ToVersion = Annotated[
    str | None,
    typer.Option(metavar="V", parser=given_text, help="Complete this version: the way forward."),
]


def adapt(
    *,
    accept: list[str] | None,
    code: str | None,
    changed: bool,
    partial: bool,
    to_version: str | None,
) -> Callable[[Request], Request]:
    """Put the choice into a request.

    Raises:
        UsageError: ``unknown-brake`` because a brake of that name does not exist.
    """
    from agent.crockford import grouped, normalise
    from agent.errors import UsageError
    from agent.model import Brake
    from agent.planning import Choice

    names = {brake.value for brake in Brake}
    for name in accept or ():
        if name not in names:
            raise UsageError("unknown-brake", name=name, known=", ".join(sorted(names)))
    choice = Choice(
        changed=changed,
        partial=partial,
        to_version=to_version,
        accepted=frozenset(Brake(name) for name in accept or ()),
        code=grouped(normalise(code)) if code else None,
    )
    return lambda request: replace(request, choice=choice)
