"""The wanted list: what a PC that could not be completed still misses (FORMATS section 5).

``werkplekherstel.wanted/1``: left on a stick or share for other PCs, of whatever version and
health, to supply. Only `program` files, never settings. Reading is strict and names every problem.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import WantedListError
from agent.hashing import open_regular
from agent.manifest import limits
from agent.manifest.fields import is_name, is_plain, is_time
from agent.manifest.names import fold, problems_of
from agent.manifest.problems import NotAnInteger, Object, Problems
from agent.model import ManifestFile, Role, Wanted
from agent.whole import write_whole

SCHEMA = "werkplekherstel.wanted/1"
MAX_DOCUMENT_BYTES = 64 * 1024**2
"""A wanted list names at most one version's files; read whole."""
MAX_HOST_CHARACTERS = 255

_TOP = ("created", "files", "host", "product", "schema", "version")
_FILE = ("path", "sha256", "size")
_HASH = re.compile(rf"[0-9a-f]{{{limits.SHA256_CHARACTERS}}}")
_INTEGER_DIGITS = 20


@dataclass(frozen=True, slots=True)
class WantedList:
    """One PC's wanted list."""

    product: str
    version: str
    host: str
    """The random id of the PC, never its name."""
    created: str
    """RFC 3339 UTC."""
    files: tuple[Wanted, ...]
    """Sorted by path; empty when the PC is complete again."""


def wanted_from(files: Iterable[ManifestFile]) -> tuple[Wanted, ...]:
    """Questions for the `program` files among these, sorted by path."""
    program = (file for file in files if file.role is Role.PROGRAM)
    wanted = (Wanted(file.sha256, file.size, file.path) for file in program)
    return tuple(sorted(wanted, key=lambda each: each.path))


def to_bytes(wanted: WantedList) -> bytes:
    """The document: UTF-8, sorted keys, LF; the same list gives the same bytes."""
    files = sorted(wanted.files, key=lambda each: each.path)
    document = {
        "created": wanted.created,
        "files": [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in files],
        "host": wanted.host,
        "product": wanted.product,
        "schema": SCHEMA,
        "version": wanted.version,
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def write(wanted: WantedList, path: Path) -> None:
    """Write the document whole: a temporary file beside it, flushed, then put in its place.

    Raises:
        OSError: because the folder can't be written; an earlier file is then as it was.
    """
    write_whole(path, to_bytes(wanted))


def read(path: Path) -> WantedList:
    """The wanted list in a file.

    Raises:
        WantedListError: because the file can't be read or the document is refused.
    """
    try:
        with open_regular(str(path)) as file:
            data = file.read(MAX_DOCUMENT_BYTES + 1) or b""
    except FileNotFoundError as error:
        raise _refused(str(path), "document-absent") from error
    except OSError as error:
        raise _refused(str(path), "document-unreadable", str(error.strerror)) from error
    return parse(data, str(path))


def parse(data: bytes, place: str) -> WantedList:
    """The wanted list in a document.

    Args:
        data: the document.
        place: where it was read, for people.

    Raises:
        WantedListError: because of every problem that it names.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise _refused(place, "document-too-large", str(len(data)))
    problems = Problems()
    wanted = _Reader(problems).top(_object(data, place))
    if problems.named:
        raise WantedListError(place, tuple(problems.named), problems.more)
    return wanted


def _object(data: bytes, place: str) -> Object:
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=Object,
            parse_int=lambda text: (
                int(text) if len(text) <= _INTEGER_DIGITS else NotAnInteger(text)
            ),
            parse_float=NotAnInteger,
            parse_constant=NotAnInteger,
        )
    except UnicodeDecodeError as error:
        raise _refused(place, "document-not-utf-8", str(error.start)) from error
    except json.JSONDecodeError as error:
        raise _refused(place, "document-not-json", f"{error.lineno}:{error.colno}") from error
    except RecursionError as error:
        raise _refused(place, "document-too-deep") from error
    if not isinstance(value, Object):
        raise _refused(place, "document-not-an-object")
    return value


def _refused(place: str, problem: str, facts: str = "") -> WantedListError:
    return WantedListError(place, (("", problem, facts),))


class _Reader:
    """Checks every value and collects what is wrong; what it returns is worthless then."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def top(self, found: Object) -> WantedList:
        self._keys("", found, _TOP)
        schema = self._text("", found, "schema")
        if schema and schema != SCHEMA:
            self._problems.add("schema", "schema-unknown", schema)
        names = {key: self._text("", found, key) for key in ("product", "version")}
        for key, text in names.items():
            if text and not is_name(text):
                self._problems.add(key, "name-not-allowed", text)
        host, created = self._text("", found, "host"), self._text("", found, "created")
        if host and not is_plain(host, MAX_HOST_CHARACTERS):
            self._problems.add("host", "text-not-plain", host)
        if created and not is_time(created):
            self._problems.add("created", "time-not-utc", created)
        files = self._files(found.get("files", []))
        return WantedList(names["product"], names["version"], host, created, files)

    def _files(self, entries: object) -> tuple[Wanted, ...]:
        if not isinstance(entries, list):
            self._problems.add("files", "value-not-a-list", entries)
            return ()
        if len(entries) > limits.MAX_FILES:
            self._problems.add("files", "too-many-entries", len(entries))
            return ()
        files: dict[str, Wanted] = {}
        for index, entry in enumerate(entries):
            where = f"files[{index}]"
            if not isinstance(entry, Object):
                self._problems.add(where, "value-not-an-object", entry)
                continue
            wanted = self._file(where, entry)
            if files.setdefault(fold(wanted.path), wanted) is not wanted and wanted.path:
                self._problems.add(where, "path-twice", wanted.path)
        return tuple(sorted(files.values(), key=lambda each: each.path))

    def _file(self, where: str, found: Object) -> Wanted:
        self._keys(f"{where}.", found, _FILE)
        path = self._text(f"{where}.", found, "path")
        for problem in problems_of(path) if "path" in found else ():
            self._problems.add(f"{where}.path", problem, path)
        sha256 = self._text(f"{where}.", found, "sha256")
        if "sha256" in found and not _HASH.fullmatch(sha256):
            self._problems.add(f"{where}.sha256", "hash-not-sha256", sha256)
        return Wanted(sha256, self._size(f"{where}.size", found), path)

    def _size(self, where: str, found: Object) -> int:
        value = found.get("size", 0)
        if isinstance(value, bool) or not isinstance(value, int):
            self._problems.add(where, "value-not-an-integer", value)
        elif not 0 <= value <= limits.MAX_FILE_BYTES:
            self._problems.add(where, "value-out-of-range", value)
        else:
            return value
        return 0

    def _text(self, where: str, found: Object, key: str) -> str:
        """Empty when it is absent or no text; an empty text is a problem of its own."""
        value = found.get(key)
        if isinstance(value, str) and (value or key in {"path", "sha256"}):
            return value
        if key in found:
            self._problems.add(f"{where}{key}", "value-not-text", value)
        return ""

    def _keys(self, where: str, found: Object, expected: Sequence[str]) -> None:
        for key in found.twice:
            self._problems.add(f"{where}{key}", "key-twice", key)
        for key in found:
            if key not in expected:
                self._problems.add(f"{where}{key}", "key-unknown", key)
        for key in expected:
            if key not in found:
                self._problems.add(f"{where}{key}", "key-absent", key)
