"""FIND: which folder of this PC a run is about, when nobody names it.

Owns what is searched for and with what wishes, the step from an answer to one or more folders,
and the own record of a confident find; the search itself is `agent.discovery`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from agent.discovery.finding import find
from agent.discovery.probing import Inquiry, Sought
from agent.errors import ItError, UsageError
from agent.model import Candidate, FindOutcome, Found, Search, Verdict
from agent.outcomes import ExitCode
from agent.profiles import Profiles
from agent.progress import Stage
from agent.sources.opening import open_sources
from agent.workflow.knowing import GENERIC, Knowledge, gather_knowledge
from agent.workflow.remembering import remember, remembered
from agent.workflow.request import Ports, Request
from agent.workflow.roots import resolve_root

CODES = {
    FindOutcome.SEVERAL: ExitCode.SEVERAL,
    FindOutcome.EMPTIED: ExitCode.NEEDS_PERSON,
    FindOutcome.NOT_FOUND: ExitCode.NOT_FOUND,
    FindOutcome.BUDGET_SPENT: ExitCode.SEARCH_BUDGET,
}
"""What `find` ends with for a product; chosen is 0."""
_PROBLEMS = {
    FindOutcome.SEVERAL: "find-several",
    FindOutcome.NOT_FOUND: "find-not-found",
    FindOutcome.BUDGET_SPENT: "find-budget-spent",
}
_ABSENT = frozenset({FindOutcome.NOT_FOUND, FindOutcome.BUDGET_SPENT})
_SHOWN = 8
"""Candidates that an error names."""


@dataclass(frozen=True)
class Located:
    """One installation that a run is about."""

    root: Path
    found: Found | None = None
    """None when a person named the folder."""
    gone: bool = False
    """Registered, but the folder itself is not there any more."""

    @property
    def product(self) -> str | None:
        """The product that it was found as."""
        return self.found.product if self.found is not None else None

    @property
    def registered(self) -> bool:
        """Whether Windows, our own record or the settings file names this folder."""
        return self.found is not None and self.found.registered


@dataclass(frozen=True)
class Whereabouts:
    """Where the folders are that a run is about, or why nobody can tell."""

    request: Request
    ports: Ports
    search: Search | None = None
    """None when a person named the folder."""
    knowledge: Knowledge | None = None
    """What was read for the search; the run goes on with it."""

    def located(self, *, several: bool) -> tuple[Located, ...]:
        """The installations to go on with.

        Args:
            several: whether the verb can deal with more than one.

        Raises:
            WerkplekError: because there is none, a person has to choose, or it can't be one.
        """
        if self.search is None:
            assert self.request.root is not None  # noqa: S101 - else there was a search
            return (Located(resolve_root(self.request.root, self.ports.state.path)),)
        answers = answered(self.search)
        clear = tuple(one for one in answers if one.chosen is not None)
        if not clear:
            raise _unclear(answers, answers[0])
        # Remains of another product do not keep a PC from the one that is clearly here.
        answers = clear
        if len(answers) > 1 and not several:
            products = ", ".join(one.product for one in answers)
            raise ItError("several-products", ExitCode.SEVERAL, products=products)
        return tuple(_located(one, self.ports) for one in answers)

    def codes(self) -> tuple[ExitCode, ...]:
        """What `find` ends with."""
        answers = answered(self.search) if self.search is not None else ()
        return tuple(dict.fromkeys(CODES.get(one.outcome, ExitCode.OK) for one in answers))

    def keep(self) -> None:
        """Remember each confident find, unless the caller itself pointed there."""
        for one in answered(self.search) if self.search is not None else ():
            remember(one, self.ports)


def find_roots(request: Request, ports: Ports) -> Whereabouts:
    """Search, unless a person named the folder.

    Raises:
        WerkplekError: because of what was given, or because somebody stopped it.
    """
    if request.root is not None:
        return Whereabouts(request, ports)
    sources = open_sources(request.sources, root=None)
    knowledge = gather_knowledge(request, ports, sources)
    return Whereabouts(request, ports, search(request, ports, knowledge), knowledge)


def search(request: Request, ports: Ports, knowledge: Knowledge) -> Search:
    """Look for every product that may be meant.

    Raises:
        Stopped: because somebody asked for it.
    """
    ports.watch.start(Stage.FIND)
    wish = request.search
    limits = replace(ports.limits, removable=wish.removable)
    if wish.seconds is not None:
        limits = replace(limits, sweep_s=wish.seconds)
    wanted = _products(request, knowledge)
    inquiry = Inquiry(
        pc=ports.pc,
        sought=_sought(wanted, knowledge),
        siblings=_sought(_others(wanted, knowledge), knowledge),
        configured=tuple(str(path) for path in request.configured),
        records=remembered(ports),
        hosts=wish.hosts,
        own_folders=(str(ports.state.path),),
        elevated=ports.host.elevated,
        limits=limits,
        step_back=ports.step_back,
    )
    return find(inquiry, sweep=wish.sweep, watch=ports.watch)


def answered(found: Search) -> tuple[Found, ...]:
    """The answers that count: a product that is not on this PC is none, unless no other is."""
    present = tuple(one for one in found.found if one.outcome not in _ABSENT)
    return present or found.found


def _sought(names: Iterable[str], knowledge: Knowledge) -> tuple[Sought, ...]:
    return tuple(
        Sought(knowledge.profiles.for_product(name), knowledge.catalogue.known(name))
        for name in names
    )


def _products(request: Request, knowledge: Knowledge) -> tuple[str, ...]:
    """The one that was asked for; else those with a list; else every product that has a profile."""
    if request.product is not None:
        return (request.product,)
    return knowledge.catalogue.products or _named(knowledge.profiles)


def _others(wanted: Iterable[str], knowledge: Knowledge) -> tuple[str, ...]:
    """Every product that is known and not looked for: what is theirs is not taken for ours."""
    taken = {name.lower() for name in wanted}
    known = {
        name.lower(): name for name in (*_named(knowledge.profiles), *knowledge.catalogue.products)
    }
    return tuple(name for key, name in known.items() if key not in taken)


def _named(profiles: Profiles) -> tuple[str, ...]:
    return tuple(name for name in profiles.names if name != GENERIC)


def _located(found: Found, ports: Ports) -> Located:
    chosen = found.chosen
    assert chosen is not None  # noqa: S101 - the caller refused every other answer
    path = ports.pc.disks.local(chosen.canonical)
    if chosen.identity is None:
        return Located(path, found, gone=True)
    try:
        return Located(resolve_root(path, ports.state.path), found)
    except UsageError as error:
        # Nobody typed this path: it was found, and it can't be worked on.
        raise ItError("found-unfit", ExitCode.NEEDS_PERSON, root=chosen.root) from error


def _is_named_but_unseen(folder: Candidate) -> bool:
    return folder.verdict is Verdict.NOT_LOOKED_AT and folder.provenance > 0


def _unclear(answers: tuple[Found, ...], one: Found) -> ItError:
    """Why nothing is looked at; several products that are not there are named together."""
    code = CODES[one.outcome]
    products = ", ".join(answer.product for answer in answers if answer.outcome is one.outcome)
    roots = [folder.root for folder in one.candidates if folder.verdict.may_be_it][:_SHOWN]
    problem = _PROBLEMS[one.outcome]
    unseen = [folder.root for folder in one.candidates if _is_named_but_unseen(folder)][:_SHOWN]
    if problem == "find-several" and len(roots) == 1:
        problem = "find-unsure"
    if problem == "find-not-found" and unseen:
        problem, roots = "find-unreachable", unseen
    return ItError(problem, code, products=products, roots=roots)
