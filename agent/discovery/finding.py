"""FIND: asks the probes, follows what they say, looks into the folders and judges them.

What a front end calls; everything else of this package is a step of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.discovery import sweep as sweeping
from agent.discovery import weights as weighing
from agent.discovery.candidates import Gatherer
from agent.discovery.content import Looker
from agent.discovery.gate import Gate, RefusedError
from agent.discovery.interest import Words, product_names
from agent.discovery.nesting import Nest
from agent.discovery.places import Lead
from agent.discovery.probes import PROBES
from agent.discovery.probing import Inquiry, Probe, Sought, run_probes
from agent.discovery.ranking import rank
from agent.discovery.rooting import Rooter
from agent.discovery.scoring import score
from agent.discovery.settings_roots import unusable
from agent.discovery.settling import settle
from agent.discovery.sweep import SweepWish
from agent.discovery.weights import Weights
from agent.model import Content, Evidence, FindOutcome, Found, Search, SweepReport
from agent.progress import Watch

__all__ = ["SweepWish", "find", "looks_like_root"]


def find(
    inquiry: Inquiry,
    *,
    probes: Sequence[Probe] = PROBES,
    sweep: SweepWish = SweepWish.WHEN_NEEDED,
    watch: Watch,
) -> Search:
    """Look for the installations of some products on this PC.

    Args:
        inquiry: the PC, the products and the limits.
        probes: the kinds of places that are asked for traces.
        sweep: whether the disks are gone over; drives that are carried about only when
            `Limits.removable` says so.
        watch: asked often whether to stop.

    Raises:
        Stopped: because somebody asked for it.
    """
    watch.check()
    evidence, reports = run_probes(probes, inquiry)
    search = _Search(inquiry, weighing.load(), watch)
    found = {one.name: search.judge(one, evidence) for one in inquiry.sought}
    wanted = _to_sweep(inquiry.sought, found, sweep)
    report = None
    if wanted:
        step_forward = inquiry.step_back()
        try:
            seen, report = sweeping.sweep(inquiry, wanted, watch=watch)
        finally:
            step_forward()
        for one in wanted:
            own = tuple(piece for piece in seen if piece.words == (one.name,))
            found[one.name] = search.judge(one, (*evidence, *own), report)
    settled = settle(found)
    return Search(tuple(settled[one.name] for one in inquiry.sought), reports, report)


def looks_like_root(inquiry: Inquiry, sought: Sought, path: str) -> Content:
    """How much of a product stands in a folder that somebody names; nothing where it can't be seen.

    Args:
        inquiry: the PC and the limits.
        sought: the product.
        path: absolute.
    """
    gate = Gate(inquiry)
    few, others = weighing.load().few_right, _others(inquiry, sought)
    looker = Looker(sought, inquiry.pc.disks, few_right=few, others=others)
    limits = inquiry.limits
    root = gate.clean(path)
    if root is None:
        return Content()
    seconds = limits.share_s / 2 if gate.is_network(root) else limits.look_s
    try:
        return gate.ask(root, lambda: looker.look(root, seconds))
    except (RefusedError, OSError):
        return Content()


def _to_sweep(
    sought: Sequence[Sought], found: Mapping[str, Found], wish: SweepWish
) -> tuple[Sought, ...]:
    """The products that the disks are gone over for.

    Most PCs have one product of those that are known: where one is here, another of which there
    is no trace at all is not worth minutes of searching at every look.
    """
    if wish is not SweepWish.WHEN_NEEDED:
        return tuple(sought) if wish is SweepWish.ALWAYS else ()
    emptied = tuple(one for one in sought if found[one.name].outcome is FindOutcome.EMPTIED)
    nowhere = all(one.outcome is FindOutcome.NOT_FOUND for one in found.values())
    return tuple(sought) if nowhere else emptied


def _others(inquiry: Inquiry, sought: Sought) -> list[Sought]:
    return [one for one in (*inquiry.sought, *inquiry.siblings) if one.name != sought.name]


@dataclass
class _Search:
    """What the products of one search share: every folder is looked into once."""

    inquiry: Inquiry
    weights: Weights
    watch: Watch
    gate: Gate = field(init=False)
    gatherer: Gatherer = field(init=False)

    def __post_init__(self) -> None:
        self.gate = Gate(self.inquiry)
        few, disks = self.weights.few_right, self.inquiry.pc.disks
        lookers = {
            one.name: Looker(one, disks, few_right=few, others=_others(self.inquiry, one))
            for one in (*self.inquiry.sought, *self.inquiry.siblings)
        }
        self.gatherer = Gatherer(self.inquiry, self.gate, self.weights, lookers, self.watch)

    def judge(
        self, sought: Sought, evidence: Sequence[Evidence], swept: SweepReport | None = None
    ) -> Found:
        """From the evidence to the verdict on every folder of one product."""
        elevated = self.inquiry.elevated
        places = self.gatherer.places(sought.name, self._leads(sought, evidence))
        self.watch.check()
        resolved = (
            *self._nest(sought).resolve(places),
            *unusable(self.inquiry, self.gate, evidence),
        )
        answer = rank(
            sought.name,
            [score(place, self.weights, elevated=elevated) for place in resolved],
            self.weights,
            elevated=elevated,
            unswept=swept is not None and not swept.complete,
        )
        return replace(answer, title=sought.profile.title, lists=len(sought.manifests))

    def _leads(self, sought: Sought, evidence: Sequence[Evidence]) -> list[Lead]:
        others = _others(self.inquiry, sought)
        rooter = Rooter(sought, others, self.gatherer.lookers[sought.name], self.gate)
        leads: list[Lead] = []
        for piece in evidence:
            self.watch.check()
            leads.extend(rooter.leads(piece))
        return leads

    def _nest(self, sought: Sought) -> Nest:
        profile = sought.profile
        return Nest(
            weights=self.weights,
            elevated=self.inquiry.elevated,
            folders=self.gatherer.lookers[sought.name].folders,
            names=Words.of((*product_names(profile), *profile.folder_names)),
        )
