"""FIND: which folder of this PC a run is about, when nobody names it.

Owns what is searched for and with what wishes, the step from an answer to one or more folders,
and the own record of a confident find; the search itself is `agent.discovery`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from msgspec import structs

from agent.discovery.finding import find
from agent.discovery.probing import Inquiry, RecordedRoot, Sought
from agent.errors import ItError, WerkplekError
from agent.model import Brake, Candidate, FindOutcome, Found, Search, Verdict
from agent.outcomes import ExitCode
from agent.profiles import Profiles
from agent.progress import Stage
from agent.repair.containment import PinnedRoot
from agent.sources.opening import open_sources
from agent.state import Record
from agent.workflow.knowing import GENERIC, Knowledge, gather_knowledge
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

    def ensured(self, ports: Ports, request: Request) -> Path:
        """The folder; one that is gone is made again when a person confirmed the place.

        Raises:
            ItError: ``folder-gone`` because it is not there, or could not be made.
        """
        if not self.gone:
            return self.root
        acting = request.command == "repair" and not request.dry_run
        if not (acting and Brake.WEAK_TARGET in request.choice.accepted):
            raise self._is_gone()
        try:
            for folder in reversed([self.root, *self.root.parents]):
                if not folder.is_dir():
                    ports.ops.make_directory(folder)
        except OSError as error:
            raise self._is_gone() from error
        return resolve_root(self.root, ports.state.path)

    def _is_gone(self) -> ItError:
        return ItError("folder-gone", ExitCode.NEEDS_PERSON, root=str(self.root))


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
        unclear = next((one for one in answers if one.chosen is None), None)
        if unclear is not None:
            raise _unclear(answers, unclear)
        if len(answers) > 1 and not several:
            products = ", ".join(one.product for one in answers)
            raise ItError("several-products", ExitCode.SEVERAL, products=products)
        return tuple(_located(one, self.ports) for one in answers)

    def remembered(self) -> tuple[ExitCode, ...]:
        """Keep the record of each confident find; what `find` ends with."""
        if self.search is None:
            return ()
        answers = answered(self.search)
        for one in answers:
            if one.outcome is FindOutcome.CHOSEN:
                remember_find(_located(one, self.ports), self.ports)
        return tuple(dict.fromkeys(CODES.get(one.outcome, ExitCode.OK) for one in answers))


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
        records=_records(ports),
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


def remember_find(located: Located, ports: Ports) -> None:
    """Write the own record of a confident find, which the next search reads first."""
    if located.found is None or located.found.outcome is not FindOutcome.CHOSEN:
        return
    # Of a root that two products share the record stays with the product that has it.
    old = ports.state.record(located.root)
    old = old or Record(root=str(located.root), product=located.found.product)
    chosen = located.found.chosen
    with suppress(OSError, WerkplekError):
        record = structs.replace(
            old,
            found_at=f"{ports.clock():%Y-%m-%dT%H:%M:%S+00:00}",
            found_as=chosen.canonical if chosen is not None else None,
            root_id=PinnedRoot.pin(located.root).identity,
        )
        ports.state.save_record(located.root, record)


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


def _records(ports: Ports) -> tuple[RecordedRoot, ...]:
    place = str(ports.state.path)
    rights = ports.pc.rights
    open_to_all = (
        rights.ordinary_can_write(place) if ports.host.elevated else rights.others_can_write(place)
    )
    return tuple(
        RecordedRoot(
            root=record.found_as or record.root,
            product=record.product,
            place=place,
            open_to_all=open_to_all,
            found_at=datetime.fromisoformat(record.found_at),
        )
        for record in ports.state.records()
        if record.found_at is not None
    )


def _located(found: Found, ports: Ports) -> Located:
    chosen = found.chosen
    assert chosen is not None  # noqa: S101 - the caller refused every other answer
    path = ports.pc.disks.local(chosen.canonical)
    if chosen.identity is None:
        return Located(path, found, gone=True)
    return Located(resolve_root(path, ports.state.path), found)


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
