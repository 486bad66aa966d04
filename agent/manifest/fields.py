"""Every rule for the fields of a manifest, applied one by one so that all problems are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from agent.manifest import limits
from agent.manifest.bulk import ancestors
from agent.manifest.names import fold, is_device, problems_of
from agent.manifest.problems import Object, Problems
from agent.model import Manifest, ManifestFile, Role
from agent.profiles.profile import NAME_PATTERN

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_HASH = re.compile(rf"[0-9a-f]{{{limits.SHA256_CHARACTERS}}}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")

_TOP_REQUIRED = ("created", "directories", "files", "origin", "product", "schema", "version")
_TOP_OPTIONAL = ("sequence", "stamp", "withdrawn")
_FILE_REQUIRED = ("optional", "path", "role", "sha256", "size")
_FILE_OPTIONAL = ("mtime",)


def is_time(text: str) -> bool:
    """Whether a text is a moment as we write it: RFC 3339, UTC with ``Z``, whole seconds."""
    if _TIME.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_name(text: str) -> bool:
    """Whether a text may be the name of a product or a version."""
    return NAME_PATTERN.fullmatch(text) is not None and not is_device(text)


def is_plain(text: str, limit: int) -> bool:
    """Whether a text has 1 to `limit` characters, all of them to be shown."""
    return 0 < len(text) <= limit and _UNPRINTABLE.search(text) is None


class FieldReader:
    """Checks the values of one document and collects what is wrong with them."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def manifest(self, top: Object) -> Manifest | None:
        """The manifest that a JSON object holds; None or worthless once there are problems."""
        self._keys("", top, _TOP_REQUIRED, _TOP_OPTIONAL)
        schema = self._text(top, "", "schema")
        if schema is not None and schema != limits.SCHEMA:
            self._problems.add("schema", "schema-unknown", schema)
        named = {key: self._name(top, key) for key in ("product", "version")}
        created = self._time(top, "", "created")
        origin = self._plain(top, "origin", limits.MAX_ORIGIN_CHARACTERS)
        stamp = self._plain(top, "stamp", limits.MAX_STAMP_CHARACTERS)
        sequence = self._integer(top, "", "sequence", limits.MAX_SEQUENCE)
        directories = self._directories(self._list(top, "directories"))
        withdrawn = self._withdrawn(self._list(top, "withdrawn"))
        files = self._files(self._list(top, "files"))
        self._collisions(files, directories)
        if self._problems.named:
            return None
        return Manifest(
            created=created or "",
            directories=tuple(sorted(directories)),
            files=tuple(sorted(files, key=lambda file: file.path)),
            origin=origin or "",
            product=named["product"] or "",
            sequence=msgspec.UNSET if sequence is None else sequence,
            stamp=msgspec.UNSET if stamp is None else stamp,
            version=named["version"] or "",
            withdrawn=tuple(sorted(withdrawn)),
        )

    def _keys(
        self, where: str, found: Object, required: Sequence[str], optional: Sequence[str]
    ) -> None:
        dot = f"{where}." if where else ""
        for key in found.twice:
            self._problems.add(f"{dot}{key}", "key-twice", key)
        for key in found:
            if key not in required and key not in optional:
                self._problems.add(f"{dot}{key}", "key-unknown", key)
        for key in required:
            if key not in found:
                self._problems.add(f"{dot}{key}", "key-absent", key)

    def _text(self, found: Object, where: str, key: str) -> str | None:
        if key not in found:
            return None
        value = found[key]
        if isinstance(value, str):
            return value
        self._problems.add(f"{where}{key}", "value-not-text", value)
        return None

    def _name(self, found: Object, key: str) -> str | None:
        text = self._text(found, "", key)
        if text is not None and not is_name(text):
            self._problems.add(key, "name-not-allowed", text)
        return text

    def _plain(self, found: Object, key: str, limit: int) -> str | None:
        text = self._text(found, "", key)
        if text is not None and not is_plain(text, limit):
            self._problems.add(key, "text-not-plain", text)
        return text

    def _time(self, found: Object, where: str, key: str) -> str | None:
        text = self._text(found, where, key)
        if text is not None and not is_time(text):
            self._problems.add(f"{where}{key}", "time-not-utc", text)
        return text

    def _integer(self, found: Object, where: str, key: str, limit: int) -> int | None:
        if key not in found:
            return None
        value = found[key]
        if isinstance(value, bool) or not isinstance(value, int):
            self._problems.add(f"{where}{key}", "value-not-an-integer", value)
        elif not 0 <= value <= limit:
            self._problems.add(f"{where}{key}", "value-out-of-range", value)
        else:
            return value
        return None

    def _list(self, found: Object, key: str) -> list[object]:
        value = found.get(key, [])
        if not isinstance(value, list):
            self._problems.add(key, "value-not-a-list", value)
            return []
        if len(value) > limits.MAX_FILES:
            self._problems.add(key, "too-many-entries", len(value))
            return []
        return value

    def _directories(self, entries: Iterable[object]) -> list[str]:
        paths: list[str] = []
        for index, entry in enumerate(entries):
            where = f"directories[{index}]"
            if isinstance(entry, str):
                self._path(where, entry)
                paths.append(entry)
            else:
                self._problems.add(where, "value-not-text", entry)
        return paths

    def _path(self, where: str, path: str) -> None:
        for problem in problems_of(path):
            self._problems.add(where, problem, path)

    def _withdrawn(self, entries: Iterable[object]) -> list[str]:
        seen: dict[str, None] = {}
        for index, entry in enumerate(entries):
            where = f"withdrawn[{index}]"
            if not isinstance(entry, str):
                self._problems.add(where, "value-not-text", entry)
            elif _HASH.fullmatch(entry) is None:
                self._problems.add(where, "hash-not-sha256", entry)
            elif entry in seen:
                self._problems.add(where, "hash-twice", entry)
            else:
                seen[entry] = None
        return list(seen)

    def _files(self, entries: Iterable[object]) -> list[ManifestFile]:
        files: list[ManifestFile] = []
        for index, entry in enumerate(entries):
            where = f"files[{index}]"
            if isinstance(entry, Object):
                files.append(self._file(where, entry))
            else:
                self._problems.add(where, "value-not-an-object", entry)
        return files

    def _file(self, where: str, found: Object) -> ManifestFile:
        self._keys(where, found, _FILE_REQUIRED, _FILE_OPTIONAL)
        dot = f"{where}."
        path = self._text(found, dot, "path")
        if path is not None:
            self._path(f"{dot}path", path)
        sha256 = self._text(found, dot, "sha256")
        if sha256 is not None and _HASH.fullmatch(sha256) is None:
            self._problems.add(f"{dot}sha256", "hash-not-sha256", sha256)
        optional = found.get("optional", False)
        if not isinstance(optional, bool):
            self._problems.add(f"{dot}optional", "value-not-a-flag", optional)
        mtime = self._time(found, dot, "mtime")
        return ManifestFile(
            mtime=msgspec.UNSET if mtime is None else mtime,
            optional=optional is True,
            path=path or "",
            role=self._role(found, dot),
            sha256=sha256 or "",
            size=self._integer(found, dot, "size", limits.MAX_FILE_BYTES) or 0,
        )

    def _role(self, found: Object, where: str) -> Role:
        role = self._text(found, where, "role")
        if role is None:
            return Role.PROGRAM
        try:
            return Role(role)
        except ValueError:
            self._problems.add(f"{where}role", "role-unknown", role)
            return Role.PROGRAM

    def _collisions(self, files: Sequence[ManifestFile], directories: Sequence[str]) -> None:
        """Names that are one name to Windows, and files that would have to be folders too."""
        places = self._twice("files", [file.path for file in files])
        folders = self._twice("directories", directories)
        above = ancestors([*places, *folders]) | folders.keys()
        for key, where in places.items():
            if key in above:
                self._problems.add(where, "path-file-and-folder", key)

    def _twice(self, kind: str, paths: Sequence[str]) -> dict[str, str]:
        seen: dict[str, str] = {}
        for index, path in enumerate(paths):
            where = f"{kind}[{index}]"
            first = seen.setdefault(fold(path), where)
            if first != where and path:
                self._problems.add(where, "path-twice", f"{path} = {first}")
        return seen
