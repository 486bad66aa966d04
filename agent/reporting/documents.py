"""The report as it is written: `werkplekherstel.report/1` (FORMATS section 3).

Owns the shape and the order of the keys, nothing else: `report` fills it in, the renderers read
it. Reading ignores keys it does not know, so that an older program can show a newer report.
Beyond the example in FORMATS these are additions: ``error`` and ``search`` at the top; ``title``,
``plan``, ``ending``, ``exit_codes`` and ``code_given`` of an installation; more about each of its
candidates; ``certain`` and ``doubts`` of a version; ``trust``, ``bytes`` and ``check_code`` of a
way; ``newer`` among the counts; ``reason`` of a file; ``facts`` of a next step.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from agent.model import (
    Action,
    Brake,
    DecidedBy,
    DiagnosisClass,
    Ending,
    Mode,
    Result,
    Role,
    SourceKind,
    State,
    Trigger,
    Trust,
    WayName,
)
from agent.reporting.search_documents import CandidatePart, SearchPart

SCHEMA = "werkplekherstel.report/1"

Fact = str | int | float | list[str]
"""A value for a sentence, as it can stand in a document."""


class InstallationState(StrEnum):
    """What the folder turned out to be."""

    FOUND = "found"
    EMPTIED = "emptied"
    WRONG_FOLDER = "wrong-folder"


class Audience(StrEnum):
    """For whom a next step is."""

    STAFF = "staff"
    IT = "it"


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """What made the report."""

    name: str = "werkplekherstel"
    version: str


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """When; RFC 3339 UTC with ``Z``, whole milliseconds."""

    started: str
    finished: str
    duration_ms: int


class HostPart(msgspec.Struct, frozen=True, kw_only=True):
    """Which PC."""

    id: str
    name: str
    os: str
    elevated: bool
    multi_session: bool


class Decisive(msgspec.Struct, frozen=True, kw_only=True):
    """The fit over the files that tell versions apart."""

    precision: float
    right: int


class VersionPart(msgspec.Struct, frozen=True, kw_only=True):
    """Which version belongs here; ``id`` is null when that is not known."""

    id: str | None
    precision: float
    recall: float
    decisive: Decisive
    runner_up: str | None
    margin: float
    decided_by: DecidedBy
    trust: Trust | None
    certain: bool = False
    doubts: list[str] = []


class DiagnosisPart(msgspec.Struct, frozen=True, kw_only=True, rename={"kind": "class"}):
    """What happened."""

    kind: DiagnosisClass
    signals: list[str]


class WayPart(msgspec.Struct, frozen=True, kw_only=True):
    """One way out, in numbers of files."""

    way: WayName
    version: str
    wanted: int
    has: int
    complete: bool
    bytes: int = 0
    trust: Trust | None = None
    check_code: str | None = None
    """Never the code of a stick: that one stands on the person's own paper."""


class PlanPart(msgspec.Struct, frozen=True, kw_only=True):
    """What was, or would be, carried out."""

    way: WayName
    version: str
    restore: int
    """Files to add."""
    replace: int
    """Files to put other bytes in the place of."""
    left: int
    """Findings that stay, each with its reason under ``files``."""
    room: int
    """Bytes needed on the volume of the root."""
    blocked: str | None


class CountsPart(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of one look."""

    listed: int
    ok: int
    missing: int
    changed: int
    unreadable: int
    newer: int = 0
    extra: int
    settings: int
    settings_missing: int
    ignored: int
    bytes_missing: int


class SourcePart(msgspec.Struct, frozen=True, kw_only=True):
    """One place that was asked for bytes, in numbers of files."""

    id: str
    kind: SourceKind
    reachable: bool
    version: str | None
    wanted: int
    has: int
    used: int
    refused: str | None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Size in bytes and SHA-256 (null where the file was not read)."""

    size: int
    sha256: str | None


class OsErrorPart(msgspec.Struct, frozen=True, kw_only=True):
    """What the operating system said."""

    winerror: int | None
    errno: int | None
    text: str


class FilePart(msgspec.Struct, frozen=True, kw_only=True):
    """One finding and what was done about it."""

    path: str
    role: Role
    state: State
    action: Action | None
    result: Result | None
    source: str | None
    expected: Content | None
    found: Content | None
    error: OsErrorPart | None
    reason: str | None


class DirectoryPart(msgspec.Struct, frozen=True, kw_only=True):
    """One required folder that was missing."""

    path: str
    state: State = State.MISSING
    result: Result | None


class Untouched(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were left alone, counted."""

    settings: int
    extra: int
    ignored: int


class UndoPart(msgspec.Struct, frozen=True, kw_only=True):
    """Whether this run can be undone, and by which name."""

    available: bool
    run_id: str | None


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one installation."""

    product: str
    title: str = ""
    root: str
    state: InstallationState
    score: float | None
    margin: float | None
    candidates: list[CandidatePart]
    version: VersionPart | None
    diagnosis: DiagnosisPart
    ways: list[WayPart]
    plan: PlanPart | None = None
    brakes: list[Brake]
    before: CountsPart | None
    after: CountsPart | None
    ending: Ending | None = None
    sources: list[SourcePart]
    files: list[FilePart]
    directories: list[DirectoryPart]
    untouched: Untouched | None
    undo: UndoPart
    exit_codes: list[int] = []
    code_given: bool = False
    """Whether a check code was given; with the brake `adhoc` on, it was a wrong one."""

    @property
    def name(self) -> str:
        """The product's name for people."""
        return self.title or self.product


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does now; ``facts`` fill the sentence in another language."""

    audience: Audience
    code: str
    text: str
    facts: dict[str, Fact] = {}


class ErrorProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One of the problems of a refused document."""

    where: str
    """Place in the document; empty for the whole of it."""
    code: str
    value: str
    text: str


class ErrorPart(msgspec.Struct, frozen=True, kw_only=True):
    """What ended the run early; ``facts`` fill the sentence in another language."""

    code: str
    text: str
    facts: dict[str, Fact] = {}
    problems: list[ErrorProblem] = []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One document per run."""

    schema: str = SCHEMA
    run_id: str
    continues: str | None
    report_code: str
    tool: Tool
    command: str
    mode: Mode
    dry_run: bool
    trigger: Trigger
    time: Time
    host: HostPart
    outcome: str
    exit_code: int
    exit_codes: list[int]
    installations: list[Installation]
    next_steps: list[NextStep]
    error: ErrorPart | None = None
    search: SearchPart | None = None
    """Null when a person named the folder."""
