"""One installation of a report, made from its facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agent.model import (
    Comparison,
    Counts,
    DiagnosisClass,
    Found,
    Plan,
    SourceKind,
    Verdict,
    VersionMatch,
    WayName,
    WayWeighed,
)
from agent.reporting.documents import (
    CountsPart,
    Decisive,
    DiagnosisPart,
    Installation,
    InstallationState,
    PlanPart,
    SourcePart,
    UndoPart,
    Untouched,
    VersionPart,
    WayPart,
)
from agent.reporting.facts import InstallationFacts
from agent.reporting.files import directory_parts, file_parts, wanted_hashes
from agent.reporting.privacy import Scrub
from agent.reporting.report_code import in_order
from agent.reporting.search_documents import CandidatePart
from agent.reporting.searches import candidate_part
from agent.reporting.texts import Texts

_STATES = {
    DiagnosisClass.EMPTIED: InstallationState.EMPTIED,
    DiagnosisClass.WRONG_FOLDER: InstallationState.WRONG_FOLDER,
}
_TAKEN = frozenset({Verdict.CHOSEN, Verdict.EMPTIED})
"""Verdicts of the candidate that the run went on with."""
_FRACTION_DIGITS = 4
"""Fractions are rounded to this many digits: more says nothing about a folder."""


def installation_part(
    facts: InstallationFacts,
    scrub: Scrub,
    *,
    list_extra: bool = False,
    texts: Texts | None = None,
) -> Installation:
    """The part of the report about one installation."""
    root = scrub.text(facts.root)
    found = facts.found
    candidates = [CandidatePart(root=root)]
    if found is not None and texts is not None:
        candidates = [candidate_part(one, scrub, texts) for one in found.candidates]
    return Installation(
        product=facts.product,
        title=facts.title,
        root=root,
        state=_STATES.get(facts.diagnosis.kind, InstallationState.FOUND),
        score=next((one.score for one in candidates if one.verdict in _TAKEN), None),
        margin=_margin(found),
        candidates=candidates,
        version=_version(facts),
        diagnosis=DiagnosisPart(
            kind=facts.diagnosis.kind,
            signals=[scrub.text(signal) for signal in facts.diagnosis.signals],
        ),
        ways=[_way(way, facts) for way in facts.ways],
        plan=_plan(facts.plan),
        brakes=list(facts.brakes),
        before=_counts(facts.before),
        after=_counts(facts.after),
        ending=facts.repair.ending if facts.repair else None,
        sources=_sources(facts, scrub),
        files=file_parts(facts, scrub, list_extra=list_extra),
        directories=directory_parts(facts),
        untouched=_untouched(facts.after or facts.before),
        undo=_undo(facts),
        code_given=facts.code_given,
        exit_codes=[int(code) for code in in_order(facts.codes)],
    )


def _margin(found: Found | None) -> float | None:
    return (
        None
        if found is None or found.margin is None
        else round(min(1.0, max(0.0, found.margin)), _FRACTION_DIGITS)
    )


def _version(facts: InstallationFacts) -> VersionPart | None:
    match = facts.match
    if match is None:
        return None
    fit = match.fit(match.winner) if match.winner else next(iter(match.fits), None)
    return VersionPart(
        id=match.winner,
        precision=_fraction(fit.precision if fit else 0.0),
        recall=_fraction(fit.recall if fit else 0.0),
        decisive=Decisive(
            precision=_fraction(fit.decisive_precision if fit else 0.0),
            right=fit.decisive_right if fit else 0,
        ),
        runner_up=match.runner_up,
        margin=_fraction(match.margin),
        decided_by=match.decided_by,
        trust=facts.trust,
        certain=match.certain,
        doubts=_doubts(match),
    )


def _doubts(match: VersionMatch) -> list[str]:
    return list(dict.fromkeys(match.doubts))


def _way(way: WayWeighed, facts: InstallationFacts) -> WayPart:
    return WayPart(
        way=way.way,
        version=way.version,
        wanted=way.wanted,
        has=way.has,
        complete=way.complete,
        bytes=way.bytes_wanted,
        trust=way.trust,
        check_code=_code_to_show(way, facts),
    )


def _code_to_show(way: WayWeighed, facts: InstallationFacts) -> str | None:
    # A stick's code is compared with the person's own paper: shown here it would prove nothing.
    # A raw copy has no paper, so for the way forward the plan shows it (SCREENS, "check code").
    from_stick = any(
        one.kind in {SourceKind.STICK, SourceKind.GATHERED} and one.version == way.version
        for one in facts.coverage
    )
    return way.check_code if way.way is WayName.FORWARD and not from_stick else None


def _plan(plan: Plan | None) -> PlanPart | None:
    if plan is None:
        return None
    actions = [step.action.value for step in plan.steps]
    return PlanPart(
        way=plan.way,
        version=plan.version,
        restore=actions.count("restore"),
        replace=actions.count("replace"),
        left=actions.count("leave"),
        room=plan.room,
        blocked=plan.blocked,
    )


def _counts(comparison: Comparison | None) -> CountsPart | None:
    if comparison is None:
        return None
    counts: Counts = comparison.counts
    return CountsPart(**{name: getattr(counts, name) for name in CountsPart.__struct_fields__})


def _untouched(comparison: Comparison | None) -> Untouched | None:
    if comparison is None:
        return None
    counts = comparison.counts
    return Untouched(settings=counts.settings, extra=counts.extra, ignored=counts.ignored)


def _sources(facts: InstallationFacts, scrub: Scrub) -> list[SourcePart]:
    wanted = wanted_hashes(facts)
    uses = {use.source_id: use for use in facts.repair.sources} if facts.repair else {}
    parts: list[SourcePart] = []
    for one in facts.coverage:
        use = uses.get(one.source_id)
        parts.append(
            SourcePart(
                id=scrub.text(one.source_id),
                kind=one.kind,
                reachable=one.reachable,
                version=one.version,
                wanted=len(wanted),
                has=_having(wanted, one.has),
                used=use.used if use else 0,
                refused=(use.refused if use else None) or one.refused,
            )
        )
    return parts


def _having(wanted: Iterable[str | None], has: Collection[str]) -> int:
    return sum(1 for sha256 in wanted if sha256 in has)


def _undo(facts: InstallationFacts) -> UndoPart:
    repair = facts.repair
    available = repair is not None and repair.undo_available
    return UndoPart(available=available, run_id=repair.run_id if repair and available else None)


def _fraction(value: float) -> float:
    return round(value, _FRACTION_DIGITS)
