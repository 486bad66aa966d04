"""The report as one JSON document, and back."""

from __future__ import annotations

import msgspec

from agent.errors import UsageError
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
        UsageError: ``report-unreadable`` because it is no report, or of another version.
    """
    problem = "report-unreadable"
    try:
        report = msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(problem, place=place) from error
    if report.schema != SCHEMA:
        raise UsageError(problem, place=place)
    return report
