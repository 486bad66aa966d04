"""Where runs, records, the last report and observed manifests live.

Owns the layout of the state folder and the small documents in it; knows nothing of what a run
does. Layout::

    werkplekherstel-state.json   the marker: this folder is ours, and the random id of this PC
    catalogue/                   manifests that this PC observed itself
    records/<root>.json          what is known of one installation from earlier runs
    finds/<root, product>.json   where a search was sure (`workflow.remembering`)
    runs/<run id>/               journal and undo originals of one run (`repair/` writes them)
    reports/<run id>.json        one report a run
    last-report.json             the newest of them, which `report` renders
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from agent.errors import ItError, UsageError
from agent.outcomes import ExitCode
from agent.whole import write_whole

MARKER = "werkplekherstel-state.json"
SCHEMA = "werkplekherstel.state/1"
HOST_ID_BYTES = 16
"""Length of the random id of this PC."""
REPORTS_KEPT = 400
"""Newest reports that stay; older ones are removed."""
REPEATED_WITHIN = timedelta(days=7)
"""Restorations longer ago do not count as repeated damage."""
RUN_SUFFIX_BYTES = 2
"""Random part of a run id, so that two runs in one second differ."""


class _Marker(msgspec.Struct, frozen=True):
    schema: str
    host: str


class Restoration(msgspec.Struct, frozen=True):
    """The files that one run put back; removed again when the run is undone."""

    run_id: str
    at: str
    paths: tuple[str, ...]
    version_before: str | None = None
    """What the record said before that run; an undo says it again."""
    trust_before: str | None = None


class Record(msgspec.Struct, frozen=True):
    """What earlier runs know of one installation."""

    root: str
    product: str
    version: str | None = None
    """Version of the last healthy state, None when it was never seen."""
    trust: str | None = None
    """Of the manifest that said so."""
    restorations: tuple[Restoration, ...] = ()
    written_at: str | None = None
    """End of our last run that wrote, RFC 3339; what was written until then is no update."""
    hold: bool = False
    """Set by an undo: no unattended repair until a person repairs again."""
    root_id: str | None = None
    """File id of the folder; None in records of before it was noted."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """An opened state folder."""

    path: Path
    host_id: str

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.path / "runs"

    @property
    def catalogue(self) -> Path:
        """Manifests that this PC observed itself."""
        return self.path / "catalogue"

    def save_report(self, run_id: str, document: bytes) -> None:
        """Keep the report of a run as the newest one, and forget the oldest ones.

        Raises:
            OSError: because it can't be written.
        """
        self.establish()
        self._reports.mkdir(exist_ok=True)
        write_whole(self._reports / f"{run_id}.json", document)
        write_whole(self._last, document)
        # Names start with the time, so the first in order are the oldest.
        for old in sorted(self._reports.glob("*.json"))[:-REPORTS_KEPT]:
            old.unlink(missing_ok=True)

    def last_report(self) -> bytes | None:
        """The report of the run that ended last, None when no run has ended yet."""
        try:
            return self._last.read_bytes()
        except FileNotFoundError:
            return None

    @property
    def _reports(self) -> Path:
        return self.path / "reports"

    @property
    def _last(self) -> Path:
        # A copy of its own: names and times of reports lie when the clock was set back.
        return self.path / "last-report.json"

    def record(self, root: Path) -> Record | None:
        """What is known of this root.

        A record that can't be read counts as none, and so does one of another folder that had
        this name.
        """
        try:
            record = msgspec.json.decode(self._record_file(root).read_bytes(), type=Record)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        if not _has_good_times(record) or _of_another(record, root):
            return None
        return record

    def save_record(self, root: Path, record: Record) -> None:
        """Replace what is known of this root.

        Raises:
            OSError: because it can't be written.
        """
        self.establish()
        file = self._record_file(root)
        file.parent.mkdir(exist_ok=True)
        write_whole(file, msgspec.json.encode(record))

    def establish(self) -> None:
        """Make the folder ours before the first write; a run that only refuses makes nothing.

        Raises:
            OSError: because it can't be made.
        """
        marker = self.path / MARKER
        if not marker.exists():
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(marker, msgspec.json.encode(_Marker(SCHEMA, self.host_id)))

    def _record_file(self, root: Path) -> Path:
        name = hashlib.sha256(os.path.normcase(root).encode("utf-8", "surrogatepass")).hexdigest()
        return self.path / "records" / f"{name[:32]}.json"


def open_state(path: Path, *, create: bool) -> StateFolder:
    """Open the state folder; nothing is written before there is something to keep.

    Args:
        path: the folder.
        create: an absent or empty one will do, and is made with the first write; without it an
            absent folder is an error of its own.

    Raises:
        UsageError: ``state-not-ours`` because the folder holds something else.
        ItError: ``state-not-writable`` because this user may not even look there.
    """
    try:
        return StateFolder(path, _read_marker(path))
    except FileNotFoundError:
        pass
    except (msgspec.MsgspecError, UnicodeDecodeError, NotADirectoryError) as error:
        raise UsageError("state-not-ours", path=str(path)) from error
    except OSError as error:
        raise _not_writable(path, error) from error
    if not _is_free(path):
        raise UsageError("state-not-ours", path=str(path))
    if not create:
        raise UsageError("no-last-report", path=str(path))
    return StateFolder(path, secrets.token_hex(HOST_ID_BYTES))


def ensure_writable(state: StateFolder) -> None:
    """Find out before a long look whether a run can be kept; leaves nothing behind.

    Raises:
        ItError: ``state-not-writable`` because this user may not write there.
    """
    places = (state.runs, state.path, *state.path.parents)
    try:
        folder = next(place for place in places if place.exists())
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _not_writable(state.path, error) from error


def begin_keeping(state: StateFolder) -> None:
    """Make the folders that a run which writes needs.

    Raises:
        ItError: ``state-not-writable`` because this user may not write there.
    """
    try:
        state.establish()
        state.runs.mkdir(exist_ok=True)
    except OSError as error:
        raise _not_writable(state.path, error) from error


def _is_free(path: Path) -> bool:
    """Nothing there, or an empty folder; what a crash left of our own marker does not count."""
    try:
        # Asked first: Windows calls what lies below a file absent.
        nearest = next((place for place in (path, *path.parents) if place.exists()), None)
        if nearest is not None and not nearest.is_dir():
            return False
        return all(entry.name.startswith(f".{MARKER}.") for entry in path.iterdir())
    except FileNotFoundError:
        return not path.is_symlink()
    except OSError as error:
        raise _not_writable(path, error) from error


def _of_another(record: Record, root: Path) -> bool:
    try:
        return record.root_id is not None and record.root_id != str(root.stat().st_ino)
    except OSError:
        return False


def _has_good_times(record: Record) -> bool:
    written = () if record.written_at is None else (record.written_at,)
    try:
        times = [
            datetime.fromisoformat(text)
            for text in (*written, *(one.at for one in record.restorations))
        ]
    except ValueError:
        return False
    return all(time.tzinfo is not None for time in times)


def _read_marker(path: Path) -> str:
    marker = msgspec.json.decode((path / MARKER).read_bytes(), type=_Marker)
    if marker.schema != SCHEMA:
        raise UsageError("state-not-ours", path=str(path))
    return marker.host


def _not_writable(path: Path, error: OSError) -> ItError:
    text = error.strerror or str(error)
    return ItError("state-not-writable", ExitCode.NO_RIGHTS, path=str(path), error=text)


def new_run_id(now: datetime) -> str:
    """``20261123T080512Z-4f2a``: the time in UTC and a random part."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(RUN_SUFFIX_BYTES)}"


def repeated(record: Record | None, now: datetime) -> dict[str, int]:
    """How often each path was restored within the last seven days."""
    counts: dict[str, int] = {}
    for restoration in record.restorations if record else ():
        if now - datetime.fromisoformat(restoration.at) <= REPEATED_WITHIN:
            for path in restoration.paths:
                counts[path] = counts.get(path, 0) + 1
    return counts
