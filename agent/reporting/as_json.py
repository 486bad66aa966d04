"""The report as one JSON document, and back."""

from __future__ import annotations

from datetime import datetime

import msgspec

from agent.errors import UsageError
from agent.outcomes import ExitCode
from agent.reporting.documents import SCHEMA, Report

_INDENT = 2


def to_json(report: Report) -> bytes:
    """Exactly one document in UTF-8, keys in the order of FORMATS, ending in one line break."""
    return msgspec.json.format(msgspec.json.encode(report), indent=_INDENT) + b"\n"


def read_report(data: bytes, place: str) -> Report:
    """A stored report; what this version does not know is ignored.

    Args:
        data: the document.
        place: where it was read, for the error.

    Raises:
        UsageError: ``report-unreadable`` because it is no report, of another version, or
            says what this version does not know.
    """
    problem = "report-unreadable"
    try:
        report = msgspec.json.decode(data, type=Report)
        _ensure_understood(report)
    except (ValueError, RecursionError) as error:  # also what msgspec says of wrong types
        raise UsageError(problem, place=place) from error
    return report


def _ensure_understood(report: Report) -> None:
    """Everything that is looked up or reckoned with later on.

    Raises:
        ValueError: because it is of another version, has a code that does not exist, or a time
            that is none.
    """
    if report.schema != SCHEMA:
        raise ValueError(report.schema)
    codes = [report.exit_code, *report.exit_codes]
    for one in report.installations:
        codes += one.exit_codes
    for code in codes:
        ExitCode(code)
    for time in (report.time.started, report.time.finished):
        if datetime.fromisoformat(time).tzinfo is None:
            raise ValueError(time)
