"""`werkplek manifest make|show|diff|verify`: reference lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import Common, given_path, given_text, verb

File = Annotated[Path, typer.Argument(metavar="FILE", parser=given_path, help="A manifest.")]


def build() -> typer.Typer:
    """The verbs about manifests."""
    app = typer.Typer(help="Make, show, compare and verify reference lists.", rich_markup_mode=None)
    verbs = {"make": make, "show": show, "diff": diff, "verify": verify}
    for name, command in verbs.items():
        app.command(name)(command)
    return app


@verb
def make(
    common: Common,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=given_path, help="A complete program folder.")
    ],
    *,
    version: Annotated[str, typer.Option(metavar="V", parser=given_text, help="Its version.")],
    output: Annotated[
        Path, typer.Option(metavar="FILE", parser=given_path, help="Where to write; must be new.")
    ],
    sequence: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Order: higher is newer.")
    ] = None,
    stamp: Annotated[
        str | None,
        typer.Option(metavar="S", parser=given_text, help="File version of the main program."),
    ] = None,
) -> int:
    """Make the list of a complete program folder. Says what is left out, and why.

    \b
    Example:
      werkplek manifest make D:\\PP --product medicom --version 2022.4 --output 2022.4.json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.manifest_words import say_made
    from agent.cli.session import settle, watched
    from agent.workflow.listing import MakeRequest, make_manifest

    style, config = settle(common)
    request = MakeRequest(
        folder=folder,
        product=common.product or config.product or "generic",
        version=version,
        output=output,
        sequence=sequence,
        stamp=stamp,
    )
    with watched(style) as watch:
        made = make_manifest(request, watch=watch)
    say_made(made, output, style)
    return 0


@verb
def show(common: Common, file: File) -> int:
    """Say what a list holds, also with --quiet.

    \b
    Example:
      werkplek manifest show 2022.4.json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.manifest_words import say_shown
    from agent.cli.session import settle
    from agent.manifest.reading import read

    style, _ = settle(common)
    manifest, data = read(file)
    say_shown(manifest, data, style)
    return 0


@verb
def diff(
    common: Common,
    a: Annotated[Path, typer.Argument(metavar="A", parser=given_path, help="The older list.")],
    b: Annotated[Path, typer.Argument(metavar="B", parser=given_path, help="The newer list.")],
) -> int:
    """Say what came, went, changed, and which content only moved, also with --quiet.

    \b
    Example:
      werkplek manifest diff 2022.4.json 2023.1.json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.manifest_words import say_difference
    from agent.cli.session import settle
    from agent.manifest.difference import difference
    from agent.manifest.reading import read

    style, _ = settle(common)
    say_difference(difference(read(a)[0], read(b)[0]), style)
    return 0


@verb
def verify(common: Common, file: File) -> int:
    """Read a list strictly, and say everything that is wrong with it; code 43 when anything is.

    \b
    Example:
      werkplek manifest verify 2022.4.json
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.manifest_words import say_shown
    from agent.cli.session import settle
    from agent.manifest.reading import read

    style, _ = settle(common)
    manifest, data = read(file)
    if style.documents or not style.quiet:
        say_shown(manifest, data, style)
    return 0
