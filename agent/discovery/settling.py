"""Between the products of one search: an empty folder of the settings can't be that of each; pure.

The settings name a folder, not a product. While something of a product stands there, or a trace
names it, that tells which; of an empty folder that nothing else names only a person knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agent.model import FindOutcome, Found, ProbeGroup, Verdict


def settle(found: Mapping[str, Found]) -> dict[str, Found]:
    """The same answers, by product; those that rest on the settings alone are put in doubt."""
    return {name: _settled(one, found) for name, one in found.items()}


def _settled(one: Found, found: Mapping[str, Found]) -> Found:
    root = _by_settings_alone(one)
    others = [other for other in found.values() if other.product != one.product]
    if root is None or not others:
        return one
    named = (other.product for other in others if _place(other) == root)
    surer = next((name for name in named if _by_settings_alone(found[name]) is None), None)
    if surer is not None:
        why = f"other-product:{surer}"
        return _said(one, FindOutcome.NOT_FOUND, Verdict.TOO_LITTLE, why)
    if any(_place(other) == root for other in others):
        return _said(one, FindOutcome.SEVERAL, Verdict.RIVAL, None)
    return one


def _place(one: Found) -> str | None:
    return one.chosen.canonical if one.chosen is not None else None


def _by_settings_alone(one: Found) -> str | None:
    """The folder of an emptied installation that only the settings name."""
    if one.outcome is not FindOutcome.EMPTIED or one.chosen is None:
        return None
    counted = {piece.evidence.group for piece in one.chosen.evidence if piece.weight > 0}
    return one.chosen.canonical if counted == {ProbeGroup.CONFIGURED} else None


def _said(one: Found, outcome: FindOutcome, verdict: Verdict, reason: str | None) -> Found:
    chosen = one.chosen
    candidates = tuple(
        replace(each, verdict=verdict, reason=reason or each.reason) if each is chosen else each
        for each in one.candidates
    )
    return replace(one, outcome=outcome, candidates=candidates)
