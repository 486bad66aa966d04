"""The report code ``HRT-XXXX-XXXX``: a situation in eight characters that can be spoken.

Seven Crockford characters carry 35 bits (FORMATS section 3), highest first: the code's version 5,
class 4, outcome 5, product 3, mark of the version's name 8, missing 3, changed 3, unreadable 2,
settings lost 1, source seen 1. The eighth checks them: every character is an element of the field
GF(32) and character number ``i`` from the right weighs ``2**i`` there, so that the weighted sum of
all eight is 0. All weights are non-zero and differ, which plain weights modulo 32 can't offer
(odd weights have even differences): one wrong character and any two swapped ones are noticed.

The tables here are part of the format: only ever append.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from agent import crockford
from agent.errors import UsageError
from agent.model import Counts, DiagnosisClass, SourceKind
from agent.outcomes import SEVERITY, ExitCode, most_serious
from agent.reporting.facts import InstallationFacts, RunFacts

PREFIX = "HRT"
CODE_VERSION = 1
OTHER_PRODUCT = "other"

_CLASSES: tuple[DiagnosisClass | None, ...] = (
    None,
    DiagnosisClass.DISK_PROBLEM,
    DiagnosisClass.UPDATE_RUNNING,
    DiagnosisClass.NO_REFERENCE,
    DiagnosisClass.HEALTHY,
    DiagnosisClass.NEWER_THAN_KNOWN,
    DiagnosisClass.HALF_UPDATED,
    DiagnosisClass.QUARANTINE_SUSPECTED,
    DiagnosisClass.FILES_DELETED,
    DiagnosisClass.DAMAGED,
    DiagnosisClass.EMPTIED,
    DiagnosisClass.WRONG_FOLDER,
    DiagnosisClass.UNKNOWN,
)
_OUTCOMES = (
    0, 1, 2, 10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 43, 44, 50, 51, 52, 60, 61, 70,
    71, 130,
)  # fmt: skip
_PRODUCTS = (OTHER_PRODUCT, "medicom", "pharmacom")
_FILE_BUCKETS = (0, 1, 2, 11, 51, 251, 1001, 5001)
"""Lowest number of files of each bucket: missing and changed."""
_UNREADABLE_BUCKETS = (0, 1, 10, 100)

_FIELD_BITS = (5, 4, 5, 3, 8, 3, 3, 2, 1, 1)
_DATA_CHARACTERS = 7
_LENGTH = _DATA_CHARACTERS + 1
_GF32_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1: primitive, so the powers of 2 up to ``2**30`` all differ."""
_GF32_TOP = 0b100000
_MARKS = 255


@dataclass(frozen=True, slots=True)
class Range:
    """A bucket: from `low` to `high` files, `high` None when there is no upper bound."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a report code says."""

    code: str
    """The code as it is written."""
    kind: DiagnosisClass | None
    """None when the run judged no installation."""
    outcome: ExitCode
    product: str
    """`other` for a product without a place in the table."""
    version_mark: int
    """1 to 255, or 0 when no version was decided on; compare with `version_mark`."""
    missing: Range
    changed: Range
    unreadable: Range
    settings_lost: bool
    source_seen: bool


def version_mark(version: str | None) -> int:
    """The mark of a version's name: 8 bits that hold no name; 0 for none."""
    if version is None:
        return 0
    return 1 + hashlib.sha256(version.encode()).digest()[0] % _MARKS


def encode(facts: RunFacts) -> str:
    """The code of a run: that of its most serious installation, with the run's outcome."""
    worst = _worst(facts.installations)
    outcome = most_serious(all_codes(facts))
    values = (CODE_VERSION, *_judged(worst, outcome), *_counted(worst))
    number = 0
    for value, bits in zip(values, _FIELD_BITS, strict=True):
        number = number << bits | value
    return _written(crockford.encode(number, _DATA_CHARACTERS))


def decode(text: str) -> Decoded:
    """What a code says, typed in any case, with or without ``HRT`` and separators.

    Raises:
        UsageError: ``bad-report-code`` because the length, a character or the check is wrong, or
            it is of a version that this program does not know.
    """
    data = _checked(text)
    version, kind, outcome, product, mark, missing, changed, unreadable, lost, seen = _fields(data)
    known = (
        version == CODE_VERSION
        and kind < len(_CLASSES)
        and outcome < len(_OUTCOMES)
        and product < len(_PRODUCTS)
    )
    if not known:
        problem = "newer-report-code"
        raise UsageError(problem, text=text)
    return Decoded(
        code=_written(data),
        kind=_CLASSES[kind],
        outcome=ExitCode(_OUTCOMES[outcome]),
        product=_PRODUCTS[product],
        version_mark=mark,
        missing=_range(_FILE_BUCKETS, missing),
        changed=_range(_FILE_BUCKETS, changed),
        unreadable=_range(_UNREADABLE_BUCKETS, unreadable),
        settings_lost=bool(lost),
        source_seen=bool(seen),
    )


def all_codes(facts: RunFacts) -> tuple[ExitCode, ...]:
    """Every code that applies to a run, most serious first, each once.

    `ok` only stands alone: beside another code it would say the opposite.
    """
    codes = set(facts.codes)
    for installation in facts.installations:
        codes.update(installation.codes)
    if facts.error is not None:
        codes.add(facts.error.exit_code)
    return in_order(codes) or (ExitCode.OK,)


def in_order(codes: Collection[ExitCode]) -> tuple[ExitCode, ...]:
    """The codes most serious first, each once, and `ok` only when it is alone."""
    serious = tuple(code for code in SEVERITY if code in codes and code is not ExitCode.OK)
    return serious or ((ExitCode.OK,) if ExitCode.OK in codes else ())


def _worst(installations: tuple[InstallationFacts, ...]) -> InstallationFacts | None:
    if not installations:
        return None
    return min(installations, key=lambda one: SEVERITY.index(most_serious(one.codes)))


def _judged(worst: InstallationFacts | None, outcome: ExitCode) -> tuple[int, int, int, int]:
    code = _OUTCOMES.index(int(outcome))
    if worst is None:
        return 0, code, 0, 0
    product = _PRODUCTS.index(worst.product) if worst.product in _PRODUCTS else 0
    version = worst.match.winner if worst.match else None
    return _CLASSES.index(worst.diagnosis.kind), code, product, version_mark(version)


def _counted(worst: InstallationFacts | None) -> tuple[int, int, int, int, int]:
    if worst is None:
        return 0, 0, 0, 0, 0
    before = worst.before.counts if worst.before else Counts()
    last = worst.after.counts if worst.after else before
    seen = any(one.reachable and one.kind is not SourceKind.OWN for one in worst.coverage)
    return (
        _bucket(_FILE_BUCKETS, before.missing),
        _bucket(_FILE_BUCKETS, before.changed),
        _bucket(_UNREADABLE_BUCKETS, before.unreadable),
        int(last.settings_missing > 0),
        int(seen),
    )


def _bucket(lowest: tuple[int, ...], count: int) -> int:
    return max(place for place, low in enumerate(lowest) if count >= low)


def _range(lowest: tuple[int, ...], place: int) -> Range:
    last = place + 1 == len(lowest)
    return Range(lowest[place], None if last else lowest[place + 1] - 1)


def _fields(data: str) -> tuple[int, ...]:
    number = crockford.decode(data)
    values: list[int] = []
    for bits in reversed(_FIELD_BITS):
        values.append(number & (1 << bits) - 1)
        number >>= bits
    return tuple(reversed(values))


def _written(data: str) -> str:
    return f"{PREFIX}-{crockford.grouped(data + crockford.ALPHABET[_weighed(data)])}"


def _checked(text: str) -> str:
    body = crockford.normalise(text)
    if len(body) == len(PREFIX) + _LENGTH and body.startswith(PREFIX):
        body = body[len(PREFIX) :]
    alphabet = set(crockford.ALPHABET)
    wrong = len(body) != _LENGTH or not alphabet.issuperset(body) or _weighed(body) != 0
    if wrong or body.startswith(crockford.ALPHABET[0]):  # no version 0: it is a placeholder
        problem = "bad-report-code"
        raise UsageError(problem, text=text)
    return body[:_DATA_CHARACTERS]


def _weighed(characters: str) -> int:
    """The weighted sum; over the data it is the check character, over a whole code 0."""
    total = 0
    for character in characters:
        total = _doubled(total ^ crockford.ALPHABET.index(character))
    return total


def _doubled(element: int) -> int:
    shifted = element << 1
    return shifted ^ _GF32_POLYNOMIAL if shifted & _GF32_TOP else shifted
