"""What a look found, what it means, and whom it was found on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from agent.model.manifests import ManifestFile
from agent.model.vocabulary import DecidedBy, DiagnosisClass, Mode, Role, State


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
    blocked_directories: tuple[str, ...] = ()
    """Required folders in whose place, or above it, a file stands: nobody can put those back."""

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
