"""The lists of a report: every finding and step of the chosen version, and the folders."""

from __future__ import annotations

from collections.abc import Iterable

from agent.model import (
    Action,
    Ending,
    FileSeen,
    Finding,
    ManifestFile,
    OsProblem,
    Result,
    Role,
    State,
    Step,
    StepResult,
)
from agent.reporting.documents import Content, DirectoryPart, FilePart, OsErrorPart
from agent.reporting.facts import InstallationFacts
from agent.reporting.privacy import Scrub, readable

_LEFT = "not-in-plan"
"""Reason id of a finding that a repair had no step for."""

_UNSEEN = frozenset({State.UNREADABLE, State.NOT_CHECKED})
_WANTED = _UNSEEN | {State.MISSING, State.CHANGED, State.NEWER}

_WROTE = frozenset({Ending.COMMITTED, Ending.ROLLED_BACK, Ending.NOT_ROLLED_BACK})


def file_parts(facts: InstallationFacts, scrub: Scrub, *, list_extra: bool) -> list[FilePart]:
    """Every finding and step, sorted by path; strangers only on request."""
    findings = {one.path: one for one in facts.before.findings} if facts.before else {}
    steps = {step.path: step for step in facts.plan.steps} if facts.plan else {}
    results = {one.path: one for one in facts.repair.results} if facts.repair else {}
    wrote = facts.repair is not None and facts.repair.ending in _WROTE
    parts: list[FilePart] = []
    for path in sorted(findings.keys() | steps.keys()):
        subject: Step | Finding | None = steps.get(path) or findings.get(path)
        if subject is None or (subject.state is State.EXTRA and not list_extra):
            continue
        parts.append(_part(subject, results.get(path), scrub, wrote=wrote))
    return parts


def directory_parts(facts: InstallationFacts) -> list[DirectoryPart]:
    """The required folders that were missing or have a file in their place, sorted by path."""
    missing = set(facts.before.missing_directories) if facts.before else set()
    if facts.plan:
        missing.update(facts.plan.directories)
    found = {path: _of_directory(path, facts) for path in missing}
    for look in (facts.before, facts.after):
        # Whatever is tried, a file that stands there is not ours to remove.
        found.update(dict.fromkeys(look.blocked_directories if look else (), Result.FAILED))
    return [DirectoryPart(path=path, result=found[path]) for path in sorted(found)]


def wanted_hashes(facts: InstallationFacts) -> list[str | None]:
    """What the followed way wants, one per file: the same files that the way itself counts.

    None stands for a file that no source can help with: nobody could read what is there.
    """
    looked = facts.before.findings if facts.before else ()
    wished: Iterable[Step | Finding] = facts.plan.steps if facts.plan else looked
    return [_content_wanted(one) for one in wished if _is_wanted(one)]


def _is_wanted(one: Step | Finding) -> bool:
    return one.role is Role.PROGRAM and one.state in _WANTED and one.expected is not None


def _content_wanted(one: Step | Finding) -> str | None:
    can_be_put = one.state is State.MISSING or one.found is not None
    if one.expected is None or one.state in _UNSEEN or not can_be_put:
        return None
    return one.expected.sha256


def _part(
    subject: Step | Finding, outcome: StepResult | None, scrub: Scrub, *, wrote: bool
) -> FilePart:
    step = subject if isinstance(subject, Step) else None
    result, reason = _result(step, outcome, wrote=wrote)
    source = outcome.source_id if outcome else None
    if outcome is None and step is not None and step.action is not Action.LEAVE:
        source = next(iter(step.source_ids), None)
    problem = outcome.error if outcome else None
    if problem is None and subject.found is not None:
        problem = subject.found.error
    return FilePart(
        path=readable(subject.path),
        role=subject.role,
        state=subject.state,
        action=step.action if step else None,
        result=result,
        source=scrub.maybe(source),
        expected=_expected(subject.expected),
        found=_found(subject.found),
        error=_os_error(problem, scrub),
        reason=reason,
    )


def _result(
    step: Step | None, outcome: StepResult | None, *, wrote: bool
) -> tuple[Result | None, str | None]:
    if outcome is not None:
        needs_reason = outcome.result in {Result.SKIPPED, Result.FAILED}
        return outcome.result, outcome.reason or (_LEFT if needs_reason else None)
    reason = step.reason if step else None
    if not wrote:
        return None, reason
    return Result.SKIPPED, reason or _LEFT


def _of_directory(path: str, facts: InstallationFacts) -> Result | None:
    if facts.repair is None:
        return None
    if path in facts.repair.directories:
        return Result.RESTORED
    if facts.after is None:
        return None
    return Result.FAILED if path in facts.after.missing_directories else Result.ALREADY_RIGHT


def _expected(file: ManifestFile | None) -> Content | None:
    # Settings belong to each PC: what another PC's looked like is nobody's business here.
    if file is None or file.role is not Role.PROGRAM:
        return None
    return Content(size=file.size, sha256=file.sha256)


def _found(seen: FileSeen | None) -> Content | None:
    return None if seen is None else Content(size=seen.size, sha256=seen.sha256)


def _os_error(problem: OsProblem | None, scrub: Scrub) -> OsErrorPart | None:
    if problem is None:
        return None
    return OsErrorPart(
        winerror=problem.winerror, errno=problem.errno, text=scrub.text(problem.text)
    )
