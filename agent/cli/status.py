"""`werkplek status`: this PC in five lines."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.cli.options import Common, verb
from agent.outcomes import ExitCode


@verb
def command(common: Common) -> int:
    """Say in five lines how this PC was at its last look; ends with the code of that look.

    \b
    Example:
      werkplek status
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import settle
    from agent.cli.stored import last_report, show
    from agent.reporting.status import status

    style, _ = settle(common)
    report = last_report(common)
    outcome = ExitCode(report.exit_code)
    repaired = report.command == "repair" and not report.dry_run
    code = style.exit_code(outcome, from_repair=repaired)
    show(
        report,
        style,
        lambda shown: status(shown, style.lang, now=datetime.now(UTC)),
        silent=style.quiet and outcome is ExitCode.OK,
    )
    return code
