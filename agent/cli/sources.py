"""`werkplek sources`: what each source has of what is wanted."""

from __future__ import annotations

from agent.cli.options import Common, verb


@verb
def command(common: Common) -> int:
    """Say of each source whether it can be reached, and how many wanted files it has.

    \b
    Example:
      werkplek sources --root D:\\Praktijk\\PP --source E:\\ --source \\\\BALIE-1\\PP
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import run_verb
    from agent.reporting.sources_text import sources_text
    from agent.workflow.running import check

    return run_verb(common, "sources", check, draw=sources_text)
