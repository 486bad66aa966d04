"""Folders, leads and evidence for tests of the judging: values only."""

from __future__ import annotations

from typing import Any

from agent.discovery.places import Claim, Exclusion, Lead, Place, Presence
from agent.discovery.ranking import rank
from agent.discovery.scoring import score
from agent.discovery.weights import load
from agent.model import Content, Evidence, Found, ProbeGroup, Verdict

G = ProbeGroup
WEIGHTS = load()


def evidence(group: ProbeGroup, path: str = "C:\\PP", **facts: Any) -> Evidence:
    return Evidence(probe="test", group=group, path=path, where=f"in {group.value}", **facts)


def lead(
    group: ProbeGroup, *, doubt: Claim | None = None, named: bool = True, **facts: Any
) -> Lead:
    return Lead("C:\\PP", evidence(group, **facts), named, doubt=doubt)


def place(root: str, *groups: ProbeGroup, c: float = 0.0, wrong: int = 0, **facts: Any) -> Place:
    """A folder that is there with content `c`, named by one lead of each group."""
    values: dict[str, Any] = {"canonical": root, "presence": Presence.THERE} | facts
    leads = values.pop("leads", tuple(lead(group) for group in groups))
    right = round(10 * c)
    content = Content(score=c, right=right, wrong=wrong)
    return Place(root=root, leads=leads, content=content, **values)


def gone(root: str, *groups: ProbeGroup, **facts: Any) -> Place:
    return place(root, *groups, presence=Presence.GONE, **facts)


def unseen(root: str, *groups: ProbeGroup, reason: str = "share-silent") -> Place:
    excluded = Exclusion(Verdict.NOT_LOOKED_AT, reason)
    return place(root, *groups, presence=Presence.NOT_LOOKED_AT, excluded=excluded)


def judge(*places: Place, elevated: bool = False, unswept: bool = False) -> Found:
    scored = [score(one, WEIGHTS, elevated=elevated) for one in places]
    return rank("medicom", scored, WEIGHTS, elevated=elevated, unswept=unswept)


def verdicts(found: Found) -> dict[str, tuple[str, str]]:
    return {one.root: (one.verdict.value, one.reason) for one in found.candidates}
