"""Which of two versions is newer (DESIGN section 5): `sequence`, else the version stamp.

The moment a manifest was made says nothing: an old version may be listed today.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cmp_to_key

import msgspec

from agent.model import Manifest

_DOTTED = re.compile(r"\d{1,10}(?:\.\d{1,10}){0,9}", re.ASCII)


def stamp_numbers(stamp: str) -> tuple[int, ...] | None:
    """A stamp as integers, trailing zeros dropped; None when it is not dotted integers."""
    if _DOTTED.fullmatch(stamp) is None:
        return None
    numbers = [int(part) for part in stamp.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def compare_stamps(a: str, b: str) -> int | None:
    """-1 when `a` is older, 1 when it is newer, 0 when they are the same, None when not known."""
    left, right = stamp_numbers(a), stamp_numbers(b)
    if left is None or right is None:
        return None
    return (left > right) - (left < right)


def compare_order(a: Manifest, b: Manifest) -> int | None:
    """-1 when `a` is older, 1 when it is newer, 0 when they are the same, None when not known."""
    if a.sequence is not msgspec.UNSET and b.sequence is not msgspec.UNSET:
        return (a.sequence > b.sequence) - (a.sequence < b.sequence)
    if a.stamp is not msgspec.UNSET and b.stamp is not msgspec.UNSET:
        return compare_stamps(a.stamp, b.stamp)
    return None


def oldest_first(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Sorted by order where it is known, else by version as people count."""
    by_name = sorted(manifests, key=lambda manifest: _natural(manifest.version))
    return sorted(by_name, key=cmp_to_key(_compare_known))


def _compare_known(a: Manifest, b: Manifest) -> int:
    return compare_order(a, b) or 0


def _natural(version: str) -> tuple[tuple[int, int, str], ...]:
    """``2022.10`` after ``2022.9``: runs of digits count as numbers."""
    parts = re.findall(r"\d+|\D+", version, re.ASCII)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p.lower()) for p in parts)
