"""Strict reading of a manifest (FORMATS section 4).

Two ways to the same answer. The fast one is for documents that are byte for byte what `writing`
writes: a typed decode, checks over all files at once, and the proof that the values written again
give the same bytes (so no key is there twice, none is unknown, no number is odd). Anything else
goes to `explaining`, which looks at every value and names every problem.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from agent.errors import ManifestError
from agent.manifest import limits
from agent.manifest.bulk import ancestors, checked_keys, not_collecting, remember_files
from agent.manifest.explaining import explain
from agent.manifest.fields import is_name, is_plain, is_time
from agent.model import Manifest, ManifestFile

_HEXADECIMAL = b"0123456789abcdef"
_NO_FILES = b',"files":[]'
_COMMA = ord(",")
_FILES_AT_ONCE = 1000
"""Written again at a time: what fits into the processor's cache."""
_TIME_FORM = b"0000-00-00T00:00:00Z"
_DIGITS_TO_ZERO = bytes.maketrans(b"0123456789", b"0000000000")


def read(path: Path) -> tuple[Manifest, bytes]:
    """The manifest in a file, and the bytes it was read from.

    Raises:
        ManifestError: because the file can't be read or the document is refused.
    """
    data = _bytes_of(path)
    return parse(data, str(path)), data


def _bytes_of(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, "document-not-a-file")
        if found.st_size > limits.MAX_DOCUMENT_BYTES:
            raise _refused(path, "document-too-large", str(found.st_size))
        with path.open("rb") as stream:
            return stream.read(limits.MAX_DOCUMENT_BYTES + 1)
    except FileNotFoundError as error:
        raise _refused(path, "document-absent") from error
    except (OSError, ValueError) as error:
        raise _refused(path, "document-unreadable", str(error)) from error


def _refused(path: Path, problem: str, facts: str = "") -> ManifestError:
    return ManifestError(str(path), (("", problem, facts),))


def parse(data: bytes, place: str) -> Manifest:
    """The manifest in a document.

    Args:
        data: the document.
        place: where it was read, for people.

    Raises:
        ManifestError: because of every problem that it names.
    """
    if len(data) > limits.MAX_DOCUMENT_BYTES:
        raise ManifestError(place, (("", "document-too-large", str(len(data))),))
    with not_collecting():
        manifest = _decoded(data)
        if manifest is not None and _passes(manifest):
            return manifest
    return explain(data, place)


def _decoded(data: bytes) -> Manifest | None:
    """The typed values, None unless they give the same bytes when written again."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
        same = _writes_back(manifest, data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return manifest if same else None


def _writes_back(manifest: Manifest, data: bytes) -> bool:
    """Whether `writing` would give these very bytes; a second whole document is never held.

    The head is written without files to see where they go. Inside a text ``,"files":[]`` can't
    occur: there a quotation mark has a backslash before it.
    """
    frame = msgspec.json.encode(msgspec.structs.replace(manifest, files=()))
    at = frame.index(_NO_FILES) + len(_NO_FILES) - 1
    if not data.startswith(frame[:at]):
        return False
    tail = frame[at:] + b"\n"
    encoder, buffer = msgspec.json.Encoder(), bytearray()
    for start in range(0, len(manifest.files), _FILES_AT_ONCE):
        encoder.encode_into(manifest.files[start : start + _FILES_AT_ONCE], buffer)
        buffer[0] = _COMMA  # between two lots; the first has none before it
        with memoryview(buffer) as lot:
            piece = lot[0 if start else 1 : -1]
            same = data.startswith(piece, at)
            at += len(piece)
            piece.release()
        if not same:
            return False
    return len(data) == at + len(tail) and data.endswith(tail)


def _passes(manifest: Manifest) -> bool:
    """Whether nothing at all is wrong; what is, `explain` says."""
    return _head_good(manifest) and _values_good(manifest.files) and _paths_good(manifest)


def _head_good(manifest: Manifest) -> bool:
    stamp, sequence, withdrawn = manifest.stamp, manifest.sequence, manifest.withdrawn
    return (
        manifest.schema == limits.SCHEMA
        and is_name(manifest.product)
        and is_name(manifest.version)
        and is_time(manifest.created)
        and is_plain(manifest.origin, limits.MAX_ORIGIN_CHARACTERS)
        and (stamp is msgspec.UNSET or is_plain(stamp, limits.MAX_STAMP_CHARACTERS))
        and (sequence is msgspec.UNSET or 0 <= sequence <= limits.MAX_SEQUENCE)
        and max(map(len, (manifest.files, manifest.directories, withdrawn))) <= limits.MAX_FILES
        and _hashes_good(withdrawn)
        and all(len(sha256) == limits.SHA256_CHARACTERS for sha256 in withdrawn)
        and len(set(withdrawn)) == len(withdrawn)
    )


def _values_good(files: Sequence[ManifestFile]) -> bool:
    """Sizes and the length of hashes were checked while decoding (`model.ManifestFile`)."""
    return _hashes_good([file.sha256 for file in files]) and _times_good(files)


def _hashes_good(hashes: Iterable[str]) -> bool:
    joined = "".join(hashes)
    return joined.isascii() and not joined.encode().translate(None, _HEXADECIMAL)


def _times_good(files: Sequence[ManifestFile]) -> bool:
    """Distinct times joined: the form at once, then only what has more than one possible value."""
    times = {file.mtime for file in files}
    times.discard(msgspec.UNSET)
    if not times:
        return True
    raw = "\n".join(time for time in times if time is not msgspec.UNSET).encode("utf-8", "replace")
    form = b"\n".join([_TIME_FORM] * len(times))
    if raw.translate(_DIGITS_TO_ZERO) != form:
        return False
    step = len(_TIME_FORM) + 1
    minutes_seconds = raw[14::step] + raw[17::step]
    hours = set(zip(raw[11::step], raw[12::step], strict=True))
    days = {raw[start : start + 10] for start in range(0, len(raw), step)}
    return (
        not minutes_seconds.translate(None, b"012345")
        and all(bytes(hour) < b"24" for hour in hours)
        and all(is_time(f"{day.decode()}T00:00:00Z") for day in days)
    )


def _paths_good(manifest: Manifest) -> bool:
    directories = manifest.directories
    keys = checked_keys([file.path for file in manifest.files])
    folders = checked_keys(directories)
    if keys is None or folders is None:
        return False
    distinct = dict(zip(keys, manifest.files, strict=True))
    if len(distinct) != len(keys) or len(set(folders)) != len(folders):
        return False
    if not (_apart(distinct, folders) and _apart(distinct, ancestors(folders))):
        return False
    if not _apart(distinct, ancestors(keys)):
        return False
    remember_files(manifest, distinct)
    return True


def _apart(files: dict[str, ManifestFile], folders: Iterable[str]) -> bool:
    return files.keys().isdisjoint(folders)
