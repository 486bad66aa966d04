"""A folder that may be the installation, before anybody weighed it: a value, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent.model import Content, Evidence, FileId, Verdict


class Presence(StrEnum):
    """Whether a folder is there."""

    THERE = "there"
    GONE = "gone"
    NOT_LOOKED_AT = "not-looked-at"
    """It was not touched, or did not answer."""


class Claim(StrEnum):
    """Why a piece of evidence does not speak for a product though it leads to the folder."""

    OTHER_PRODUCT = "other-product"
    """It names another of the products that are looked for."""
    OTHER_PROGRAM = "other-program"
    """Only words speak for ours, and another program stands there."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One piece of evidence, and the folder that it leads to."""

    root: str
    """As the evidence calls it."""
    evidence: Evidence
    named: bool = True
    """Whether it names this very product, not just its vendor or a folder."""
    explained: bool = False
    """Whether its path ends in a file that a manifest or the profile knows."""
    doubt: Claim | None = None
    """Why it is shown but does not count; None when it counts."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a folder can't be taken whatever it holds, or why nobody knows what it holds."""

    verdict: Verdict
    reason: str
    """Text id, with facts filled in as ``id:value``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One folder as it was found, with everything that leads to it."""

    root: str
    """As the evidence calls it."""
    canonical: str
    """Every link, alias and short name resolved as far as it is there."""
    presence: Presence
    leads: tuple[Lead, ...] = ()
    identity: FileId | None = None
    content: Content = field(default_factory=Content)
    foreign: str | None = None
    """Another product whose content stands here while this one's does not."""
    excluded: Exclusion | None = None
    removable: bool = False
    network: bool = False
    strange_profile: bool = False
    """Whether it lies in the profile of another person."""
    last_used: datetime | None = None
    """Aware, UTC."""

    @property
    def is_there(self) -> bool:
        """Whether the folder was seen."""
        return self.presence is Presence.THERE
