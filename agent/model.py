"""Values and closed vocabularies of the engine (DESIGN: section 2); imports nothing of ours.

Every value here is frozen. Paths inside an installation are always relative to its root, with
``/`` between the parts and the case kept; the *key* of a path (``manifest.names.fold``) is what
two paths are compared by. Sizes are bytes, times are RFC 3339 UTC text or integer nanoseconds as
the field says, hashes are lower-case hexadecimal SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec


class Role(StrEnum):
    """Whom a file belongs to."""

    PROGRAM = "program"
    """The same bytes on every PC of this version."""
    SETTINGS = "settings"
    """Belongs to this PC; never compared, never copied."""
    IGNORED = "ignored"
    """Logs, caches, data: never read."""


class State(StrEnum):
    """What a look found for one listed file."""

    OK = "ok"
    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"
    UNREADABLE = "unreadable"
    NEWER = "newer"
    NOT_CHECKED = "not-checked"


class Action(StrEnum):
    """What a plan does with one file."""

    RESTORE = "restore"
    """Add a file that is missing."""
    REPLACE = "replace"
    """Put other bytes in the place of a file; the original is kept for undo."""
    LEAVE = "leave"
    """Nothing; the step's reason says why."""


class Result(StrEnum):
    """What became of one step."""

    RESTORED = "restored"
    ALREADY_RIGHT = "already-right"
    SKIPPED = "skipped"
    FAILED = "failed"
    WAITING_RESTART = "waiting-restart"


class DiagnosisClass(StrEnum):
    """What happened to an installation, in the order in which the first match wins."""

    DISK_PROBLEM = "disk-problem"
    UPDATE_RUNNING = "update-running"
    NO_REFERENCE = "no-reference"
    HEALTHY = "healthy"
    NEWER_THAN_KNOWN = "newer-than-known"
    HALF_UPDATED = "half-updated"
    QUARANTINE_SUSPECTED = "quarantine-suspected"
    FILES_DELETED = "files-deleted"
    DAMAGED = "damaged"
    EMPTIED = "emptied"
    WRONG_FOLDER = "wrong-folder"
    UNKNOWN = "unknown"


class DecidedBy(StrEnum):
    """What settled which version belongs here."""

    CONTENT = "content"
    RECORD = "record"
    STAMP = "stamp"
    FOLDERS = "folders"
    NONE = "none"


class Trust(StrEnum):
    """Who vouches for a manifest; follows from where it lies and who could write there."""

    SIGNED = "signed"
    INSTALLED = "installed"
    OBSERVED = "observed"
    ADHOC = "adhoc"

    @property
    def rank(self) -> int:
        """Higher is better: `signed` 3 down to `adhoc` 0."""
        return ("adhoc", "observed", "installed", "signed").index(self.value)


class WayName(StrEnum):
    """The two ways out of an outage."""

    BACK = "back"
    FORWARD = "forward"


class Brake(StrEnum):
    """A named reason to stop and ask a person; ``--accept NAME`` releases one."""

    UNCERTAIN_VERSION = "uncertain-version"
    WEAK_TARGET = "weak-target"
    MASS_CHANGE = "mass-change"
    HALF_UPDATED = "half-updated"
    ADHOC = "adhoc"
    REPEATED_DAMAGE = "repeated-damage"
    HOLD = "hold"
    BEHIND_CLUSTER = "behind-cluster"
    DOWNGRADE = "downgrade"


class SourceKind(StrEnum):
    """What sort of place gives the bytes, in the order in which they are asked."""

    OWN = "own"
    """The installation itself: the same bytes under another path."""
    RESERVE = "reserve"
    STICK = "stick"
    GATHERED = "gathered"
    """A folder of bytes named by their hash."""
    FOLDER = "folder"
    """A raw copy of a program folder; claims nothing."""
    PEER = "peer"
    WEB = "web"


class Mode(StrEnum):
    """How thoroughly a look was done."""

    QUICK = "quick"
    """Exists and size."""
    FULL = "full"
    """SHA-256 of every program file that a manifest names."""


class Trigger(StrEnum):
    """Who started a run."""

    PERSON = "person"
    SCHEDULE = "schedule"


MAX_FILE_BYTES = 4 * 1024**4
"""Bytes of one listed file (FORMATS section 4); checked while a manifest is decoded."""


class ManifestFile(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """One listed file; field order is the order in the document (sorted keys)."""

    mtime: str | msgspec.UnsetType = msgspec.UNSET
    """Modification time as the vendor made it, RFC 3339 UTC with ``Z``, whole seconds."""
    optional: bool = False
    """Absent is never missing."""
    path: str
    role: Role = Role.PROGRAM
    sha256: Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
    size: Annotated[int, msgspec.Meta(ge=0, le=MAX_FILE_BYTES)]
    """Bytes."""


class Manifest(msgspec.Struct, frozen=True, dict=True, forbid_unknown_fields=True, kw_only=True):
    """What one version of one product must look like (FORMATS section 4)."""

    created: str
    directories: tuple[str, ...] = ()
    """Folders that must exist, even when empty."""
    files: tuple[ManifestFile, ...]
    origin: str
    product: str
    schema: str = "werkplekherstel.manifest/1"
    sequence: int | msgspec.UnsetType = msgspec.UNSET
    """Order of versions: a higher one is newer."""
    stamp: str | msgspec.UnsetType = msgspec.UNSET
    """File version of the main program."""
    version: str
    withdrawn: tuple[str, ...] = ()
    """Hashes that were taken back on purpose and are never put back."""


@dataclass(frozen=True)
class KnownManifest:
    """A manifest together with who vouches for it."""

    manifest: Manifest
    trust: Trust
    place: str
    """Where it was read, for people."""
    check_code: str
    """``XXXX-XXXX-XXXX`` over the manifest's bytes (FORMATS section 3)."""
    files: Mapping[str, ManifestFile] = field(repr=False)
    """The listed files by key, roles already narrowed by the profile, withdrawn ones left out."""
    directories: Mapping[str, str] = field(repr=False)
    """Required folders by key."""

    @property
    def version(self) -> str:
        """The version this manifest describes."""
        return self.manifest.version

    @property
    def product(self) -> str:
        """The product this manifest describes."""
        return self.manifest.product

    @cached_property
    def program(self) -> Mapping[str, ManifestFile]:
        """The `program` files by key, optional ones included."""
        return {key: file for key, file in self.files.items() if file.role is Role.PROGRAM}

    @cached_property
    def required(self) -> Mapping[str, ManifestFile]:
        """The non-optional `program` files by key."""
        return {key: file for key, file in self.program.items() if not file.optional}


@dataclass(frozen=True, slots=True)
class OsProblem:
    """What the operating system said (FORMATS section 3, ``error``)."""

    errno: int | None
    winerror: int | None
    text: str

    @classmethod
    def from_exception(cls, error: OSError) -> OsProblem:
        """Keep number and name, never the path (privacy)."""
        return cls(error.errno, getattr(error, "winerror", None), error.strerror or str(error))


class FileSeen(msgspec.Struct, frozen=True, gc=False):
    """One file as a look found it."""

    path: str
    """As on disk."""
    size: int
    mtime_ns: int
    sha256: str | None = None
    """None where it was not read (quick look, settings, strangers) or could not be."""
    error: OsProblem | None = None
    """Why it could not be read: the state `unreadable`."""


@dataclass(frozen=True)
class Inventory:
    """What is on the disk now; keyed by folded path."""

    root: Path
    mode: Mode
    files: Mapping[str, FileSeen]
    """Every regular file that is not `ignored` and not ours."""
    directories: Mapping[str, str]
    """Every folder below the root: key to the path as on disk."""
    links: tuple[str, ...]
    """Links and reparse points below the root: seen, not followed."""
    unreadable_directories: Mapping[str, OsProblem]
    """Folders (key, or ``""`` for the root) whose list could not be read."""
    ignored: int
    """Number of files whose role is `ignored`; never opened."""
    bytes_read: int
    newest_mtime_ns: int
    """Latest modification time of any program file; 0 when there is none."""

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """Content seen here: SHA-256 to one path as on disk."""
        return {seen.sha256: seen.path for seen in self.files.values() if seen.sha256}


@dataclass(frozen=True, slots=True)
class VersionFit:
    """How well one known version explains what is here (DESIGN section 5)."""

    version: str
    present: int
    """X: its non-optional program paths that exist here and could be read."""
    right: int
    """R: those of X with the right hash."""
    listed: int
    """All its non-optional program paths."""
    decisive_present: int
    """X over D, the paths that differ between the known versions."""
    decisive_right: int

    @property
    def precision(self) -> float:
        """R/X, 0 to 1; 0 when nothing of it is here."""
        return self.right / self.present if self.present else 0.0

    @property
    def recall(self) -> float:
        """R/all, 0 to 1."""
        return self.right / self.listed if self.listed else 0.0

    @property
    def decisive_precision(self) -> float:
        """R/X over D, 0 to 1."""
        return self.decisive_right / self.decisive_present if self.decisive_present else 0.0


@dataclass(frozen=True, slots=True)
class VersionMatch:
    """Which version belongs here and how sure we are."""

    fits: tuple[VersionFit, ...]
    """Best first."""
    winner: str | None
    runner_up: str | None
    margin: float
    """Lead in precision over D, 0 to 1."""
    decided_by: DecidedBy
    certain: bool
    doubts: tuple[str, ...]
    """Why it is not certain, as text ids."""

    def fit(self, version: str) -> VersionFit | None:
        """The fit of one version, None when it is not known."""
        return next((fit for fit in self.fits if fit.version == version), None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between a manifest and an inventory."""

    path: str
    """As the manifest writes it; for `extra` as on disk."""
    role: Role
    state: State
    expected: ManifestFile | None
    found: FileSeen | None


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one look (FORMATS section 3, ``before`` and ``after``)."""

    listed: int = 0
    """`program` files of the version, optional ones that are absent not counted."""
    ok: int = 0
    missing: int = 0
    changed: int = 0
    unreadable: int = 0
    newer: int = 0
    extra: int = 0
    settings: int = 0
    """`settings` files that are here."""
    settings_missing: int = 0
    ignored: int = 0
    bytes_missing: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A manifest against an inventory."""

    version: str
    counts: Counts
    findings: tuple[Finding, ...]
    """Sorted by path; everything but `ok`, strangers (`extra`) included."""
    missing_directories: tuple[str, ...]

    def having(self, *states: State, role: Role = Role.PROGRAM) -> tuple[Finding, ...]:
        """The findings of one role in any of the given states."""
        return tuple(f for f in self.findings if f.role is role and f.state in states)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The class of what happened and the signals that led to it."""

    kind: DiagnosisClass
    signals: tuple[str, ...]
    """Text ids with numbers already filled in as ``id:value`` where they have one."""


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


class Ending(StrEnum):
    """How a repair or an undo ended."""

    COMMITTED = "committed"
    NOTHING_TO_DO = "nothing-to-do"
    NOT_STARTED = "not-started"
    """Something stood in the way before the first commit; all is as it was."""
    ROLLED_BACK = "rolled-back"
    NOT_ROLLED_BACK = "not-rolled-back"
    UNDONE = "undone"


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


@dataclass(frozen=True, slots=True)
class Host:
    """This PC, as the report names it."""

    id: str
    """Random, kept in the state folder."""
    name: str
    os: str
    elevated: bool = False
    multi_session: bool = False


@dataclass(frozen=True, slots=True)
class ProcessSeen:
    """A running program."""

    name: str
    executable: str | None
    pid: int
