"""WHERE FROM and PLAN: ask the sources, weigh both ways out, and plan the one that is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.diagnosis.outcome import SourcesSeen, codes_after_look
from agent.errors import UsageError
from agent.manifest.order import compare_order
from agent.model import (
    Comparison,
    Coverage,
    DiagnosisClass,
    KnownManifest,
    Plan,
    SourceKind,
    VersionFit,
    Wanted,
    WayName,
    WayWeighed,
)
from agent.outcomes import ExitCode
from agent.planning import Circumstances, Target, make_plan, wanted_for, weigh
from agent.progress import Stage
from agent.sources.base import Source
from agent.sources.ledger import ask_all, covered
from agent.sources.own import OwnSource
from agent.state import repeated
from agent.workflow.assessing import Assessment
from agent.workflow.request import Ports, Request

NO_WAY = frozenset({DiagnosisClass.DISK_PROBLEM, DiagnosisClass.UPDATE_RUNNING})
"""Classes in which nothing is weighed: first something else has to end."""
LOOK_ONLY = NO_WAY | {
    DiagnosisClass.NO_REFERENCE,
    DiagnosisClass.NEWER_THAN_KNOWN,
    DiagnosisClass.WRONG_FOLDER,
}
"""Classes that no choice of a version overrides."""


@dataclass(frozen=True)
class Considered:
    """An assessment with the ways out of it."""

    assessment: Assessment
    sources: tuple[Source, ...]
    """In the order in which they are asked; the installation itself first."""
    coverages: tuple[Coverage, ...]
    ways: tuple[WayWeighed, ...]
    target: Target | None
    """What the plan completes; None when there is nothing to plan."""
    plan: Plan | None
    codes: tuple[ExitCode, ...]
    """Those of a look: `check`, `plan` and a dry run end with them."""


def consider(
    request: Request, ports: Ports, assessment: Assessment, sources: Sequence[Source]
) -> Considered:
    """Ask every source once about everything that any way wants, then weigh and plan.

    Raises:
        UsageError: ``to-version-unknown`` because the version that was asked for is not known.
        Stopped: because somebody asked for it.
    """
    targets = _targets(request, assessment)
    wanted = _together([wanted_for(target) for target in targets])
    asked = _order(assessment, sources)
    ports.watch.start(Stage.SOURCES, len(wanted))
    coverages = ask_all(asked, wanted, ports.watch)
    had = covered(coverages)
    followed = _followed(request, assessment, targets)
    plan = None
    if followed is not None:
        record = assessment.record
        circumstances = Circumstances(
            kind=assessment.judgement.diagnosis.kind,
            match=assessment.judgement.match,
            restored=repeated(record, ports.clock()),
            hold=record.hold if record is not None else False,
            own_record=assessment.registered or (record is not None and record.version is not None),
        )
        plan = make_plan(followed, coverages, request.choice, circumstances)
    return Considered(
        assessment=assessment,
        sources=asked,
        coverages=coverages,
        ways=tuple(weigh(target, had) for target in targets),
        target=followed,
        plan=plan,
        codes=_codes(request, assessment, followed, coverages, had),
    )


def _targets(request: Request, assessment: Assessment) -> tuple[Target, ...]:
    """Back first; then forward to each version that is newer, of unknown order, or asked for."""
    if assessment.judgement.diagnosis.kind in NO_WAY:
        return ()
    wish = request.choice.to_version
    if wish is not None and assessment.version(wish) is None:
        known = ", ".join(one.version for one in assessment.reachable)
        raise UsageError("to-version-unknown", version=wish, known=known)
    targets = [_target(assessment, known, wish) for known in assessment.reachable]
    shown = [t for t in targets if _worth_showing(t, wish)]
    return tuple(sorted(shown, key=lambda t: (t.way is WayName.FORWARD, -(t.order or 0))))


def _target(assessment: Assessment, known: KnownManifest, wish: str | None) -> Target:
    own = assessment.own
    comparison = assessment.compare_with(known)
    rival = _rival(assessment, known)
    if rival is not None:
        # Either of the two may be completed; neither is a step down.
        newer = compare_order(known.manifest, rival.manifest) == 1
        way = WayName.FORWARD if newer else WayName.BACK
        return Target(way, known, comparison, replaces=True, order=0)
    if own is not None and known.version == own.version:
        return Target(WayName.BACK, known, comparison, wish == known.version, 0)
    if own is None:
        order = -1 if _is_step_down(assessment, known, comparison) else None
    else:
        order = compare_order(known.manifest, own.manifest)
    return Target(WayName.FORWARD, known, comparison, replaces=True, order=order)


def _is_step_down(assessment: Assessment, known: KnownManifest, comparison: Comparison) -> bool:
    """Whether a version is older than what is here, where nobody knows what exactly that is."""
    if comparison.counts.newer:
        return True
    fits = assessment.judgement.match.fits
    if not fits or not fits[0].right:
        return False
    best = (assessment.version(fit.version) for fit in fits if _figures(fit) == _figures(fits[0]))
    return all(
        one is not None and compare_order(known.manifest, one.manifest) == -1 for one in best
    )


def _figures(fit: VersionFit) -> tuple[float, int, float, int]:
    return fit.decisive_precision, fit.decisive_right, fit.precision, fit.right


def _rival(assessment: Assessment, known: KnownManifest) -> KnownManifest | None:
    """The other version of a half update, for each of its two."""
    mixture = assessment.judgement.mixture
    if assessment.judgement.diagnosis.kind is not DiagnosisClass.HALF_UPDATED or mixture is None:
        return None
    others = {mixture.first: mixture.second, mixture.second: mixture.first}
    name = others.get(known.version)
    return assessment.version(name) if name is not None else None


def _worth_showing(target: Target, wish: str | None) -> bool:
    if target.way is WayName.BACK or target.known.version == wish:
        return True
    return target.order is None or target.order >= 0


def _together(lists: Sequence[tuple[Wanted, ...]]) -> tuple[Wanted, ...]:
    unique = {item.sha256: item for wanted in lists for item in wanted}
    return tuple(unique.values())


def _order(assessment: Assessment, sources: Sequence[Source]) -> tuple[Source, ...]:
    ranks = {kind: rank for rank, kind in enumerate(SourceKind)}
    # A stick, gathered bytes and a raw copy were all named by a person: their order stays.
    ranks[SourceKind.GATHERED] = ranks[SourceKind.FOLDER] = ranks[SourceKind.STICK]
    given = sorted(sources, key=lambda source: ranks[source.kind])
    return (OwnSource(assessment.inventory), *given)


def _followed(request: Request, assessment: Assessment, targets: Sequence[Target]) -> Target | None:
    kind = assessment.judgement.diagnosis.kind
    wish = request.choice.to_version
    if kind in NO_WAY or kind is DiagnosisClass.NEWER_THAN_KNOWN:
        return None
    if wish is not None:
        return next((t for t in targets if t.known.version == wish), None)
    own = assessment.own
    if own is None or kind in LOOK_ONLY:
        return None
    return next((t for t in targets if t.known.version == own.version), None)


def _codes(
    request: Request,
    assessment: Assessment,
    followed: Target | None,
    coverages: Sequence[Coverage],
    had: frozenset[str],
) -> tuple[ExitCode, ...]:
    named = [c for c in coverages if c.kind is not SourceKind.OWN]
    reachable = [c for c in named if c.reachable]
    seen = SourcesSeen(len(named), len(reachable), sum(c.refused is not None for c in reachable))
    if followed is not None and request.choice.to_version is not None:
        return _chosen_codes(followed, weigh(followed, had))
    # A file of a newer version is left alone unless a person asks: it is no demand on a source.
    newer = followed is not None and (followed.replaces or request.choice.changed)
    wanted = wanted_for(followed, newer=newer) if followed is not None else ()
    return codes_after_look(
        assessment.judgement.diagnosis,
        assessment.comparison,
        wanted=len(wanted),
        has=sum(item.sha256 in had for item in wanted),
        sources=seen,
    )


def _chosen_codes(target: Target, way: WayWeighed) -> tuple[ExitCode, ...]:
    """The codes of a version that a person chose: how much of it can be had, whatever is here."""
    settings = (ExitCode.SETTINGS_LOST,) if target.comparison.counts.settings_missing else ()
    if not way.wanted and not target.comparison.missing_directories:
        return settings or (ExitCode.OK,)
    if way.complete:
        return (ExitCode.REPAIRABLE, *settings)
    code = ExitCode.PARTLY_REPAIRABLE if way.has else ExitCode.NOT_REPAIRABLE
    return (code, *settings)
