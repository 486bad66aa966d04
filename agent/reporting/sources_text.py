"""What the sources have, for `werkplek sources`: the other parts of a report are left out."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model import SourceKind
from agent.reporting.documents import Installation, Report
from agent.reporting.text import (
    INDENT,
    bottom,
    heading,
    joined,
    source_line,
    top,
    version_line,
    ways,
    where,
)
from agent.reporting.texts import Texts, load


def sources_text(report: Report, lang: str, *, verbose: bool = False) -> str:
    """Verdict and code, each source with what it has, both ways out, and the next step.

    Args:
        report: of the run.
        lang: ``nl`` or ``en``.
        verbose: also what the folder itself has under other names.
    """
    texts = load(lang)
    lines = [*top(report, texts)]
    for one in report.installations:
        lines += ["", version_line(one, texts), where(one, texts)]
        lines += [*_sources(one, texts, verbose=verbose), *ways(one, texts)]
    lines += ["", *bottom(report, texts)]
    return joined(lines)


def _sources(one: Installation, texts: Texts, *, verbose: bool) -> Iterator[str]:
    given = [source for source in one.sources if source.kind is not SourceKind.OWN]
    shown = [source for source in one.sources if source in given or source.has or verbose]
    yield heading("sources", texts)
    if not given:
        yield INDENT + texts.word("no-sources")
    for source in shown:
        yield INDENT + source_line(source, texts)
