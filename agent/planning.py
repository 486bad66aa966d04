"""PLAN: the two ways out, what is wanted for each, the plan and its brakes.

Pure functions over values: no I/O. A *target* is the version that a way completes together with
the comparison of that version with what is on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.model import (
    Action,
    Brake,
    Comparison,
    Counts,
    Coverage,
    DiagnosisClass,
    Finding,
    KnownManifest,
    Plan,
    Role,
    State,
    Step,
    Trust,
    VersionMatch,
    Wanted,
    WayName,
    WayWeighed,
)

MASS_CHANGE_SHARE = 0.20
"""Replacing more than this share of the existing program files needs a person."""
MASS_CHANGE_FILES = 50
"""Replacing more files than this needs a person."""
REPEATED_RESTORATIONS = 2
"""Files restored this often within the window are removed on purpose by something."""
WEAK_CONTENT = 0.40
"""Content score below which a folder given with ``--root`` is a weak target."""
FULL_CONTENT_RIGHT = 5
"""Right files from which the content score is not lowered for being few."""
WEAK_RECALL = 0.10
"""Share of the version that is right here, below which strangers may show another program."""
WEAK_STRANGERS = 4
"""Strangers for each right file, above which so little of a version shows nothing."""
ALWAYS_WEAK = frozenset({DiagnosisClass.EMPTIED, DiagnosisClass.WRONG_FOLDER})
"""Classes in which hardly anything is here: a weak target whatever the score."""
RELEASED_BY_CHOICE = frozenset({Brake.UNCERTAIN_VERSION, Brake.MASS_CHANGE, Brake.HALF_UPDATED})
"""Brakes that a person releases by naming the version."""

LOCKED = "locked"
"""Reason of a file that a program keeps to itself."""
HELD_WINERRORS = frozenset({32, 33})
"""ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION: not even read while the program runs
(https://learn.microsoft.com/windows/win32/debug/system-error-codes)."""

_ABSENT = (State.MISSING,)
_WRONG = (State.CHANGED, State.NEWER)
_UNSEEN = (State.UNREADABLE, State.NOT_CHECKED)
"""Nobody knows what is in these files, so nothing is put in their place."""


@dataclass(frozen=True, slots=True)
class Target:
    """The version that a way completes."""

    way: WayName
    known: KnownManifest
    comparison: Comparison
    replaces: bool
    """Whether files that are there with other bytes are replaced (forward, half updated)."""
    order: int | None
    """-1 older than what is here, 1 newer, 0 the same, None not known."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person asked for."""

    changed: bool = False
    """Replace changed `program` files too."""
    partial: bool = False
    """Commit what can be had."""
    to_version: str | None = None
    accepted: frozenset[Brake] = frozenset()
    code: str | None = None
    """The check code that was given, normalised."""
    unattended: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What bears on the brakes beside the target itself."""

    kind: DiagnosisClass
    match: VersionMatch
    restored: Mapping[str, int]
    """How often each path was restored lately."""
    hold: bool = False
    own_record: bool = False
    """Whether we have seen the product complete in this folder."""


def wanted_for(target: Target, *, newer: bool = True) -> tuple[Wanted, ...]:
    """What has to be had to make the target complete, whatever was asked for.

    Args:
        target: the version.
        newer: also what stands here in a newer version's bytes.
    """
    states = (*_ABSENT, *_WRONG) if newer else (*_ABSENT, State.CHANGED)
    return tuple(
        Wanted(f.expected.sha256, f.expected.size, f.path)
        for f in target.comparison.having(*states)
        if f.expected is not None and _can_be_put(f)
    )


def weigh(target: Target, covered: frozenset[str]) -> WayWeighed:
    """How much of what the target needs is to be had."""
    wanted = wanted_for(target)
    had = [item for item in wanted if item.sha256 in covered]
    stuck = len(_stuck(target)) + len(target.comparison.blocked_directories)
    adhoc = target.known.trust is Trust.ADHOC
    return WayWeighed(
        way=target.way,
        version=target.known.version,
        wanted=len(wanted) + stuck,
        has=len(had),
        complete=len(had) == len(wanted) and not stuck,
        bytes_wanted=sum(item.size for item in wanted),
        trust=target.known.trust,
        check_code=target.known.check_code if adhoc else None,
    )


def make_plan(
    target: Target,
    coverages: Sequence[Coverage],
    choice: Choice,
    circumstances: Circumstances,
) -> Plan:
    """The plan for one target: every finding becomes a step, also those that are left."""
    steps = tuple(
        _step(finding, target, coverages, choice)
        for finding in target.comparison.findings
        if finding.state is not State.EXTRA
    )
    acting = [step for step in steps if step.action is not Action.LEAVE]
    return Plan(
        product=target.known.product,
        version=target.known.version,
        way=target.way,
        trust=target.known.trust,
        steps=steps,
        directories=target.comparison.missing_directories,
        brakes=_brakes(target, acting, choice, circumstances),
        blocked=_blocked(target, steps, choice),
        room=sum(step.expected.size for step in acting if step.expected is not None),
        whole=target.replaces,
    )


def _can_be_put(finding: Finding) -> bool:
    # Something that is no file stands where the file belongs: nothing of ours to remove.
    return finding.state is State.MISSING or finding.found is not None


def _stuck(target: Target) -> tuple[Finding, ...]:
    """Files of the version that no source can help with."""
    blocked = [f for f in target.comparison.having(*_WRONG) if not _can_be_put(f)]
    return (*target.comparison.having(*_UNSEEN), *blocked)


def _step(finding: Finding, target: Target, coverages: Sequence[Coverage], choice: Choice) -> Step:
    sources = _sources_of(finding, coverages)
    action, reason = _decide(finding, target, choice, had=bool(sources))
    return Step(
        path=finding.path,
        role=finding.role,
        state=finding.state,
        action=action,
        expected=finding.expected,
        found=finding.found,
        source_ids=sources if action is not Action.LEAVE else (),
        reason=reason,
    )


def _sources_of(finding: Finding, coverages: Sequence[Coverage]) -> tuple[str, ...]:
    if finding.expected is None:
        return ()
    digest = finding.expected.sha256
    return tuple(c.source_id for c in coverages if c.refused is None and digest in c.has)


def _decide(
    finding: Finding, target: Target, choice: Choice, *, had: bool
) -> tuple[Action, str | None]:
    if finding.role is not Role.PROGRAM:
        return Action.LEAVE, "settings-are-never-copied"
    if finding.state in _UNSEEN:
        return Action.LEAVE, LOCKED if _is_held(finding) else finding.state.value
    if not _can_be_put(finding):
        return Action.LEAVE, "not-a-file"
    if finding.state in _WRONG and not (target.replaces or choice.changed):
        return Action.LEAVE, "changed-not-asked"
    if not had:
        return Action.LEAVE, "no-source-has-it"
    return (Action.RESTORE if finding.state in _ABSENT else Action.REPLACE), None


def _is_held(finding: Finding) -> bool:
    error = finding.found.error if finding.found is not None else None
    return error is not None and error.winerror in HELD_WINERRORS


def _blocked(target: Target, steps: Iterable[Step], choice: Choice) -> str | None:
    lacking = any(step.reason == "no-source-has-it" for step in steps)
    if target.replaces and (lacking or _stuck(target) or target.comparison.blocked_directories):
        return "version-not-complete"
    if lacking and not choice.partial:
        return "not-complete"
    return None


def _brakes(
    target: Target,
    acting: Sequence[Step],
    choice: Choice,
    circumstances: Circumstances,
) -> tuple[Brake, ...]:
    writes = bool(acting or target.comparison.missing_directories)
    on = set(_brakes_on(target, acting, choice, circumstances)) if writes else set()
    released = set(choice.accepted) - {Brake.ADHOC}
    if choice.to_version is not None:
        released |= RELEASED_BY_CHOICE
    return tuple(sorted(on - released))


def _brakes_on(
    target: Target,
    acting: Sequence[Step],
    choice: Choice,
    circumstances: Circumstances,
) -> Iterable[Brake]:
    kind, match = circumstances.kind, circumstances.match
    if not match.certain:
        yield Brake.UNCERTAIN_VERSION
    if kind is DiagnosisClass.HALF_UPDATED:
        yield Brake.HALF_UPDATED
    content = max(content_score(match), _content_of(target.comparison.counts))
    strange = not circumstances.own_record and _is_mostly_strange(match, target.comparison.counts)
    if kind in ALWAYS_WEAK or content < WEAK_CONTENT or strange:
        yield Brake.WEAK_TARGET
    if _is_mass_change(acting, target.comparison.counts):
        yield Brake.MASS_CHANGE
    if target.known.trust is Trust.ADHOC and choice.code != target.known.check_code:
        yield Brake.ADHOC
    if any(circumstances.restored.get(s.path, 0) >= REPEATED_RESTORATIONS for s in acting):
        yield Brake.REPEATED_DAMAGE
    if circumstances.hold and choice.unattended:
        yield Brake.HOLD
    if target.way is WayName.FORWARD and target.order is not None and target.order < 0:
        yield Brake.DOWNGRADE


def content_score(match: VersionMatch) -> float:
    """How sure the content makes us that this folder is the product, 0 to 1."""
    return max((_content(fit.right, fit.present) for fit in match.fits), default=0.0)


def _content_of(counts: Counts) -> float:
    """The same for the version that is followed, which the match may not know (a raw copy).

    Files that could not be read are left out: nobody knows whether they speak for it.
    """
    return _content(counts.ok, counts.ok + counts.changed + counts.newer)


def _content(right: int, present: int) -> float:
    return right / present * min(1.0, right / FULL_CONTENT_RIGHT) if present else 0.0


def _is_mostly_strange(match: VersionMatch, counts: Counts) -> bool:
    """Whether a few right files lie among so many strangers that another program shares them."""
    here = [(counts.ok, counts.listed), *((fit.right, fit.listed) for fit in match.fits)]
    little = all(right < WEAK_RECALL * listed for right, listed in here)
    return little and counts.extra > WEAK_STRANGERS * max(right for right, _ in here)


def _is_mass_change(acting: Sequence[Step], counts: Counts) -> bool:
    replaced = sum(step.action is Action.REPLACE for step in acting)
    existing = counts.ok + counts.changed + counts.newer + counts.unreadable
    return replaced > MASS_CHANGE_FILES or replaced > MASS_CHANGE_SHARE * existing
