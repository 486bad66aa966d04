"""Reading a document the slow way: name every problem of it, or accept one written by hand.

`reading` comes here with any document that is not byte for byte what `writing` writes. Nothing in
a document may make this fail: depth, size, huge numbers and broken text are problems like others.
"""

from __future__ import annotations

import json

from agent.errors import ManifestError
from agent.manifest import limits
from agent.manifest.fields import FieldReader
from agent.manifest.problems import NotAnInteger, Object, Problems
from agent.model import Manifest

_INTEGER_DIGITS = 20
"""Digits of an integer that is worth converting; far above every limit."""
_BOM = b"\xef\xbb\xbf"


def explain(data: bytes, place: str) -> Manifest:
    """The manifest in a document that is not canonical.

    Args:
        data: the document.
        place: where it was read, for people.

    Raises:
        ManifestError: because of every problem that it names.
    """
    problems = Problems()
    top = _decode(data, problems)
    if top is not None and _schema_fits(top, problems):
        manifest = FieldReader(problems).manifest(top)
        if manifest is not None and not problems.named:
            return manifest
    raise ManifestError(place, tuple(problems.named), problems.more)


def _decode(data: bytes, problems: Problems) -> Object | None:
    """The JSON object, None when there is none (the problem has been added)."""
    if data.startswith(_BOM):
        problems.add("", "document-byte-order-mark")
        data = data.removeprefix(_BOM)
    if not data.strip():
        problems.add("", "document-empty")
        return None
    if sum(data.count(mark) for mark in (b",", b"{", b"[")) > limits.MAX_VALUES:
        problems.add("", "document-too-many-values", str(limits.MAX_VALUES))
        return None
    value = _json(data, problems)
    if value is not None and not isinstance(value, Object):
        problems.add("", "document-not-an-object")
        return None
    return value


def _json(data: bytes, problems: Problems) -> object:
    try:
        value: object = json.loads(
            data.decode(),
            object_pairs_hook=Object,
            parse_int=_integer,
            parse_float=NotAnInteger,
            parse_constant=NotAnInteger,
        )
    except UnicodeDecodeError as error:
        problems.add("", "document-not-utf-8", str(error.start))
    except json.JSONDecodeError as error:
        problems.add("", "document-not-json", f"{error.lineno}:{error.colno}")
    except RecursionError:
        problems.add("", "document-too-deep")
    else:
        return NotAnInteger("null") if value is None else value
    return None


def _integer(text: str) -> object:
    return int(text) if len(text) <= _INTEGER_DIGITS else NotAnInteger(text)


def _schema_fits(top: Object, problems: Problems) -> bool:
    """Whether it is worth looking at the rest: another version may rightly differ in anything."""
    schema = top.get("schema")
    if not isinstance(schema, str) or not schema.startswith(limits.SCHEMA_FAMILY):
        return True
    if schema == limits.SCHEMA:
        return True
    problems.add("schema", "schema-version", schema)
    return False
