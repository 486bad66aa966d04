"""Facts to build reports from: one valid run to start from, and any run hypothesis can think of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import PureWindowsPath
from typing import Any, cast

from hypothesis import strategies as st

from agent.errors import ItError, ManifestError, OurError, Stopped, UsageError
from agent.model import (
    Action,
    Brake,
    Comparison,
    Counts,
    Coverage,
    DecidedBy,
    Diagnosis,
    DiagnosisClass,
    Ending,
    FileSeen,
    Finding,
    Host,
    ManifestFile,
    Mode,
    OsProblem,
    Plan,
    RepairResult,
    Result,
    Role,
    SourceKind,
    SourceUse,
    State,
    Step,
    StepResult,
    Trigger,
    Trust,
    VersionFit,
    VersionMatch,
    WayName,
    WayWeighed,
)
from agent.outcomes import ExitCode
from agent.reporting.facts import InstallationFacts, RunFacts

ROOT = cast("Any", PureWindowsPath(r"D:\Praktijk\PP"))
STARTED = datetime(2026, 11, 23, 8, 5, 12, tzinfo=UTC)
RUN_ID = "20261123T080512Z-4f2a"


def digest(number: int) -> str:
    return f"{number:064x}"


def listed(path: str, number: int = 1, role: Role = Role.PROGRAM) -> ManifestFile:
    return ManifestFile(path=path, size=1000 * number, sha256=digest(number), role=role)


def missing(path: str, number: int = 1) -> Finding:
    return Finding(path, Role.PROGRAM, State.MISSING, listed(path, number), None)


def stranger(path: str) -> Finding:
    return Finding(path, Role.PROGRAM, State.EXTRA, None, FileSeen(path, 10, 0, digest(99)))


def step(path: str, number: int = 1) -> Step:
    return Step(
        path,
        Role.PROGRAM,
        State.MISSING,
        Action.RESTORE,
        listed(path, number),
        None,
        ("stick:E",),
        None,
    )


def match(version: str = "2022.4") -> VersionMatch:
    fits = (
        VersionFit(version, 4680, 4680, 4812, 812, 812),
        VersionFit("2023.1", 4000, 2000, 4900, 812, 10),
    )
    return VersionMatch(fits, version, "2023.1", 0.52, DecidedBy.CONTENT, certain=True, doubts=())


def installation(**changes: Any) -> InstallationFacts:
    """Two of 4,812 files of Medicom are gone; a stick has both."""
    findings = (missing("bin/b.dll", 2), missing("bin/medicom.exe", 1), stranger("brief.txt"))
    start = InstallationFacts(
        product="medicom",
        title="Medicom",
        root=ROOT,
        diagnosis=Diagnosis(DiagnosisClass.FILES_DELETED, ("missing:2",)),
        match=match(),
        trust=Trust.INSTALLED,
        ways=(
            WayWeighed(WayName.BACK, "2022.4", 2, 2, True, 3000, Trust.INSTALLED, None),
            WayWeighed(WayName.FORWARD, "2023.1", 2110, 0, False, 10**9, Trust.INSTALLED, None),
        ),
        before=Comparison(
            "2022.4",
            Counts(
                listed=4812,
                ok=4810,
                missing=2,
                extra=1,
                settings=7,
                ignored=41,
                bytes_missing=3000,
            ),
            findings,
            ("spool",),
        ),
        coverage=(
            Coverage(
                "stick:E", SourceKind.STICK, frozenset({digest(1), digest(2)}), True, "2022.4"
            ),
        ),
        codes=(ExitCode.REPAIRABLE,),
    )
    return replace(start, **changes)


def repaired(**changes: Any) -> InstallationFacts:
    """The same, put back."""
    steps = (step("bin/b.dll", 2), step("bin/medicom.exe", 1))
    results = tuple(StepResult(one.path, Result.RESTORED, "stick:E") for one in steps)
    start = installation(
        after=Comparison("2022.4", Counts(listed=4812, ok=4812, settings=7, ignored=41), (), ()),
        plan=Plan(
            "medicom",
            "2022.4",
            WayName.BACK,
            Trust.INSTALLED,
            steps,
            ("spool",),
            (),
            None,
            3000,
        ),
        repair=RepairResult(
            RUN_ID,
            Ending.COMMITTED,
            results,
            ("spool",),
            (SourceUse("stick:E", 2),),
            undo_available=True,
        ),
        codes=(ExitCode.OK,),
    )
    return replace(start, **changes)


def planned(*, code: ExitCode, **changes: Any) -> InstallationFacts:
    """The same before the repair, with a plan that can be changed."""
    facts = repaired(repair=None, after=None, codes=(code,))
    assert facts.plan is not None
    return replace(facts, plan=replace(facts.plan, **changes))


def run(*installations: InstallationFacts, **changes: Any) -> RunFacts:
    start = RunFacts(
        run_id=RUN_ID,
        command="check",
        mode=Mode.FULL,
        host=Host("b1c2", "BALIE-2", "Windows 10.0.22631"),
        started=STARTED,
        finished=STARTED + timedelta(seconds=41, milliseconds=730),
        installations=installations,
    )
    return replace(start, **changes)


_names = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,6}[A-Za-z0-9])?", fullmatch=True)
_ids = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8}){0,2}(:[0-9]{1,5})?", fullmatch=True)
_parts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='/\\<>:"|?*'),
    min_size=1,
    max_size=8,
).filter(lambda part: part.strip(". ") == part and part)
_paths = st.lists(_parts, min_size=1, max_size=3).map("/".join)
_counts = st.integers(0, 10**6)
_hashes = st.integers(0, 40).map(digest)
_problems = st.builds(
    OsProblem,
    st.none() | st.integers(0, 200),
    st.none() | st.integers(0, 2000),
    st.text(max_size=9),
)
_seen = st.builds(
    FileSeen, _paths, _counts, st.integers(0, 10**18), st.none() | _hashes, st.none() | _problems
)
_listed = st.builds(
    ManifestFile,
    path=_paths,
    size=_counts,
    sha256=_hashes,
    role=st.sampled_from(Role),
)
_findings = st.builds(
    Finding,
    _paths,
    st.sampled_from(Role),
    st.sampled_from(State),
    st.none() | _listed,
    st.none() | _seen,
)
_steps = st.builds(
    Step,
    _paths,
    st.sampled_from(Role),
    st.sampled_from(State),
    st.sampled_from(Action),
    st.none() | _listed,
    st.none() | _seen,
    st.lists(_names, max_size=2).map(tuple),
    st.none() | _ids,
)
_comparisons = st.builds(
    Comparison,
    _names,
    st.builds(Counts, *(_counts for _ in range(11))),
    st.lists(_findings, max_size=5).map(tuple),
    st.lists(_paths, max_size=2).map(tuple),
)
_fits = st.builds(
    lambda version, numbers: VersionFit(
        version, numbers[1], numbers[0], numbers[2], numbers[1], numbers[0]
    ),
    _names,
    st.lists(st.integers(0, 5000), min_size=3, max_size=3).map(sorted),
)


@st.composite
def _matches(draw: st.DrawFn) -> VersionMatch:
    fits = tuple(draw(st.lists(_fits, max_size=3)))
    versions = [fit.version for fit in fits]
    winner = draw(st.sampled_from(versions) | st.none()) if versions else None
    return VersionMatch(
        fits,
        winner,
        draw(st.none() | _names),
        draw(st.floats(0, 1)),
        draw(st.sampled_from(DecidedBy)),
        draw(st.booleans()),
        tuple(draw(st.lists(_ids, max_size=2))),
    )


_ways = st.builds(
    WayWeighed,
    st.sampled_from(WayName),
    _names,
    _counts,
    _counts,
    st.booleans(),
    _counts,
    st.sampled_from(Trust),
    st.none() | st.just("7K3M-92QX-4TBP"),
)
_coverages = st.builds(
    Coverage,
    _names,
    st.sampled_from(SourceKind),
    st.frozensets(_hashes, max_size=4),
    st.booleans(),
    st.none() | _names,
    st.none() | _ids,
)
_brakes = st.lists(st.sampled_from(Brake), unique=True, max_size=3).map(tuple)
_plans = st.builds(
    Plan,
    _names,
    _names,
    st.sampled_from(WayName),
    st.sampled_from(Trust),
    st.lists(_steps, max_size=5).map(tuple),
    st.lists(_paths, max_size=2).map(tuple),
    _brakes,
    st.none() | _ids,
    _counts,
)
_codes = st.lists(st.sampled_from(ExitCode), max_size=3).map(tuple)


@st.composite
def _repairs(draw: st.DrawFn, plan: Plan | None) -> RepairResult:
    paths = [one.path for one in plan.actions] if plan else []
    results = [
        StepResult(
            path,
            draw(st.sampled_from(Result)),
            draw(st.none() | _names),
            draw(st.none() | _ids),
            draw(st.none() | _problems),
        )
        for path in paths
    ]
    return RepairResult(
        RUN_ID,
        draw(st.sampled_from(Ending)),
        tuple(results),
        plan.directories if plan else (),
        tuple(draw(st.lists(st.builds(SourceUse, _names, _counts, st.none() | _ids), max_size=2))),
        draw(st.none() | st.just("20261122T080512Z-aaaa")),
        draw(st.booleans()),
    )


@st.composite
def installations(draw: st.DrawFn, *, writes: bool) -> InstallationFacts:
    plan = draw(st.none() | _plans)
    return InstallationFacts(
        product=draw(st.sampled_from(["medicom", "pharmacom", "generic"]) | _names),
        title=draw(st.sampled_from(["Medicom", "Pharmacom", ""])),
        root=ROOT,
        diagnosis=Diagnosis(
            draw(st.sampled_from(DiagnosisClass)), tuple(draw(st.lists(_ids, max_size=3)))
        ),
        match=draw(st.none() | _matches()),
        trust=draw(st.none() | st.sampled_from(Trust)),
        ways=tuple(draw(st.lists(_ways, max_size=3))),
        brakes=draw(_brakes),
        before=draw(st.none() | _comparisons),
        after=draw(st.none() | _comparisons) if writes else None,
        coverage=tuple(draw(st.lists(_coverages, max_size=3))),
        plan=plan,
        repair=draw(st.none() | _repairs(plan)) if writes else None,
        codes=draw(_codes),
    )


_errors = st.sampled_from(
    [
        None,
        UsageError("root-absent", path=r"C:\Users\Jan de Vries\PP"),
        ItError("disk-full", ExitCode.DISK_FULL, path="D:", needed=2_500_000_000, free=10),
        ItError("brakes-on", ExitCode.NEEDS_PERSON, brakes=("adhoc", "hold")),
        ManifestError("x.json", (("files[3].path", "path-leaves-root", ".."),), 2),
        OurError("never-heard-of", ExitCode.INTERNAL_ERROR, path=None),
        Stopped(),
    ]
)


@st.composite
def runs(draw: st.DrawFn) -> RunFacts:
    """Any run: any command, any number of installations, with or without an early end."""
    command = draw(st.sampled_from(["check", "plan", "repair", "undo"]))
    some = installations(writes=command in {"repair", "undo"})
    return RunFacts(
        run_id=RUN_ID,
        command=command,
        mode=draw(st.sampled_from(Mode)),
        host=Host("b1c2", "BALIE-2", "Windows 10.0.22631", draw(st.booleans())),
        started=STARTED,
        finished=STARTED + timedelta(milliseconds=draw(st.integers(-5000, 10**7))),
        installations=tuple(draw(st.lists(some, max_size=2))),
        error=draw(_errors),
        dry_run=draw(st.booleans()),
        trigger=draw(st.sampled_from(Trigger)),
        codes=draw(_codes),
    )
