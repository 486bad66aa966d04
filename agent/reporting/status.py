"""This PC in five lines, from its last report."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.reporting.documents import Audience, Installation, Report
from agent.reporting.next_steps import next_steps
from agent.reporting.text import explain
from agent.reporting.texts import Texts, load
from agent.reporting.verdict import numbers, verdict, version_here

_SECONDS_AN_HOUR = 3600


def status(report: Report, lang: str, *, now: datetime | None = None) -> str:
    """Five lines: verdict, numbers, when, report code, next step.

    Args:
        report: the last one of this PC.
        lang: ``nl`` or ``en``.
        now: aware; says how long ago the look was, None leaves that out.
    """
    texts = load(lang)
    one = report.installations[0] if report.installations else None
    lines = [
        _verdict(report, one, lang, texts),
        _counts(one, texts),
        _when(report, now, texts),
        texts.word("report-code", code=report.report_code),
        _next(report, texts),
    ]
    return "\n".join(lines) + "\n"


def _verdict(report: Report, one: Installation | None, lang: str, texts: Texts) -> str:
    if one is None:
        return explain(report, lang)[0]
    return texts.word(
        "status-product",
        title=one.name,
        version=version_here(one),
        verdict=texts.say("verdict", verdict(report, one), **numbers(one)),
    )


def _counts(one: Installation | None, texts: Texts) -> str:
    counts = (one.after or one.before) if one else None
    if counts is None:
        return texts.word("status-no-counts")
    return texts.word(
        "status-counts",
        listed=counts.listed,
        missing=counts.missing,
        changed=counts.changed,
        unreadable=counts.unreadable,
    )


def _when(report: Report, now: datetime | None, texts: Texts) -> str:
    when, mode = report.time.finished, texts.word(f"mode-{report.mode}")
    if now is None:
        return texts.word("status-when", when=when, mode=mode)
    seconds = (now.astimezone(UTC) - datetime.fromisoformat(when)).total_seconds()
    if seconds < 0:
        return texts.word("status-future", when=when, mode=mode)
    hours = int(seconds // _SECONDS_AN_HOUR)
    return texts.word("status-age", when=when, mode=mode, hours=hours)


def _next(report: Report, texts: Texts) -> str:
    steps = next_steps(report, texts)
    staff = [step for step in steps if step.audience is Audience.STAFF]
    first = next(iter(staff or steps), None)
    return texts.word("status-next", text=first.text if first else texts.word("nothing-found"))
