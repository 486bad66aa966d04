"""What the version stamps of main programs on disk say about known versions.

A stamp is the file version in a program's version resource, such as ``22.4.0.118``. The profile
says which programs carry the version's stamp; reading them is for others.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.manifest.order import compare_order, compare_stamps
from agent.model import KnownManifest


def same(first: str, second: str) -> bool:
    """Whether two stamps are the same version: ``3.31.6`` and ``3.31.6.0`` are."""
    return first == second or compare_stamps(first, second) == 0


def matches(known: KnownManifest, stamps: Sequence[str]) -> bool:
    """Whether one of the stamps read is that of a known version."""
    own = known.manifest.stamp
    return isinstance(own, str) and any(same(own, stamp) for stamp in stamps)


def newer_than_all(known: Sequence[KnownManifest], stamps: Sequence[str]) -> bool:
    """Whether the main program on disk is of higher order than every known version.

    The best program's stamp speaks; others may count their own way. A version whose stamp was not
    passed must be older than one whose stamp was: else it may be the one that is here.
    """
    if not stamps or any(matches(one, stamps) for one in known):
        return False
    passed = [one for one in known if _is_past(one, stamps[0])]
    return bool(passed) and all(
        one in passed or _is_older_than_one_of(one, passed) for one in known
    )


def _is_past(known: KnownManifest, stamp: str) -> bool:
    own = known.manifest.stamp
    return isinstance(own, str) and compare_stamps(stamp, own) == 1


def _is_older_than_one_of(known: KnownManifest, others: Sequence[KnownManifest]) -> bool:
    return any(compare_order(known.manifest, other.manifest) == -1 for other in others)
