"""The closed vocabularies: one enum each, with the words of the documents as values."""

from __future__ import annotations

from enum import StrEnum


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


class Ending(StrEnum):
    """How a repair or an undo ended."""

    COMMITTED = "committed"
    NOTHING_TO_DO = "nothing-to-do"
    NOT_STARTED = "not-started"
    """Something stood in the way before the first commit; all is as it was."""
    ROLLED_BACK = "rolled-back"
    NOT_ROLLED_BACK = "not-rolled-back"
    UNDONE = "undone"
