"""The text of `find`: who won and why, so that a person at IT can follow it.

Order: one block for each product with its candidates, best first, each with its sums and its
evidence; then what the probes could not read; with ``--verbose`` everything they looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.discovery import weights
from agent.model import FindOutcome, Verdict
from agent.reporting.documents import Report
from agent.reporting.search_documents import (
    AnswerPart,
    CandidatePart,
    EvidencePart,
    ProbePart,
    SearchPart,
)
from agent.reporting.searches import evidence_words
from agent.reporting.text import INDENT, bottom, joined, top
from agent.reporting.texts import Texts, load

SHOWN_CANDIDATES = 5
"""Candidates of a product that are shown without ``--verbose``."""
SHOWN_EVIDENCE = 6
"""Pieces of evidence of a candidate that are shown without ``--verbose``."""
_ABSENT = frozenset({FindOutcome.NOT_FOUND, FindOutcome.BUDGET_SPENT})


def find_text(report: Report, lang: str, *, verbose: bool = False) -> str:
    """The whole of a search in one language, ending in a line break."""
    texts = load(lang)
    search = report.search
    if search is None:
        return joined([*top(report, texts), "", *bottom(report, texts)])
    lines: list[str] = []
    for answer in _shown(search, verbose=verbose):
        lines += [*_answer(answer, texts, verbose=verbose), ""]
    lines += [*_sweep(search, texts), *_probes(search, texts, verbose=verbose)]
    code = texts.word("report-code", code=report.report_code)
    return joined([*lines, code, *bottom(report, texts)])


def _shown(search: SearchPart, *, verbose: bool) -> list[AnswerPart]:
    """A product that is not here is news only when no other one is."""
    present = [one for one in search.answers if one.outcome not in _ABSENT]
    return search.answers if verbose or not present else present


def _answer(answer: AnswerPart, texts: Texts, *, verbose: bool) -> Iterator[str]:
    outcome = _outcome(answer)
    yield texts.say("find", outcome, title=answer.title, root=answer.root or "")
    if not answer.lists:
        yield INDENT + texts.word("no-list", title=answer.title)
    shown = answer.candidates if verbose else answer.candidates[:SHOWN_CANDIDATES]
    for number, one in enumerate(shown, start=1):
        yield from _candidate(number, one, texts, verbose=verbose)
    left = len(answer.candidates) - len(shown)
    if left:
        yield INDENT + texts.word("more-candidates", count=left)


def _outcome(answer: AnswerPart) -> str:
    """Id of the sentence on one product."""
    if answer.outcome is FindOutcome.EMPTIED and not answer.lists:
        return "emptied-no-list"
    return "unsure" if _is_unsure(answer) else answer.outcome.value


def _is_unsure(answer: AnswerPart) -> bool:
    """Whether it is not a choice between folders: the only one that may be it shows too little."""
    likely = [one for one in answer.candidates if one.verdict.may_be_it]
    return answer.outcome is FindOutcome.SEVERAL and len(likely) == 1


def _candidate(number: int, one: CandidatePart, texts: Texts, *, verbose: bool) -> Iterator[str]:
    yield f"{INDENT}{number}. {one.root}"
    inner = INDENT * 2
    if one.canonical:
        yield inner + texts.word("really", path=one.canonical)
    reason = texts.phrase("find-reason", one.reason) if one.reason else ""
    yield inner + texts.word(
        "candidate-verdict", verdict=texts.say("candidate", one.verdict.value), reason=reason
    )
    yield inner + _sums(one, texts)
    if one.right or one.wrong:
        facts = {"right": one.right, "wrong": one.wrong, "version": one.version or ""}
        yield inner + texts.word("candidate-content", **facts)
    if one.last_used and one.verdict in (Verdict.RIVAL, Verdict.COPY, Verdict.CHOSEN):
        yield inner + texts.word("candidate-used", moment=one.last_used)
    yield from _evidence(one.evidence, texts, verbose=verbose)


def _sums(one: CandidatePart, texts: Texts) -> str:
    known = weights.load()
    line = texts.word(
        "candidate-score",
        score=one.score or 0.0,
        content=one.content or 0.0,
        provenance=one.provenance or 0.0,
        heavy=known.content_share,
        light=known.provenance_share,
    )
    for penalty in one.penalties:
        says = texts.phrase("penalty", penalty.name)
        line += texts.word("candidate-penalty", weight=penalty.weight, says=says)
    return line


def _evidence(parts: list[EvidencePart], texts: Texts, *, verbose: bool) -> Iterator[str]:
    inner = INDENT * 3
    shown = parts if verbose else parts[:SHOWN_EVIDENCE]
    for part in shown:
        words = evidence_words(part, texts)
        if part.ignored:
            why = texts.phrase("evidence-ignored", part.ignored)
            yield inner + texts.word("evidence-out", says=words, why=why)
        else:
            yield inner + texts.word("evidence-in", says=words, weight=part.weight)
    left = len(parts) - len(shown)
    if left:
        yield inner + texts.word("more-evidence", count=left)


def _sweep(search: SearchPart, texts: Texts) -> Iterator[str]:
    sweep = search.sweep
    if sweep is not None and not sweep.drives:
        yield texts.word("sweep-none")
    elif sweep is not None:
        key = "sweep-complete" if sweep.complete else "sweep-stopped"
        facts = {"entries": sweep.entries, "skipped": sweep.skipped}
        drives = " ".join(sweep.drives)
        yield texts.word(key, drives=drives, seconds=sweep.took_ms / 1000, **facts)


def _probes(search: SearchPart, texts: Texts, *, verbose: bool) -> Iterator[str]:
    for probe in search.probes:
        yield from _probe(probe, texts, verbose=verbose)


def _probe(probe: ProbePart, texts: Texts, *, verbose: bool) -> Iterator[str]:
    name = texts.say("probe", probe.probe)
    if probe.timed_out:
        yield texts.word("probe-late", name=name)
    if not verbose:
        return
    facts = {"places": probe.places, "found": probe.found, "took": probe.took_ms}
    yield texts.word("probe-did", name=name, **facts)
    for place in probe.looked_at:
        yield INDENT + place
    for trouble in probe.troubles:
        yield INDENT + texts.word("probe-trouble", where=trouble.where, what=trouble.what)
