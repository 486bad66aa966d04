"""What `manifest` says: text, or one JSON document."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from agent.cli.output import Style, write_data
from agent.manifest.check_code import check_code
from agent.manifest.difference import ManifestDifference
from agent.manifest.making import Made
from agent.manifest.writing import to_bytes
from agent.model import Manifest, ManifestFile, Role
from agent.reporting.texts import load

LISTED = 20
"""Lines of a list that are shown without ``--verbose``."""


def say_made(made: Made, output: Path, style: Style) -> None:
    """What `manifest make` did, and everything that it left out with the reason."""
    if style.documents:
        left_out = [{"path": path, "reason": reason} for path, reason in made.left_out]
        document = {"file": str(output), **_summary(made.manifest, to_bytes(made.manifest))}
        write_data(msgspec.json.encode(document | {"left_out": left_out}))
        return
    if style.quiet:
        return
    texts = load(style.lang)
    lines = [texts.say("manifest", "made", file=str(output))]
    lines += _summary_lines(made.manifest, to_bytes(made.manifest), style)
    counts = Counter(reason for _, reason in made.left_out)
    for reason, count in sorted(counts.items()):
        why = texts.say("reason", reason)
        lines.append(texts.say("manifest", "left-out", count=count, why=why))
    shown = made.left_out if style.verbose else made.left_out[:LISTED]
    lines += [f"  {path}" for path, _ in shown]
    lines += _more(len(made.left_out) - len(shown), style)
    write_data("\n".join(lines))


def say_shown(manifest: Manifest, data: bytes, style: Style) -> None:
    """What a list holds."""
    if style.documents:
        write_data(msgspec.json.encode(_summary(manifest, data)))
    else:
        write_data("\n".join(_summary_lines(manifest, data, style)))


def say_difference(found: ManifestDifference, style: Style) -> None:
    """What is different between two lists."""
    if style.documents:
        write_data(msgspec.json.encode(_difference(found)))
        return
    texts = load(style.lang)
    if found.empty:
        write_data(texts.say("manifest", "no-difference"))
        return
    lines = [texts.say("manifest", "same", count=found.same)]
    for key, rows in _rows(found).items():
        lines.append(texts.say("manifest", key, count=len(rows)))
        shown = rows if style.verbose else rows[:LISTED]
        lines += [f"  {row}" for row in shown]
        lines += _more(len(rows) - len(shown), style)
    write_data("\n".join(lines))


def _summary(manifest: Manifest, data: bytes) -> dict[str, object]:
    roles = Counter(file.role for file in manifest.files)
    return {
        "type": "result",
        "product": manifest.product,
        "version": manifest.version,
        "created": manifest.created,
        "origin": manifest.origin,
        "sequence": None if manifest.sequence is msgspec.UNSET else manifest.sequence,
        "stamp": None if manifest.stamp is msgspec.UNSET else manifest.stamp,
        "check_code": check_code(data),
        "program": roles[Role.PROGRAM],
        "settings": roles[Role.SETTINGS],
        "directories": len(manifest.directories),
        "withdrawn": len(manifest.withdrawn),
        "bytes": sum(file.size for file in manifest.files if file.role is Role.PROGRAM),
    }


def _summary_lines(manifest: Manifest, data: bytes, style: Style) -> list[str]:
    texts = load(style.lang)
    summary = _summary(manifest, data)
    return [texts.say("manifest", key, **summary) for key in ("head", "holds", "made-when", "code")]


def _difference(found: ManifestDifference) -> dict[str, object]:
    def pair(before: ManifestFile, after: ManifestFile) -> dict[str, object]:
        return {"before": _file(before), "after": _file(after)}

    return {
        "type": "result",
        "same": found.same,
        "came": [_file(file) for file in found.came],
        "went": [_file(file) for file in found.went],
        "changed": [pair(*both) for both in found.changed],
        "moved": [pair(*both) for both in found.moved],
        "directories_came": list(found.directories_came),
        "directories_went": list(found.directories_went),
    }


def _file(file: ManifestFile) -> dict[str, object]:
    return {"path": file.path, "size": file.size, "sha256": file.sha256, "role": file.role.value}


def _rows(found: ManifestDifference) -> dict[str, list[str]]:
    rows = {
        "came": [file.path for file in found.came],
        "went": [file.path for file in found.went],
        "changed": [before.path for before, _ in found.changed],
        "moved": [f"{before.path} → {after.path}" for before, after in found.moved],
        "folders-came": list(found.directories_came),
        "folders-went": list(found.directories_went),
    }
    return {key: values for key, values in rows.items() if values}


def _more(count: int, style: Style) -> list[str]:
    return [load(style.lang).word("more", count=count)] if count > 0 else []
