"""Every document that a test produces is validated here against the schema in the package.

The schema of the report is open, as its readers are; here it is closed, so that a key that slips in
is noticed where the document is made.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator for `report`, `manifest` or `wanted`."""
    place = resources.files("agent.reporting").joinpath("schemas", f"{name}.schema.json")
    schema = json.loads(place.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(_closed(schema))


@cache
def published(name: str) -> Draft202012Validator:
    """The validator for a schema as others get it."""
    place = resources.files("agent.reporting").joinpath("schemas", f"{name}.schema.json")
    return Draft202012Validator(json.loads(place.read_text(encoding="utf-8")))


def _closed(part: Any) -> Any:
    """The same schema, refusing what it does not name in any object whose shape it gives."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {key: _closed(value) for key, value in part.items()}
    if part.get("type") in ("object", ["object", "null"]) and "properties" in part:
        closed.setdefault("additionalProperties", False)
    return closed


def validate_report(document: bytes | str | dict[str, Any]) -> dict[str, Any]:
    """The report as a dict; fails with every place where it breaks the schema."""
    return _validated("report", document)


def validate_manifest(document: bytes | str | dict[str, Any]) -> dict[str, Any]:
    """The manifest as a dict; fails with every place where it breaks the schema."""
    return _validated("manifest", document)


def validate_wanted(document: bytes | str | dict[str, Any]) -> dict[str, Any]:
    """The wanted list as a dict; fails with every place where it breaks the schema."""
    return _validated("wanted", document)


def _validated(name: str, document: bytes | str | dict[str, Any]) -> dict[str, Any]:
    content = document if isinstance(document, dict) else json.loads(document)
    errors = [f"{e.json_path}: {e.message[:200]}" for e in validator(name).iter_errors(content)]
    assert not errors, "\n".join(errors[:20])
    return content
