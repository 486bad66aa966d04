"""`werkplek status`: this PC in five lines."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.cli.options import Common, verb
from agent.cli.output import write_data
from agent.outcomes import ExitCode


@verb
def command(common: Common) -> int:
    """Say in five lines how this PC was at its last look; ends with the code of that look.

    \b
    Example:
      werkplek status
    """  # noqa: D301 - the command line needs the lone backslash-b
    from agent.cli.session import settle, state_folder
    from agent.errors import UsageError
    from agent.reporting.as_json import read_report, to_json
    from agent.reporting.status import status

    style, _ = settle(common)
    state = state_folder(common, create=False)
    data = state.last_report()
    if data is None:
        raise UsageError("no-last-report", path=str(state.path))
    report = read_report(data, str(state.path))
    if style.json:
        write_data(to_json(report))
    elif style.events:
        from agent.reporting.events import result_event

        write_data(result_event(report))
    elif not (style.quiet and report.exit_code == 0):
        write_data(status(report, style.lang, now=datetime.now(UTC)))
    repaired = report.command == "repair" and not report.dry_run
    return style.exit_code(ExitCode(report.exit_code), from_repair=repaired)
