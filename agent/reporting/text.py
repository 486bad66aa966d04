"""The report for people, as plain text; colour is the command line's.

Order: verdict and report code first, three lines (what, version, folder), brakes and how to
release them, the plan, the list, both ways out with their coverage, sources, what was not touched,
and the next step last.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.model import Brake, Ending, Mode, Result, WayName
from agent.outcomes import ExitCode
from agent.reporting.documents import (
    Audience,
    ErrorPart,
    FilePart,
    Installation,
    Report,
    SourcePart,
    VersionPart,
    WayPart,
)
from agent.reporting.facts import InstallationFacts
from agent.reporting.installations import installation_part
from agent.reporting.next_steps import next_steps
from agent.reporting.privacy import Scrub
from agent.reporting.texts import Texts, load
from agent.reporting.verdict import explanation, numbers, verdict, version_here

LIST_LIMIT = 10
"""Lines of a list that are shown without ``--verbose``."""

INDENT = "  "


def render(report: Report, lang: str, *, verbose: bool = False) -> str:
    """The whole report in one language, ending in a line break."""
    texts = load(lang)
    lines = [*top(report, texts)]
    for installation in report.installations:
        lines += ["", *_installation(report, installation, texts, verbose=verbose)]
    lines += ["", *bottom(report, texts)]
    return joined(lines)


def plan_text(report: Report, lang: str, *, verbose: bool = False) -> str:
    """As `render`, without the reasons of the diagnosis: it is about what would be done."""
    texts = load(lang)
    lines = [*top(report, texts)]
    for one in report.installations:
        lines += ["", *_three_lines(report, one, texts), *_brakes(one, texts)]
        lines += [*_plan(one, texts), *_files(one, texts, verbose=verbose)]
        lines += [*_folders(one, texts, verbose=verbose), *ways(one, texts)]
        lines += [*_sources(one, texts), *_untouched(one, texts)]
    lines += ["", *bottom(report, texts)]
    return joined(lines)


def question(facts: InstallationFacts, lang: str) -> str:
    """What is about to be done to one installation, before a person says yes.

    Args:
        facts: as they stand before the repair.
        lang: ``nl`` or ``en``.
    """
    texts = load(lang)
    one = installation_part(facts, Scrub())
    lines = [where(one, texts), *_plan(one, texts)]
    lines += [*_files(one, texts, verbose=False), *_folders(one, texts, verbose=False)]
    lines += [*_sources(one, texts), *_untouched(one, texts)]
    return joined(lines)


def explain(report: Report, lang: str) -> tuple[str, str]:
    """The verdict and the sentence below it, on the most serious part of a run."""
    texts = load(lang)
    if report.error is not None and not report.installations:
        return texts.error(report.error.code, report.error.facts), ""
    if not report.installations:
        return texts.word("nothing-found"), ""
    one = report.installations[0]
    facts = numbers(one)
    below = texts.say("explain", explanation(report, one), **facts)
    return texts.say("verdict", verdict(report, one), **facts), below


def top(report: Report, texts: Texts) -> Iterator[str]:
    """The verdict, or what ended the run early, and the report code."""
    if report.error is not None:
        yield texts.error(report.error.code, report.error.facts)
    elif not report.installations:
        yield texts.word("nothing-found")
    else:
        yield _verdict(report, report.installations[0], texts)
    yield texts.word("report-code", code=report.report_code)
    if report.error is not None:
        yield from _problems(report.error, texts)
    if report.dry_run:
        yield texts.word("dry-run")


def _problems(error: ErrorPart, texts: Texts) -> Iterator[str]:
    """Every problem of a refused document: whoever makes it again should do so once."""
    for problem in error.problems:
        yield INDENT + texts.problem(problem.where, problem.code, problem.value)
    more = error.facts.get("more")
    if error.problems and isinstance(more, int) and more:
        yield INDENT + texts.word("problems-more", count=more)


def _installation(
    report: Report, one: Installation, texts: Texts, *, verbose: bool
) -> Iterator[str]:
    shown_on_top = report.error is None and one is report.installations[0]
    if not shown_on_top:
        yield _verdict(report, one, texts)
    yield from _three_lines(report, one, texts)
    yield from _doubts(one, texts)
    yield from _brakes(one, texts)
    yield from _plan(one, texts)
    yield from _files(one, texts, verbose=verbose)
    yield from _folders(one, texts, verbose=verbose)
    yield from ways(one, texts)
    yield from _sources(one, texts)
    yield from _untouched(one, texts)
    if one.undo.available and one.undo.run_id:
        yield texts.word("undo", run_id=one.undo.run_id, root=one.root)


def _verdict(report: Report, one: Installation, texts: Texts) -> str:
    return texts.say("verdict", verdict(report, one), **numbers(one))


def _three_lines(report: Report, one: Installation, texts: Texts) -> Iterator[str]:
    yield texts.say("explain", explanation(report, one), **numbers(one))
    yield version_line(one, texts)
    yield where(one, texts)
    if report.mode is Mode.QUICK:
        yield texts.word("quick")


def where(one: Installation, texts: Texts) -> str:
    """The folder and the product."""
    return texts.word("where", root=one.root, product=one.product)


def version_line(one: Installation, texts: Texts) -> str:
    """The version that belongs here; after going to another one, that one."""
    here = version_here(one)
    if one.ending is Ending.COMMITTED and one.version and here != one.version.id:
        return texts.word("now-version", version=here)
    return _version(one.version, texts)


def _version(version: VersionPart | None, texts: Texts) -> str:
    if version is None or (version.id is None and not version.precision):
        return texts.word("version-unknown")
    if version.id is None:
        return texts.word("version-unknown-near", precision=version.precision)
    return texts.word(
        "version-certain" if version.certain else "version-likely",
        version=version.id,
        decided=texts.say("decided", version.decided_by),
        trust=texts.say("trust", version.trust) if version.trust else "",
    )


def _doubts(one: Installation, texts: Texts) -> Iterator[str]:
    if one.diagnosis.signals:
        reasons = [texts.phrase("signal", signal) for signal in one.diagnosis.signals]
        yield texts.word("because", reasons="; ".join(reasons))
    doubts = one.version.doubts if one.version else []
    reasons = [texts.phrase("signal", d) for d in doubts if d not in one.diagnosis.signals]
    if reasons:
        yield texts.word("doubts", reasons="; ".join(reasons))


def _plan(one: Installation, texts: Texts) -> Iterator[str]:
    plan = one.plan
    if plan is None or one.ending is not None:
        return
    yield heading("plan", texts)
    if not (plan.restore or plan.replace or plan.left or one.directories):
        yield INDENT + texts.word("plan-empty", version=plan.version)
        return
    yield INDENT + texts.word(
        "plan-line",
        version=plan.version,
        restore=plan.restore,
        replace=plan.replace,
        left=plan.left,
        room=plan.room,
    )
    if plan.blocked:
        reason = texts.phrase("reason", plan.blocked)
        yield INDENT + texts.word("plan-blocked", reason=reason)


def _files(one: Installation, texts: Texts, *, verbose: bool) -> Iterator[str]:
    if not one.files:
        return
    yield heading("files", texts)
    # What did not work comes first: it must not hide behind "and 4,000 more".
    ordered = sorted(one.files, key=lambda file: file.result is not Result.FAILED)
    shown = one.files if verbose else ordered[:LIST_LIMIT]
    for file in shown:
        yield INDENT + _file(file, texts)
    yield from _more(len(one.files) - len(shown), texts)


def _file(file: FilePart, texts: Texts) -> str:
    said = [texts.say("state", file.state)]
    if file.result is not None:
        said.append(texts.say("result", file.result))
    elif file.action is not None:
        said.append(texts.say("action", file.action))
    if file.source:
        said.append(file.source)
    if file.reason:
        said.append(texts.phrase("reason", file.reason))
    if file.error:
        said.append(file.error.text)
    return f"{file.path} — {', '.join(said)}"


def _folders(one: Installation, texts: Texts, *, verbose: bool) -> Iterator[str]:
    if not one.directories:
        return
    yield heading("folders", texts)
    shown = one.directories if verbose else one.directories[:LIST_LIMIT]
    for folder in shown:
        said = (
            texts.say("result", folder.result) if folder.result else texts.say("state", "missing")
        )
        yield f"{INDENT}{folder.path}/ — {said}"
    yield from _more(len(one.directories) - len(shown), texts)


def _more(count: int, texts: Texts) -> Iterator[str]:
    if count:
        yield INDENT + texts.word("more", count=count)


def ways(one: Installation, texts: Texts) -> Iterator[str]:
    """Both ways out, a line each."""
    if one.ways:
        yield heading("ways", texts)
        for way in one.ways:
            yield INDENT + way_line(way, texts)
            if way.check_code:
                yield INDENT * 2 + texts.word("way-code", code=way.check_code)


def way_line(way: WayPart, texts: Texts) -> str:
    """One way out with its coverage."""
    back = way.way is WayName.BACK
    name = texts.word("back") if back else texts.word("forward", version=way.version)
    # Nobody vouches for a list that was made on the spot: its own code is all there is.
    complete = "way-complete-copy" if way.check_code else "way-complete"
    key = complete if way.complete else "way-partly"
    return texts.word(key, way=name, wanted=way.wanted, has=way.has, bytes=way.bytes)


def _sources(one: Installation, texts: Texts) -> Iterator[str]:
    if not one.sources:
        return
    yield heading("sources", texts)
    for source in one.sources:
        yield INDENT + source_line(source, texts)


def source_line(source: SourcePart, texts: Texts) -> str:
    """One source: reachable or not, and what it has."""
    key = "source-used" if source.used else "source"
    line = texts.word(
        key if source.reachable else "source-absent",
        id=source.id,
        kind=texts.say("kind", source.kind),
        has=source.has,
        wanted=source.wanted,
        used=source.used,
    )
    if source.refused is None:
        return line
    reason = texts.phrase("reason", source.refused)
    return f"{line}; {texts.word('source-refused', reason=reason)}"


def _brakes(one: Installation, texts: Texts) -> Iterator[str]:
    if one.brakes:
        yield heading("brakes", texts)
        for brake in one.brakes:
            yield f"{INDENT}{brake}: {texts.say('brake', brake)}"
            yield INDENT * 2 + _release(brake, one, texts)


def _release(brake: Brake, one: Installation, texts: Texts) -> str:
    if brake is Brake.ADHOC and one.code_given:
        return texts.error("code-wrong", {"version": one.plan.version if one.plan else ""})
    return texts.say("release", brake)


def _untouched(one: Installation, texts: Texts) -> Iterator[str]:
    left = one.untouched
    if left is not None:
        yield texts.word(
            "untouched", settings=left.settings, extra=left.extra, ignored=left.ignored
        )


def bottom(report: Report, texts: Texts) -> Iterator[str]:
    """The outcome and what a person does now."""
    found = report.command == "find" and report.exit_code == ExitCode.OK
    # A search that ended well says nothing about the files in the folder.
    outcome = texts.say("outcome", "found" if found else report.outcome)
    yield texts.word("outcome", outcome=outcome, code=report.exit_code)
    others = [code for code in report.exit_codes if code != report.exit_code]
    if others:
        said = [f"{texts.say('outcome', ExitCode(code).slug)} ({code})" for code in others]
        yield texts.word("also", codes="; ".join(said))
    steps = next_steps(report, texts)
    if steps:
        yield heading("next", texts)
    for step in steps:
        whom = "for-staff" if step.audience is Audience.STAFF else "for-it"
        yield f"{INDENT}{texts.word(whom)}: {step.text}"


def heading(key: str, texts: Texts) -> str:
    """The label above a list."""
    return f"{texts.word(key)}:"


def joined(lines: list[str]) -> str:
    """One text, ending in a line break."""
    return "\n".join(lines).rstrip() + "\n"
