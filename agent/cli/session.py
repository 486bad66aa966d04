"""From options to a finished run: settings, state folder, stopping, report, exit code."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agent.cli.options import Common
from agent.cli.output import ProgressLine, Style, write_data, write_words
from agent.config import LANGUAGES, Config, read_config
from agent.errors import UsageError, WerkplekError
from agent.model import Host, Mode
from agent.outcomes import ExitCode
from agent.progress import Watch
from agent.reporting.facts import RunFacts
from agent.state import StateFolder, new_run_id, open_state
from agent.windows.rights import is_elevated
from agent.workflow.request import Ports, Request, SearchWish
from agent.workflow.this_pc import default_state, real_ports

if TYPE_CHECKING:
    from agent.reporting.documents import Report
    from agent.reporting.privacy import Scrub

Work = Callable[[Request, Ports], RunFacts]


class Draw(Protocol):
    """A report as text."""

    def __call__(self, report: Report, lang: str, *, verbose: bool = False) -> str:
        """The text in one language."""


def settle(common: Common) -> tuple[Style, Config]:
    """What the options and the settings file say together.

    Raises:
        UsageError: because they contradict, or the file is wrong.
    """
    if common.json and common.events:
        raise UsageError("json-and-events")
    if common.lang is not None and common.lang not in LANGUAGES:
        raise UsageError("unknown-language", lang=common.lang, known=", ".join(LANGUAGES))
    config = read_config(common.config) if common.config is not None else Config()
    return Style.of(common, config.lang), config


def request_from(command: str, common: Common, config: Config) -> Request:
    """The question that the common options ask; a verb adds its own."""
    return Request(
        command=command,
        root=common.root,
        product=common.product or config.product,
        manifests=(*(common.manifest or ()), *config.manifests),
        catalogues=(*(common.catalogue or ()), *config.catalogues),
        sources=(*(common.source or ()), *config.sources),
        configured=(config.root,) if config.root is not None else (),
        search=SearchWish(removable=config.removable, seconds=config.sweep_s, hosts=config.hosts),
    )


def state_folder(common: Common, *, create: bool = True) -> StateFolder:
    """The state folder of this run.

    Raises:
        UsageError: because it may not be chosen by an elevated run, or is not ours.
        ItError: because it can't be made.
    """
    if common.state is not None and is_elevated():
        raise UsageError("state-when-elevated", path=str(common.state))
    return open_state(common.state or default_state(), create=create)


def run_verb(
    common: Common,
    command: str,
    work: Work,
    adapt: Callable[[Request], Request] = lambda request: request,
    *,
    draw: Draw | None = None,
) -> int:
    """Carry out one verb from options to exit code.

    Args:
        common: the common options.
        command: name of the verb.
        work: what it does.
        adapt: adds the verb's own options to the request.
        draw: the verb's own text of a report, None for the whole of it.

    Returns:
        The exit code in the style that was asked for.
    """
    style, config = settle(common)
    request = adapt(request_from(command, common, config))
    state = state_folder(common)
    try:
        with watched(style) as watch:
            facts = work(request, real_ports(state, watch))
    except WerkplekError as error:
        return tell_error(error, command, style)
    return tell(facts, style, state, draw=draw)


def tell(
    facts: RunFacts, style: Style, state: StateFolder | None, *, draw: Draw | None = None
) -> int:
    """Make the report, keep it, show it; the exit code in its final style."""
    from agent.reporting.as_json import to_json
    from agent.reporting.report import build, outcome

    report = build(facts, list_extra=style.list_extra, home=_home(), language=style.lang)
    code = outcome(report)
    # A run that never got to look at anything does not hide what the last look found.
    if state is not None and report.installations:
        try:
            # Strangers are named to who asked for them, never kept for who did not.
            kept = build(facts, home=_home(), language=style.lang)
            state.save_report(facts.run_id, to_json(kept))
        except OSError as error:
            from agent.reporting.texts import load

            facts_of_it = {"path": str(state.path), "error": error.strerror or str(error)}
            write_words(load(style.lang).error("report-not-saved", facts_of_it))
    if style.json:
        write_data(to_json(report))
    elif style.events:
        from agent.reporting.events import result_event

        write_data(result_event(report))
    elif not (style.quiet and code is ExitCode.OK):
        from agent.reporting.text import render

        if facts.error is not None and not report.installations:
            say_error(facts.error, style)
        else:
            write_data((draw or render)(report, style.lang, verbose=style.verbose))
    repaired = facts.command == "repair" and not facts.dry_run
    return style.exit_code(code, from_repair=repaired)


def tell_error(error: WerkplekError, command: str, style: Style) -> int:
    """A run that ended before it began still gives its one document and its one sentence."""
    now = datetime.now(UTC)
    facts = RunFacts(
        run_id=new_run_id(now),
        command=command,
        mode=Mode.FULL,
        host=Host("", "", ""),
        started=now,
        finished=now,
        error=error,
        codes=(error.exit_code,),
    )
    if style.json or style.events:
        return tell(facts, style, None)
    say_error(error, style)
    return style.exit_code(error.exit_code)


def say_error(error: WerkplekError, style: Style) -> None:
    """One sentence: what, where, what to do; below it every problem of a refused document."""
    from agent.reporting.texts import load

    texts = load(style.lang)
    write_words(texts.error(error.problem, error.facts))
    for where, problem, value in getattr(error, "problems", ()):
        write_words("  " + texts.problem(where, problem, value))
    more = error.facts.get("more")
    if more:
        write_words("  " + texts.word("problems-more", count=more))


def _home() -> tuple[Path, ...] | None:
    """The profile folder of this user, as it is named and where its links lead."""
    with contextlib.suppress(RuntimeError):
        home = Path.home()
        return home, Path(os.path.realpath(home))
    return None


def scrub_of_home() -> Scrub:
    """Writes paths down as the reports of this user do."""
    from agent.reporting.privacy import Scrub

    return Scrub(*(_home() or ()))


@contextlib.contextmanager
def watched(style: Style) -> Iterator[Watch]:
    """A watch that shows its progress and can be stopped."""
    line = ProgressLine(style)
    watch = Watch(line)
    try:
        with stopping(watch):
            yield watch
    finally:
        line.end()


@contextlib.contextmanager
def stopping(watch: Watch) -> Iterator[None]:
    """Ctrl+C, and the wish of the system to end us, stop the run at its next safe point."""
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    kinds = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {kind: signal.signal(kind, lambda *_: watch.stop()) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
