"""JSON lines for ``--events``: each with ``type``, the last one ``result``."""

from __future__ import annotations

import msgspec

from agent.progress import Progress
from agent.reporting.documents import Report


class ProgressEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="progress"):
    """How far the work is; totals are 0, and the time left null, where they are not known yet."""

    stage: str
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    seconds_left: int | None


class ResultEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="result"):
    """The end: the outcome at hand and the whole report."""

    outcome: str
    exit_code: int
    report: Report


def progress_event(progress: Progress) -> bytes:
    """One line about the work in hand."""
    return _line(
        ProgressEvent(
            stage=progress.stage,
            files_done=progress.files_done,
            files_total=progress.files_total,
            bytes_done=progress.bytes_done,
            bytes_total=progress.bytes_total,
            seconds_left=progress.seconds_left,
        )
    )


def result_event(report: Report) -> bytes:
    """The last line."""
    return _line(ResultEvent(outcome=report.outcome, exit_code=report.exit_code, report=report))


def _line(event: ProgressEvent | ResultEvent) -> bytes:
    return msgspec.json.encode(event) + b"\n"
