"""From what a run found out to the report: pure, and the same facts give the same bytes.

Owns what may be in a report: only paths that a manifest names, strangers counted and listed only
on request, the profile folder written as ``%USERPROFILE%``, no user name, never file content.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePath

import msgspec

from agent import __version__
from agent.errors import ManifestError, WantedListError, WerkplekError
from agent.outcomes import ExitCode
from agent.reporting import report_code
from agent.reporting.documents import ErrorPart, ErrorProblem, HostPart, Report, Time, Tool
from agent.reporting.facts import RunFacts
from agent.reporting.installations import installation_part
from agent.reporting.next_steps import next_steps
from agent.reporting.privacy import Scrub
from agent.reporting.searches import personal_folders, search_part
from agent.reporting.texts import DEFAULT_LANGUAGE, Texts, load

_MILLISECONDS = 1000


def build(
    facts: RunFacts,
    *,
    list_extra: bool = False,
    home: PurePath | Sequence[PurePath] | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> Report:
    """The report of one run, complete also when the run ended early.

    Args:
        facts: what the run found out.
        list_extra: list strangers by path (``--list-extra``).
        home: the profile folder of the user of this run, by one path or by several (as given and
            where its links lead); it does not appear in the report.
        language: of the sentences in it.
    """
    homes = (home,) if isinstance(home, PurePath) else home or ()
    scrub = Scrub(*homes, *personal_folders(facts.search))
    texts = load(language)
    codes = report_code.all_codes(facts)
    report = Report(
        run_id=facts.run_id,
        continues=_continued(facts),
        report_code=report_code.encode(facts),
        tool=Tool(version=__version__),
        command=facts.command,
        mode=facts.mode,
        dry_run=facts.dry_run,
        trigger=facts.trigger,
        time=_time(facts),
        host=_host(facts),
        outcome=codes[0].slug,
        exit_code=int(codes[0]),
        exit_codes=[int(code) for code in codes],
        installations=[
            installation_part(one, scrub, list_extra=list_extra, texts=texts)
            for one in facts.installations
        ],
        next_steps=[],
        error=_error(facts.error, scrub, texts),
        search=search_part(facts.search, scrub, texts) if facts.search is not None else None,
    )
    return msgspec.structs.replace(report, next_steps=next_steps(report, texts))


def outcome(report: Report) -> ExitCode:
    """The code that a run ends with."""
    return ExitCode(report.exit_code)


def _time(facts: RunFacts) -> Time:
    # A clock that was set back in between must not give a negative duration.
    seconds = max(0.0, (facts.finished - facts.started).total_seconds())
    return Time(
        started=_rfc3339(facts.started),
        finished=_rfc3339(facts.finished),
        duration_ms=round(seconds * _MILLISECONDS),
    )


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _host(facts: RunFacts) -> HostPart:
    host = facts.host
    return HostPart(
        id=host.id,
        name=host.name,
        os=host.os,
        elevated=host.elevated,
        multi_session=host.multi_session,
    )


def _continued(facts: RunFacts) -> str | None:
    repairs = (one.repair for one in facts.installations if one.repair is not None)
    return next((repair.continues for repair in repairs if repair.continues), None)


def _error(error: WerkplekError | None, scrub: Scrub, texts: Texts) -> ErrorPart | None:
    if error is None:
        return None
    facts = scrub.facts(error.facts)
    return ErrorPart(
        code=error.problem,
        text=texts.error(error.problem, facts),
        facts=facts,
        problems=_problems(error, scrub, texts),
    )


def _problems(error: WerkplekError, scrub: Scrub, texts: Texts) -> list[ErrorProblem]:
    if not isinstance(error, ManifestError | WantedListError):
        return []
    return [
        ErrorProblem(
            where=scrub.text(where),
            code=code,
            value=scrub.text(value),
            text=texts.say("problem", code, value=scrub.text(value)),
        )
        for where, code, value in error.problems
    ]
