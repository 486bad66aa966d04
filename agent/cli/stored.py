"""The report of the last run, for the verbs that only show it."""

from __future__ import annotations

import os
from collections.abc import Callable

from agent.cli.options import Common
from agent.cli.output import Style, write_data
from agent.cli.session import scrub_of_home, state_folder
from agent.errors import UsageError
from agent.reporting.as_json import read_report, to_json
from agent.reporting.documents import Report
from agent.reporting.events import result_event


def last_report(common: Common) -> Report:
    """What the state folder kept of the last run.

    Raises:
        UsageError: because there is none, or it can't be understood.
        ItError: because this user may not look there.
    """
    state = state_folder(common, create=False)
    place = str(state.path)
    try:
        data = state.last_report()
    except OSError as error:
        problem = "report-unreadable"
        raise UsageError(problem, place=place) from error
    if data is None:
        problem = "no-last-report"
        raise UsageError(problem, path=place)
    report = read_report(data, place)
    _ensure_about(report, common)
    return report


def _ensure_about(report: Report, common: Common) -> None:
    """Who asks for one installation is not told how another one is."""
    if common.root is None and common.product is None:
        return
    root = None if common.root is None else scrub_of_home().text(os.path.realpath(common.root))
    for one in report.installations:
        same_root = root is None or os.path.normcase(one.root) == os.path.normcase(root)
        if same_root and (common.product is None or one.product == common.product):
            return
    asked = str(common.root or common.product)
    roots = ", ".join(one.root for one in report.installations)
    problem = "report-of-another"
    raise UsageError(problem, asked=asked, roots=roots)


def show(report: Report, style: Style, words: Callable[[Report], str], *, silent: bool) -> None:
    """Show a report in the form that was asked for.

    Args:
        report: to be shown.
        style: says which form.
        words: makes the text for people.
        silent: leaves out that text; a document is always given.
    """
    if style.events:
        write_data(result_event(report))
    elif style.json:
        write_data(to_json(report))
    elif not silent:
        write_data(words(report))
