"""What a run knows when it ends: the values that a report is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from agent.errors import WerkplekError
from agent.model import (
    Brake,
    Comparison,
    Coverage,
    Diagnosis,
    Found,
    Host,
    Mode,
    Plan,
    RepairResult,
    Search,
    Trigger,
    Trust,
    VersionMatch,
    WayWeighed,
)
from agent.outcomes import ExitCode


@dataclass(frozen=True)
class InstallationFacts:
    """Everything a run found out about one installation."""

    product: str
    title: str
    """The product's name for people, from its profile."""
    root: Path
    diagnosis: Diagnosis
    match: VersionMatch | None = None
    trust: Trust | None = None
    """Of the manifest of the version that was decided on."""
    ways: tuple[WayWeighed, ...] = ()
    brakes: tuple[Brake, ...] = ()
    before: Comparison | None = None
    after: Comparison | None = None
    coverage: tuple[Coverage, ...] = ()
    plan: Plan | None = None
    repair: RepairResult | None = None
    codes: tuple[ExitCode, ...] = ()
    """Every code that applies, in any order."""
    code_given: bool = False
    """Whether the person gave a check code (``--code``), right or wrong."""
    found: Found | None = None
    """How the folder was found; None when a person named it."""


@dataclass(frozen=True)
class RunFacts:
    """Everything a run found out."""

    run_id: str
    command: str
    mode: Mode
    host: Host
    started: datetime
    """Aware, UTC."""
    finished: datetime
    installations: tuple[InstallationFacts, ...] = ()
    error: WerkplekError | None = None
    """What ended the run early, None when nothing did."""
    dry_run: bool = False
    trigger: Trigger = Trigger.PERSON
    search: Search | None = None
    """The search for the folder; None when a person named it."""
    codes: tuple[ExitCode, ...] = field(default=())
    """Codes of the run itself, beside those of the installations."""
