"""What a run is about to do and has done, in a form that survives a power cut.

``runs/<id>/journal.jsonl``: one record a line, each with a checksum over itself and over all lines
before it, so a lost, swapped, cut off or flipped line ends what is believed. Three flushes a run:
intent, commit, done. A run without the last one is *unfinished*.

Owns the records, writing and strict reading. Nobody acts on a journal here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec

from agent.manifest.names import STAGING_PREFIX, problems_of
from agent.repair.containment import RUN_ID, is_staging
from agent.repair.file_ops import FileOps

JOURNAL_NAME = "journal.jsonl"
TAIL_NAME = "journal.bad"
"""Lines that could not be believed, kept when a later run goes on with a damaged journal."""
ORIGINALS = "originals"
"""Folder of the replaced originals beside the journal."""
MAX_JOURNAL_BYTES = 1 << 30
_SUM_CHARACTERS = 16
JOURNALS_REMEMBERED = 32
"""A run reads the journals of its installation several times; each is worked out once."""
_SHORT = 8
_SHA256 = 64
_HEXADECIMAL = frozenset("0123456789abcdef")


class Kind(StrEnum):
    """What a run does."""

    REPAIR = "repair"
    UNDO = "undo"


class Store(StrEnum):
    """Where replaced originals are kept."""

    STATE = "state"
    """Beside the journal: same volume as the root, so a rename brings them back."""
    ROOT = "root"
    """In our hidden folder inside the root."""


class Closed(StrEnum):
    """How a run was closed in its journal."""

    COMMITTED = "committed"
    NOT_STARTED = "not-started"
    ROLLED_BACK = "rolled-back"
    NOT_ROLLED_BACK = "not-rolled-back"
    INTERRUPTED = "interrupted"
    """It was broken off; a later run cleaned up. What it had committed stays and can be undone."""
    UNDONE = "undone"


class Old(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is replaced, as it was."""

    sha256: str
    size: int
    mtime_ns: int
    mode: int


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file that a run puts in place (repair) or takes back (undo)."""

    path: str
    """Below the root."""
    staged: str
    """Below the root: the hidden name of our bytes before they are in place, or after."""
    sha256: str
    size: int
    old: Old | None = None
    """None: nothing was there."""
    backup: str | None = None
    """Number of the original in its store."""
    origin: str = ""
    """Run whose store has the original."""
    store: Store = Store.STATE


class Intent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="intent", kw_only=True):
    """Before the first write: every name that the run may leave behind."""

    run: str
    sequence: int
    """Order of runs; clocks may jump."""
    kind: Kind
    root: str
    root_id: str
    """File id of the root folder."""
    product: str = ""
    version: str = ""
    way: str = ""
    started: str = ""
    continues: str | None = None
    """The interrupted run that this one goes on with."""
    undoes: tuple[str, ...] = ()
    """Runs that this one takes back, newest first."""
    staging: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    """Folders that it may make (repair) or remove when empty (undo), parents first."""
    store: Store = Store.STATE


class Commit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="commit"):
    """All is staged, verified and flushed; from here on files change."""

    targets: tuple[Target, ...]
    made: tuple[str, ...] = ()
    """Folders that were made, parents first."""


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="settled"):
    """What an interrupted run had really done, noted before its leftovers are removed.

    In an undo: all is back, and hidden names are left that could not be removed yet.
    """

    committed: tuple[int, ...]
    """Places in the targets of its commit."""
    made: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="done"):
    """Nothing of this run is left to do or to clean."""

    ending: Closed
    committed: tuple[int, ...] = ()
    made: tuple[str, ...] = ()
    results: tuple[tuple[str, str, str | None], ...] = ()
    """Path, result, reason of every file that did not simply succeed."""


Record = Intent | Commit | Settled | Done


class Journal:
    """Appends records; each call is one flush."""

    def __init__(self, path: Path, ops: FileOps, *, end: int = 0, chain: str = "") -> None:
        self._path = path
        self._ops = ops
        self._end = end
        self._chain = chain

    def write(self, record: Record) -> None:
        """Append one record and flush it.

        Raises:
            OSError: because it could not be written; what was believed before still is.
        """
        body = msgspec.json.encode(record)
        chain = _checksum(self._chain, body)
        line = b"%s %s\n" % (chain.encode(), body)
        self._ops.append(self._path, line, self._end)
        self._end += len(line)
        self._chain = chain


@dataclass(frozen=True, slots=True)
class JournalRead:
    """What can be believed of a journal."""

    intent: Intent
    commit: Commit | None
    settled: Settled | None
    done: Done | None
    end: int
    """Bytes that are believed."""
    chain: str
    tail: bytes
    """What follows them."""

    def reopen(self, path: Path, ops: FileOps) -> Journal:
        """Go on writing after the last good line; a bad tail is kept aside first."""
        if self.tail:
            ops.append(path.with_name(TAIL_NAME), self.tail, 0)
        return Journal(path, ops, end=self.end, chain=self.chain)


def read(path: Path) -> JournalRead | None:
    """Read a journal; None when its first line can't be believed or it is no journal at all."""
    try:
        if path.stat().st_size > MAX_JOURNAL_BYTES:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    return parse(data, path.parent.name)


@lru_cache(maxsize=JOURNALS_REMEMBERED)
def parse(data: bytes, run_id: str) -> JournalRead | None:
    """The believable beginning of a journal; the same bytes always mean the same.

    Args:
        data: the whole file.
        run_id: name of the folder it lies in; a journal of another run is none.
    """
    records: dict[type[Record], Record] = {}
    end, chain = 0, ""
    for line in data.splitlines(keepends=True):
        record, checksum = _decode(line, chain)
        if record is None or not _fits(record, records, run_id):
            break
        records[type(record)] = record
        end, chain = end + len(line), checksum
    intent = records.get(Intent)
    if not isinstance(intent, Intent):
        return None
    commit, settled, done = records.get(Commit), records.get(Settled), records.get(Done)
    return JournalRead(
        intent,
        commit if isinstance(commit, Commit) else None,
        settled if isinstance(settled, Settled) else None,
        done if isinstance(done, Done) else None,
        end,
        chain,
        data[end:],
    )


def short_id(run_id: str) -> str:
    """What makes the staging names of one run its own: eight hexadecimal characters."""
    return hashlib.sha256(run_id.encode()).hexdigest()[:_SHORT]


def staging_name(run_id: str, path: str, number: int) -> str:
    """The hidden name beside a listed path, in the same folder."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{STAGING_PREFIX}{short_id(run_id)}-{number}"


def _checksum(chain: str, body: bytes) -> str:
    return hashlib.sha256(chain.encode() + body).hexdigest()[:_SUM_CHARACTERS]


def _decode(line: bytes, chain: str) -> tuple[Record | None, str]:
    checksum, space, body = line.partition(b" ")
    body = body.removesuffix(b"\n")
    good = _checksum(chain, body)
    if not space or not line.endswith(b"\n") or checksum != good.encode():
        return None, ""
    try:
        return msgspec.json.decode(body, type=Record), good
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None, ""


def _fits(record: Record, before: dict[type[Record], Record], run_id: str) -> bool:
    """The record may stand here, and every name in it is one that we could have given."""
    if type(record) in before or Done in before:
        return False
    if isinstance(record, Intent):
        return not before and _intent_fits(record, run_id)
    intent = before.get(Intent)
    if not isinstance(intent, Intent):
        return False
    if isinstance(record, Commit):
        return Settled not in before and _commit_fits(record, intent)
    commit = before.get(Commit)
    count = len(commit.targets) if isinstance(commit, Commit) else 0
    made = set(intent.directories)
    return all(0 <= place < count for place in record.committed) and made.issuperset(record.made)


def _intent_fits(intent: Intent, run_id: str) -> bool:
    runs = (intent.run, *intent.undoes, *([intent.continues] if intent.continues else ()))
    return (
        intent.run == run_id
        and all(RUN_ID.fullmatch(run) for run in runs)
        and all(_staging_of(intent.run, name) for name in intent.staging)
        and not any(problems_of(folder) for folder in intent.directories)
    )


def _commit_fits(commit: Commit, intent: Intent) -> bool:
    names = set(intent.staging)

    def fits(target: Target) -> bool:
        return target.staged in names and _target_fits(target)

    return set(intent.directories).issuperset(commit.made) and all(map(fits, commit.targets))


def _target_fits(target: Target) -> bool:
    replaces = target.old is not None
    return (
        not problems_of(target.path)
        and target.path.rpartition("/")[0] == target.staged.rpartition("/")[0]
        and _is_sha256(target.sha256)
        and (target.old is None or _is_sha256(target.old.sha256))
        and (target.backup is not None) is replaces
        and (not replaces or (str(target.backup).isdecimal() and str(target.backup).isascii()))
        and (not replaces or RUN_ID.fullmatch(target.origin) is not None)
    )


def _staging_of(run_id: str, name: str) -> bool:
    return is_staging(name) and name.rpartition("/")[2].startswith(
        f"{STAGING_PREFIX}{short_id(run_id)}-"
    )


def _is_sha256(text: str) -> bool:
    return len(text) == _SHA256 and _HEXADECIMAL.issuperset(text)
