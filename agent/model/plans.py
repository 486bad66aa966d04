"""What is wanted, from where it is to be had, what will be done, and what was done."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model.looks import FileSeen, OsProblem
from agent.model.manifests import ManifestFile
from agent.model.vocabulary import (
    Action,
    Brake,
    Ending,
    Result,
    Role,
    SourceKind,
    State,
    Trust,
    WayName,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Bytes that are asked for."""

    sha256: str
    size: int
    path: str
    """Where they belong: a hint for the search, never an instruction."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one source has of what is wanted, asked before anything is copied."""

    source_id: str
    kind: SourceKind
    has: frozenset[str]
    """SHA-256 of the wanted bytes it says it has (raw folder: has been seen to have)."""
    reachable: bool = True
    version: str | None = None
    """The version it carries, where it says so."""
    refused: str | None = None
    """Text id of why it is not used."""


@dataclass(frozen=True, slots=True)
class WayWeighed:
    """One way out with its coverage."""

    way: WayName
    version: str
    wanted: int
    """Program files to be put down."""
    has: int
    """Those that a source has."""
    complete: bool
    bytes_wanted: int
    trust: Trust
    check_code: str | None
    """Set when the version is vouched for by an `adhoc` manifest only."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file in a plan."""

    path: str
    """Below the root; where the file goes."""
    role: Role
    state: State
    action: Action
    expected: ManifestFile | None
    found: FileSeen | None
    source_ids: tuple[str, ...]
    """Sources that have the bytes, in the order in which they are asked."""
    reason: str | None
    """Text id; why nothing is done."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, file by file, following one way."""

    product: str
    version: str
    way: WayName
    trust: Trust
    steps: tuple[Step, ...]
    """Sorted by path; every finding of the version, also those that are left."""
    directories: tuple[str, ...]
    """Required folders that are missing, parents first."""
    brakes: tuple[Brake, ...]
    """Those that are on and were not released."""
    blocked: str | None
    """Text id of why this plan may not be carried out at all, None when it may."""
    room: int
    """Bytes needed on the volume of the root."""
    whole: bool = False
    """Completes a version by replacing: complete or not at all, whatever `partial` says."""

    @property
    def actions(self) -> tuple[Step, ...]:
        """The steps that write."""
        return tuple(step for step in self.steps if step.action is not Action.LEAVE)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step."""

    path: str
    result: Result
    source_id: str | None = None
    reason: str | None = None
    """Text id; set for `skipped` and `failed`."""
    error: OsProblem | None = None


@dataclass(frozen=True, slots=True)
class SourceUse:
    """How one source behaved during a repair."""

    source_id: str
    used: int
    """Files whose bytes came from it."""
    refused: str | None = None
    """Text id of why it was put out, None when it was not."""


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What a repair or an undo did."""

    run_id: str
    ending: Ending
    results: tuple[StepResult, ...]
    """One per step that writes, sorted by path."""
    directories: tuple[str, ...] = ()
    """Folders that were put back."""
    sources: tuple[SourceUse, ...] = ()
    continues: str | None = None
    """The unfinished run that this one went on with."""
    undo_available: bool = False
