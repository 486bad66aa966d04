"""What the search for installations found: evidence, candidates and the verdict on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

REGISTERED = 0.50
"""Provenance from which a folder counts as the one that Windows names (DESIGN section 4)."""


@dataclass(frozen=True, slots=True)
class FileId:
    """Which file or folder it is, whatever it is called."""

    volume: int
    number: int


class ProbeGroup(StrEnum):
    """Independent kinds of evidence; of one kind only the strongest piece counts."""

    CONFIGURED = "configured"
    RECORD = "record"
    RUNNING = "running"
    SERVICE = "service"
    MSI = "msi"
    VENDOR_KEY = "vendor-key"
    INSTALL_LOCATION = "install-location"
    APP_PATHS = "app-paths"
    SHORTCUT = "shortcut"
    AUTOSTART = "autostart"
    """Run keys and scheduled tasks."""
    UNINSTALLER = "uninstaller"
    """The icon or the uninstall program of an uninstall key."""
    DATA_SOURCE = "data-source"
    """ODBC data sources and ini files."""
    SEARCH_PATH = "search-path"
    STANDARD_PLACE = "standard-place"
    DEAD_SHORTCUT = "dead-shortcut"
    """A shortcut to something that is not there."""
    SWEEP = "sweep"
    """Only seen on the disk: no provenance at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One trace of an installation, before anybody looked where it leads."""

    probe: str
    """Name of the probe that found it."""
    group: ProbeGroup
    path: str
    """Absolute, cleaned: no quotes, arguments or icon index, variables filled in."""
    where: str
    """Where it stood: registry key and value, path of the shortcut, name of the process."""
    words: tuple[str, ...] = ()
    """Names that stood beside it (display name, publisher, key), to tell whose it is."""
    is_folder: bool | None = None
    """Whether it names the program folder itself; None when it can't be told."""
    open_to_all: bool = False
    """Whether a user who is no administrator could have written it."""
    last_used: datetime | None = None
    """Aware, UTC; when the trace shows a use."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a probe could not read."""

    where: str
    what: str
    """Text id of the reason, or the system's own words."""


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What one probe looked at and found."""

    probe: str
    looked_at: tuple[str, ...]
    """Places in the order in which they were looked at; at most `probing.PLACES_NAMED`."""
    places: int
    """How many there were."""
    found: int
    """Pieces of evidence."""
    took_ms: int
    troubles: tuple[Trouble, ...] = ()
    timed_out: bool = False
    people: tuple[str, ...] = ()
    """Folders that belong to one person each: no report says whose."""


@dataclass(frozen=True, slots=True)
class Content:
    """How much of a product stands in a folder."""

    score: float = 0.0
    """C, 0 to 1."""
    right: int = 0
    """Files with the listed content, of the best version."""
    wrong: int = 0
    version: str | None = None
    """The version that fits best, None without any manifest."""
    main_programs: tuple[str, ...] = ()
    """Main programs of the profile that stand here, relative."""


@dataclass(frozen=True, slots=True)
class WeighedEvidence:
    """One piece of evidence for a candidate, and what it weighed."""

    evidence: Evidence
    weight: float
    """0 when it did not count."""
    ignored: str | None = None
    """Text id of why it did not count, None when it did."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """Why a candidate is less likely to be the installation."""

    name: str
    """Text id."""
    weight: float
    """Taken off the score."""


class Verdict(StrEnum):
    """What became of one candidate."""

    CHOSEN = "chosen"
    RIVAL = "rival"
    """Too close to another to choose."""
    EMPTIED = "emptied"
    """Registered, but its content is gone."""
    WEAKER = "weaker"
    """Another scored clearly higher."""
    TOO_LITTLE = "too-little"
    """Score or content below what is needed."""
    COPY = "copy"
    """Complete, but not what Windows has registered."""
    INSIDE = "inside"
    """Part of another candidate."""
    SHADOW = "shadow"
    """Windows' VirtualStore copy of another: never repaired instead of the real one."""
    OURS = "ours"
    """A copy that we made ourselves."""
    NOT_LOOKED_AT = "not-looked-at"
    """A share of a host that is not configured, or one that did not answer in time."""
    GONE = "gone"
    """Named, but not there, and too weakly for an emptied installation."""

    @property
    def may_be_it(self) -> bool:
        """Whether a person who has to choose has to think of this folder."""
        return self in {Verdict.RIVAL, Verdict.EMPTIED, Verdict.COPY, Verdict.TOO_LITTLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One folder that may be the installation."""

    root: str
    """As the evidence calls it."""
    canonical: str
    """Every link, alias and short name resolved; the same as `root` when it is not there."""
    identity: FileId | None
    """None when it is not there or was not looked at."""
    content: Content
    evidence: tuple[WeighedEvidence, ...]
    """Heaviest first."""
    provenance: float
    """P, 0 to 1."""
    penalties: tuple[Penalty, ...]
    score: float
    """S; may be below 0."""
    verdict: Verdict
    reason: str
    """Text id of why it won or lost, with facts filled in as ``id:value``."""
    last_used: datetime | None = None
    """Aware, UTC."""


class FindOutcome(StrEnum):
    """How the search for one product ended."""

    CHOSEN = "chosen"
    SEVERAL = "several"
    EMPTIED = "emptied"
    NOT_FOUND = "not-found"
    BUDGET_SPENT = "budget-spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer for one product."""

    product: str
    outcome: FindOutcome
    candidates: tuple[Candidate, ...]
    """Best first."""
    title: str = ""
    """The product's name for people."""
    lists: int = 0
    """Known manifests of the product; without any only names and the main program count."""
    margin: float | None = None
    """Lead in score over the next real rival; None without one."""

    @property
    def chosen(self) -> Candidate | None:
        """The installation, or the emptied one that a person has to confirm."""
        wanted = {FindOutcome.CHOSEN: Verdict.CHOSEN, FindOutcome.EMPTIED: Verdict.EMPTIED}
        verdict = wanted.get(self.outcome)
        return next((one for one in self.candidates if one.verdict is verdict), None)

    @property
    def registered(self) -> bool:
        """Whether Windows, our own record or the settings file names the chosen folder."""
        return self.chosen is not None and self.chosen.provenance >= REGISTERED


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How far the sweep of the disks came."""

    drives: tuple[str, ...]
    entries: int
    """Files and folders seen."""
    took_ms: int
    complete: bool
    """False when a budget was spent first."""
    skipped: int = 0
    """Folders that were pruned or could not be read."""


@dataclass(frozen=True, slots=True)
class Search:
    """Everything that one search did."""

    found: tuple[Found, ...]
    """One for each product that was looked for."""
    probes: tuple[ProbeReport, ...]
    sweep: SweepReport | None = None
    """None when no sweep was needed."""
