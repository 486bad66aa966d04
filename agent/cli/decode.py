"""`werkplek decode`: what a report code says."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import Common, verb
from agent.cli.output import write_data


@verb
def command(
    common: Common,
    code: Annotated[str, typer.Argument(metavar="CODE", help="HRT-XXXX-XXXX, as it was read out.")],
) -> int:
    """Say what a report code means, also with --quiet; needs no network and no list.

    \b
    Example:
      werkplek decode HRT-7K3M-92QX
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import settle
    from agent.reporting.decoded import decoded_json, render_decoded
    from agent.reporting.report_code import decode

    style, _ = settle(common)
    decoded = decode(code)
    if style.documents:
        write_data(decoded_json(decoded))
    else:
        write_data(render_decoded(decoded, style.lang))
    return 0
