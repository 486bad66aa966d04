"""What a report code says, for the helpdesk that hears it on the phone."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agent.reporting.report_code import OTHER_PRODUCT, Decoded, Range, version_mark
from agent.reporting.texts import Texts, load


def render_decoded(decoded: Decoded, lang: str, *, versions: Iterable[str] = ()) -> str:
    """One line per part of the code.

    Args:
        decoded: what the code says.
        lang: ``nl`` or ``en``.
        versions: names of versions that are known here; those with the same mark are named.
    """
    texts = load(lang)
    kind = decoded.kind.value if decoded.kind else "none"
    lines = [
        decoded.code,
        texts.word("decoded-class", text=texts.say("class", kind)),
        texts.word(
            "decoded-outcome",
            text=texts.say("outcome", decoded.outcome.slug),
            code=int(decoded.outcome),
        ),
        _product(decoded, texts),
        _version(decoded.version_mark, versions, texts),
        texts.word("decoded-missing", range=range_text(decoded.missing, texts)),
        texts.word("decoded-changed", range=range_text(decoded.changed, texts)),
        texts.word("decoded-unreadable", range=range_text(decoded.unreadable, texts)),
        _flag("decoded-settings-lost", texts, on=decoded.settings_lost),
        _flag("decoded-source-seen", texts, on=decoded.source_seen),
    ]
    return "\n".join(lines) + "\n"


class DecodedPart(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    tag="result",
    rename={"kind": "class"},
):
    """What a code says, as a document; ranges are ``[low, high]`` with null for no upper end."""

    report_code: str
    kind: str | None
    outcome: str
    exit_code: int
    product: str
    version_mark: int
    versions: list[str]
    missing: tuple[int, int | None]
    changed: tuple[int, int | None]
    unreadable: tuple[int, int | None]
    settings_lost: bool
    source_seen: bool


def decoded_json(decoded: Decoded, *, versions: Iterable[str] = ()) -> bytes:
    """What a code says as one JSON document, ending in a line break."""
    part = DecodedPart(
        report_code=decoded.code,
        kind=decoded.kind,
        outcome=decoded.outcome.slug,
        exit_code=int(decoded.outcome),
        product=decoded.product,
        version_mark=decoded.version_mark,
        versions=_fitting(decoded.version_mark, versions),
        missing=(decoded.missing.low, decoded.missing.high),
        changed=(decoded.changed.low, decoded.changed.high),
        unreadable=(decoded.unreadable.low, decoded.unreadable.high),
        settings_lost=decoded.settings_lost,
        source_seen=decoded.source_seen,
    )
    return msgspec.json.encode(part) + b"\n"


def range_text(files: Range, texts: Texts) -> str:
    """A bucket in words: ``2 tot 10 bestanden``."""
    if files.high is None:
        return texts.word("range-from", low=files.low)
    if files.high == files.low:
        return texts.word("range-one", low=files.low)
    return texts.word("range-between", low=files.low, high=files.high)


def _product(decoded: Decoded, texts: Texts) -> str:
    if decoded.product == OTHER_PRODUCT:
        return texts.word("decoded-other-product")
    return texts.word("decoded-product", text=decoded.product)


def _version(mark: int, versions: Iterable[str], texts: Texts) -> str:
    if not mark:
        return texts.word("decoded-version-none")
    fitting = _fitting(mark, versions)
    if not fitting:
        return texts.word("decoded-version-mark", mark=mark)
    return texts.word("decoded-version-known", versions=fitting, mark=mark)


def _fitting(mark: int, versions: Iterable[str]) -> list[str]:
    return sorted({version for version in versions if version_mark(version) == mark})


def _flag(key: str, texts: Texts, *, on: bool) -> str:
    return texts.word(key, yes_or_no=texts.word("yes" if on else "no"))
