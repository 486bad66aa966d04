"""Which of the weighed folders is the installation, or why nobody can say; pure.

The rules, where B is the folder with the best score of those with content of the product:

1. A folder that the settings name and that is there wins, whatever the others weigh, unless what
   stands there is another product. With too little content it is taken for emptied.
2. B needs S >= 0.60, C >= 0.40 and a lead of 0.10 over the next folder with content.
3. *A complete copy is not the installation.* B is not taken when another folder A has the better
   claim to be what this PC has registered:

   - B is not registered (P < 0.50), and A is named (P >= 0.25) and has the higher P, be A alive,
     emptied or gone. A copy without traces never wins over what Windows names. Elevated, what does
     not count for A still counts as doubt about B.
   - B is registered, but not by what an installer or IT leaves, and A is named without content, or
     by an installer. A copy that people work with runs, gets shortcuts, and even our own record.
   - B is registered, and A is a second living, registered folder without any penalty: two versions
     side by side. One that runs from Temp is a setup, one called `_oud` is no longer in use.
   - B is registered, and A, gone, emptied or not looked at, is registered with a P that B does not
     exceed by 0.10: an emptied folder loses its live traces (shortcuts die), a copy gains them.
     But a folder that is gone and that only an uninstall entry or a dead shortcut names is a
     leftover: it must not block a living, registered folder unless it leads by 0.25.
4. B with a penalty (but for a share) needs to be registered by more than that it runs: a setup runs
   from Temp. Elevated, B also needs one trace that ordinary users could not have written. After a
   sweep that did not end, B needs to be named: of a folder only seen there may be another.
5. Without a winner a folder that is there is *emptied* when it is named and has no content, or
   registered and has content that nobody knows; one that is gone when it is registered; never when
   only the vendor is named. One of them, and no folder with content, is the emptied installation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.discovery.gate import BUDGET
from agent.discovery.places import Presence
from agent.discovery.scoring import Scored, noisy_or
from agent.discovery.weights import PenaltyName, Weights
from agent.model import Candidate, FindOutcome, Found, ProbeGroup, Verdict

_DIGITS = 9
"""Decimals: differences of scores are rounded to this before they meet a threshold."""
_LEFT_BEHIND = frozenset(
    {
        ProbeGroup.INSTALL_LOCATION,
        ProbeGroup.UNINSTALLER,
        ProbeGroup.MSI,
        ProbeGroup.DEAD_SHORTCUT,
    }
)
"""Traces that stay when a program is removed or moved by hand."""
Word = tuple[Verdict, str]
"""A verdict and the text id of its reason."""


def rank(
    product: str,
    scored: Iterable[Scored],
    weights: Weights,
    *,
    elevated: bool = False,
    unswept: bool = False,
) -> Found:
    """Judge the folders that may be the installation of one product.

    Args:
        product: its name.
        scored: every folder, in any order.
        weights: the thresholds.
        elevated: whether the run has administrator rights.
        unswept: whether a sweep of the disks was begun and did not come to its end.
    """
    return _Ranking(product, sorted(scored, key=_best_first), weights, elevated, unswept).found()


def _best_first(one: Scored) -> tuple[float, float, str]:
    return -one.score, -one.provenance, one.place.canonical


@dataclass
class _Ranking:
    """The folders of one product, best first, and what was said about each."""

    product: str
    scored: Sequence[Scored]
    weights: Weights
    elevated: bool
    unswept: bool
    words: dict[int, Word] = field(default_factory=dict)
    margin: float | None = None

    def found(self) -> Found:
        outcome = self._outcome()
        judged = [(one, self.words.get(id(one)) or self._loser(one)) for one in self.scored]
        judged.sort(key=lambda pair: _ORDER[pair[1][0]])
        return Found(
            product=self.product,
            outcome=outcome,
            candidates=tuple(_candidate(one, *word) for one, word in judged),
            margin=self.margin,
        )

    # Who is in the running.

    def _has_content(self, one: Scored) -> bool:
        return one.place.is_there and one.content >= self.weights.content

    def _contenders(self) -> list[Scored]:
        return [s for s in self.scored if s.place.excluded is None and self._has_content(s)]

    def _emptied(self) -> list[Scored]:
        """Those whose content is gone though this PC names them; the likeliest first."""
        found = [one for one in self.scored if self._is_emptied(one)]
        return sorted(found, key=lambda one: (not one.place.is_there, -one.provenance))

    def _is_emptied(self, one: Scored) -> bool:
        place = one.place
        if place.excluded is not None or self._has_content(one) or not one.meant:
            return False
        if place.foreign is not None:
            return one.installed
        if place.presence is Presence.GONE or place.content.wrong:
            return one.registered
        return one.provenance >= self.weights.named

    # The rules.

    def _outcome(self) -> FindOutcome:
        configured = [s for s in self.scored if self._is_configured(s)]
        if len(configured) == 1:
            return self._take_configured(configured[0])
        contenders = self._contenders()
        if not contenders:
            return self._without_content()
        best = contenders[0]
        self._measure(contenders)
        claim = self._claim_against(best)
        if claim is not None:
            return self._several_by_claim(best, claim, contenders)
        if self.margin is not None and self.margin < self.weights.margin:
            return self._too_close(best, contenders)
        doubt = self._doubt_about(best)
        if doubt is None:
            reason = f"clear-lead:{self.margin:.2f}" if self.margin is not None else "only-one"
            self._say(best, Verdict.CHOSEN, reason)
            return FindOutcome.CHOSEN
        self._say(best, Verdict.TOO_LITTLE, doubt)
        return self._undecided(doubt)

    def _is_configured(self, one: Scored) -> bool:
        place = one.place
        usable = place.is_there and place.excluded is None and place.foreign is None
        return usable and one.configured

    def _take_configured(self, one: Scored) -> FindOutcome:
        if self._has_content(one):
            self._say(one, Verdict.CHOSEN, "configured")
            return FindOutcome.CHOSEN
        self._say(one, Verdict.EMPTIED, _why_emptied(one))
        return FindOutcome.EMPTIED

    def _measure(self, contenders: Sequence[Scored]) -> None:
        self.margin = _lead(contenders[0], contenders[1]) if len(contenders) > 1 else None

    def _claim_against(self, best: Scored) -> Scored | None:
        claims = [s for s in self.scored if s is not best and self._claims(s, best)]
        return max(claims, key=lambda one: one.provenance, default=None)

    def _claims(self, one: Scored, best: Scored) -> bool:
        """Whether this folder has the better claim to be what is registered; rule 3."""
        excluded = one.place.excluded
        if excluded is not None and excluded.verdict is not Verdict.NOT_LOOKED_AT:
            return False
        if not best.registered:
            lead = round(one.suspected - best.provenance, _DIGITS)
            return one.suspected >= self.weights.named and lead > 0
        in_use_only = not best.installed and self._outranks(one)
        return in_use_only or (one.registered and self._rivals(one, best))

    def _rivals(self, one: Scored, best: Scored) -> bool:
        """Whether a registered folder stands in the way of another that is registered too."""
        if self._has_content(one):
            return not one.penalties
        lead = round(one.provenance - best.provenance, _DIGITS)
        if one.place.presence is Presence.GONE and self._is_leftover(one):
            return lead >= self.weights.outclassed
        return lead > -self.weights.margin

    def _outranks(self, one: Scored) -> bool:
        """Whether a folder has a better claim than one that is merely in use."""
        if self._has_content(one):
            return one.installed and not one.penalties
        return one.meant and one.provenance >= self.weights.named

    def _is_leftover(self, one: Scored) -> bool:
        """Whether nothing but what an uninstallation forgets names a folder."""
        others = (e.weight for e in one.evidence if e.evidence.group not in _LEFT_BEHIND)
        return noisy_or(others) < self.weights.named

    def _doubt_about(self, best: Scored) -> str | None:
        """Why the best folder is not taken though no other has the better claim."""
        if best.score < self.weights.score:
            return f"low-score:{best.score:.2f}"
        for penalty in best.penalties:
            if penalty.name != PenaltyName.NETWORK and not best.installed:
                return f"penalised:{penalty.name}"
        if self.elevated and not best.vouched:
            return "only-open-evidence"
        if best.provenance >= self.weights.named:
            return None
        return "sweep-incomplete" if self.unswept else self._unlooked()

    def _unlooked(self) -> str | None:
        """Whether a folder was not looked at because the time for looks was spent."""
        excluded = (one.place.excluded for one in self.scored)
        cut = any(one is not None and one.reason == BUDGET for one in excluded)
        return "looks-incomplete" if cut else None

    # How it ends without a winner.

    def _several_by_claim(
        self, best: Scored, claim: Scored, contenders: Sequence[Scored]
    ) -> FindOutcome:
        if claim.place.excluded is None and not self._has_content(claim):
            self._say(claim, Verdict.EMPTIED, _why_emptied(claim))
        for one in contenders:
            if one.registered or one is claim:
                self._say(
                    one, Verdict.RIVAL, f"beside:{(best if one is claim else claim).place.root}"
                )
            else:
                self._say(one, Verdict.COPY, f"registered-elsewhere:{claim.place.root}")
        return FindOutcome.SEVERAL

    def _too_close(self, best: Scored, contenders: Sequence[Scored]) -> FindOutcome:
        for one in contenders:
            if _lead(best, one) < self.weights.margin:
                self._say(one, Verdict.RIVAL, f"too-close:{self.margin:.2f}")
        return FindOutcome.SEVERAL

    def _undecided(self, doubt: str) -> FindOutcome:
        spent = doubt in {"sweep-incomplete", "looks-incomplete"}
        return FindOutcome.BUDGET_SPENT if spent else FindOutcome.SEVERAL

    def _without_content(self) -> FindOutcome:
        emptied = self._emptied()
        unseen = [s for s in self.scored if s.place.presence is Presence.NOT_LOOKED_AT]
        rivals = [s for s in unseen if s.place.excluded and s.provenance >= self.weights.named]
        if not emptied:
            spent = self.unswept or self._unlooked() is not None
            return FindOutcome.BUDGET_SPENT if spent else FindOutcome.NOT_FOUND
        if not self._stands_out(emptied[0], [*emptied[1:], *rivals]):
            for one in emptied:
                self._say(one, Verdict.RIVAL, _why_emptied(one))
            return FindOutcome.SEVERAL
        self._say(emptied[0], Verdict.EMPTIED, _why_emptied(emptied[0]))
        return FindOutcome.EMPTIED

    def _stands_out(self, one: Scored, others: Sequence[Scored]) -> bool:
        """Whether an emptied folder is clearly the one: it leads, or the others are but gone."""
        for other in others:
            lead = round(one.provenance - other.provenance, _DIGITS)
            only_gone = one.place.is_there and other.place.presence is Presence.GONE
            if lead < (0 if only_gone and one.registered else self.weights.outclassed):
                return False
        return True

    # What is said about each.

    def _say(self, one: Scored, verdict: Verdict, reason: str) -> None:
        self.words[id(one)] = verdict, reason

    def _loser(self, one: Scored) -> Word:
        place = one.place
        if place.excluded is not None:
            return place.excluded.verdict, place.excluded.reason
        if self._has_content(one):
            return self._weaker(one)
        if place.presence is Presence.GONE:
            return Verdict.GONE, "gone"
        if self._is_emptied(one):
            return Verdict.EMPTIED, _why_emptied(one)
        return Verdict.TOO_LITTLE, _why_too_little(one)

    def _weaker(self, one: Scored) -> Word:
        winner = next((s for s in self.scored if self._is_chosen(s)), None)
        if winner is None:
            return Verdict.WEAKER, f"lower-score:{_lead(self._contenders()[0], one):.2f}"
        if winner.registered and one.provenance < self.weights.named:
            return Verdict.COPY, f"copy-of:{winner.place.root}"
        if one.score > winner.score:
            return Verdict.WEAKER, f"configured-elsewhere:{winner.place.root}"
        return Verdict.WEAKER, f"lower-score:{_lead(winner, one):.2f}"

    def _is_chosen(self, one: Scored) -> bool:
        return self.words.get(id(one), (None, ""))[0] is Verdict.CHOSEN


def _lead(first: Scored, second: Scored) -> float:
    return round(first.score - second.score, _DIGITS)


def _why_too_little(one: Scored) -> str:
    if one.place.foreign is not None:
        return f"other-product:{one.place.foreign}"
    if one.content > 0:
        return f"low-content:{one.content:.2f}"
    if one.place.content.wrong:
        return "other-content"
    return "no-content" if one.meant or not one.provenance else "only-vendor"


def _why_emptied(one: Scored) -> str:
    if one.place.presence is Presence.GONE:
        return "folder-gone"
    return "content-unknown" if one.place.content.wrong or one.content else "content-gone"


_ORDER: Mapping[Verdict, int] = {
    verdict: place
    for place, verdict in enumerate(
        (
            Verdict.CHOSEN, Verdict.RIVAL, Verdict.EMPTIED, Verdict.COPY, Verdict.WEAKER,
            Verdict.TOO_LITTLE, Verdict.NOT_LOOKED_AT, Verdict.GONE, Verdict.INSIDE,
            Verdict.SHADOW, Verdict.OURS,
        )
    )
}  # fmt: skip
"""How candidates are listed; within one verdict by score."""


def _candidate(one: Scored, verdict: Verdict, reason: str) -> Candidate:
    place = one.place
    return Candidate(
        root=place.root,
        canonical=place.canonical,
        identity=place.identity,
        content=place.content,
        evidence=one.evidence,
        provenance=one.provenance,
        penalties=one.penalties,
        score=one.score,
        verdict=verdict,
        reason=reason,
        last_used=place.last_used,
    )
