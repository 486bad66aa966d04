"""`werkplek demo`: a practice is built, broken the way it was on 2 January 2023, and healed."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import Common, verb
from agent.cli.output import write_data, write_words


@verb
def command(
    common: Common,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the folders of the practice to look at.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use the generated software; fetch nothing.")
    ] = False,
) -> int:
    """Show on seven PCs with real Windows software what went wrong, and what this tool does.

    \b
    Examples:
      werkplek demo
      werkplek demo --keep
    """  # noqa: D301 - the command line needs the lone backslash-b
    import shutil
    import tempfile
    from pathlib import Path

    from agent.cli.session import settle
    from agent.demo.software import get_software
    from agent.demo.staging import run_demo
    from agent.demo.table import Teller, as_json
    from agent.outcomes import ExitCode
    from agent.reporting.texts import load

    style, _ = settle(common)
    texts = load(style.lang)
    held: list[str] = []
    note = held.append if style.quiet else write_words
    tell = held.append if style.quiet else write_data
    software = get_software(lambda key: note(texts.say("demo", key)), offline=offline)
    folder = Path(tempfile.mkdtemp(prefix="werkplek-demo-"))
    try:
        teller = Teller(texts, (lambda _: None) if style.documents else tell)
        outcome = run_demo(software, folder, teller)
        if style.documents:
            write_data(as_json(outcome))
    finally:
        if keep:
            note(texts.say("demo", "demo-kept", path=str(folder)))
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if outcome.code is not ExitCode.OK and not style.documents:
        for line in held:  # nothing was said while all seemed well
            write_data(line)
    return style.exit_code(outcome.code)
