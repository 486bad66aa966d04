"""One run from start to report: the verbs that only look, and what every run has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from agent.errors import ItError, WerkplekError
from agent.model import Mode, Search
from agent.outcomes import ExitCode
from agent.progress import Stage
from agent.repair.containment import PinnedRoot
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.sources.base import Source
from agent.sources.opening import open_sources
from agent.state import new_run_id
from agent.workflow.assessing import Assessment, assess
from agent.workflow.finding import Located, find_roots
from agent.workflow.knowing import Knowledge, gather_knowledge, stick_too_old
from agent.workflow.request import Ports, Request
from agent.workflow.roots import resolve_root
from agent.workflow.spotting import spot
from agent.workflow.weighing import Considered, consider


@dataclass
class Session:
    """One run on its way; what is known so far survives whatever ends it."""

    request: Request
    ports: Ports
    run_id: str
    located: Located | None = None
    """The installation it is about; None until it is known."""
    knowledge: Knowledge | None = None
    """What a search has read already."""
    facts: InstallationFacts | None = None
    prepared: Prepared | None = None
    considered: Considered | None = None

    @property
    def registered(self) -> bool:
        """Whether a search found that Windows, or the settings file, names this folder."""
        return self.located is not None and self.located.registered


@dataclass(frozen=True)
class Prepared:
    """Everything that was asked for makes sense; nothing was looked at or written yet."""

    root: Path
    pinned: PinnedRoot
    """The same, held on to from before the look: nothing else is written."""
    sources: tuple[Source, ...]
    knowledge: Knowledge


Work = Callable[[Session], InstallationFacts]
"""What one verb does; it raises `WerkplekError` to end early."""


def check(request: Request, ports: Ports) -> RunFacts:
    """Look and judge, and ask the sources what they have; writes nothing to the installation."""
    return carry_out(request, ports, look_and_weigh, several=True)


def plan(request: Request, ports: Ports) -> RunFacts:
    """As `check`, and weigh also the versions that raw copies could be."""
    return carry_out(
        request, ports, lambda session: look_and_weigh(session, spotting=True), several=True
    )


def find(request: Request, ports: Ports) -> RunFacts:
    """Search and explain; a folder that was named is one candidate more."""
    started = ports.clock()
    codes: tuple[ExitCode, ...] = ()
    found: Search | None = None
    error: WerkplekError | None = None
    try:
        named = () if request.root is None else (resolve_root(request.root, ports.state.path),)
        wanted = replace(request, root=None, configured=named or request.configured)
        whereabouts = find_roots(wanted, ports)
        found = whereabouts.search
        codes = whereabouts.codes()
        if not named:
            whereabouts.keep()
    except WerkplekError as ended:
        error, codes = ended, (ended.exit_code,)
    return RunFacts(
        run_id=new_run_id(started),
        command=request.command,
        mode=request.mode,
        host=ports.host,
        started=started,
        finished=ports.clock(),
        search=found,
        error=error,
        codes=codes,
    )


def carry_out(request: Request, ports: Ports, work: Work, *, several: bool = False) -> RunFacts:
    """Run a verb to its end, whatever that is.

    Args:
        request: what was asked.
        ports: the world.
        work: what the verb does with one installation.
        several: whether it may do so with each one that a search finds.

    Returns:
        The facts, with the error that ended the run early where there is one. An exception that
        we did not raise on purpose is passed on: the edge turns it into a crash report.
    """
    started = ports.clock()
    run_id = new_run_id(started)
    sessions: list[Session] = []
    error: WerkplekError | None = None
    found: Search | None = None
    try:
        whereabouts = find_roots(request, ports)
        found = whereabouts.search
        whereabouts.keep()
        for located in whereabouts.located(several=several):
            one = replace(request, product=request.product or located.product)
            sessions.append(Session(one, ports, run_id, located, whereabouts.knowledge))
            sessions[-1].facts = work(sessions[-1])
    except WerkplekError as ended:
        error = ended
    mode = request.mode if request.command != "repair" else Mode.FULL
    return RunFacts(
        run_id=run_id,
        command=request.command,
        mode=mode,
        host=ports.host,
        started=started,
        finished=ports.clock(),
        installations=tuple(_with_found(one) for one in sessions if one.facts is not None),
        search=found,
        error=error,
        dry_run=request.dry_run,
        trigger=request.trigger,
        codes=(error.exit_code,) if error is not None else (),
    )


def _with_found(session: Session) -> InstallationFacts:
    assert session.facts is not None  # noqa: S101 - the caller chose those that have facts
    found = session.located.found if session.located is not None else None
    return replace(session.facts, found=found)


def prepare(session: Session) -> Prepared:
    """Refuse whatever can't be meant before anything is looked at or written.

    Raises:
        WerkplekError: because of the first thing that is wrong.
    """
    if session.prepared is None:
        request, ports = session.request, session.ports
        assert session.located is not None  # noqa: S101 - `carry_out` gave every session one
        if session.located.gone:
            raise ItError("folder-gone", ExitCode.NEEDS_PERSON, root=str(session.located.root))
        root = session.located.root
        pinned = PinnedRoot.pin(root)
        sources = open_sources(request.sources, root=root)
        knowledge = session.knowledge or gather_knowledge(request, ports, sources)
        session.prepared = Prepared(root, pinned, sources, knowledge)
    return session.prepared


def look_and_weigh(session: Session, *, spotting: bool = False) -> InstallationFacts:
    """The first four stages, and the plan."""
    request, ports = session.request, session.ports
    prepared = prepare(session)
    root, sources, knowledge = prepared.root, prepared.sources, prepared.knowledge
    ports.watch.start(Stage.LOOK)
    assessment = assess(
        request, ports, knowledge, root, mode=request.mode, registered=session.registered
    )
    session.facts = facts_of(assessment)
    considered = None
    if not _wish_is_elsewhere(request, assessment):
        considered = consider(request, ports, assessment, sources)
    if spotting and (considered is None or not _way_back_is_complete(considered)):
        considered = _with_spotted(session, assessment, prepared) or considered
    if considered is None:
        _refuse_old_stick(request, knowledge)
        considered = consider(request, ports, assessment, sources)
    session.considered = considered
    facts = facts_of(considered.assessment, considered)
    return replace(facts, code_given=request.choice.code is not None)


def _with_spotted(
    session: Session, assessment: Assessment, prepared: Prepared
) -> Considered | None:
    """The same, with lists made on the spot of raw copies; None when there is nothing to add."""
    request, ports, knowledge = session.request, session.ports, prepared.knowledge
    spotted = spot(assessment, prepared.sources, ports)
    if not spotted:
        return None
    named = replace(request, product=assessment.profile.name)
    again = assess(
        named,
        ports,
        knowledge,
        assessment.root,
        mode=request.mode,
        spotted=spotted,
        registered=assessment.registered,
    )
    if _wish_is_elsewhere(request, again):
        _refuse_old_stick(request, knowledge)
    return consider(named, ports, again, prepared.sources)


def _refuse_old_stick(request: Request, knowledge: Knowledge) -> None:
    hours = knowledge.too_old.get(request.choice.to_version or "")
    if hours is not None:
        raise stick_too_old(hours)


def _wish_is_elsewhere(request: Request, assessment: Assessment) -> bool:
    wish = request.choice.to_version
    return wish is not None and assessment.version(wish) is None


def _way_back_is_complete(considered: Considered) -> bool:
    own = considered.assessment.own
    return own is not None and any(
        way.complete and way.version == own.version for way in considered.ways
    )


def facts_of(
    assessment: Assessment,
    considered: Considered | None = None,
    codes: tuple[ExitCode, ...] | None = None,
) -> InstallationFacts:
    """What a report says of an installation after a look."""
    judgement = assessment.judgement
    winner = judgement.winner
    facts = InstallationFacts(
        product=assessment.profile.name,
        title=assessment.profile.title,
        root=assessment.root,
        diagnosis=judgement.diagnosis,
        match=judgement.match,
        trust=winner.trust if winner is not None else None,
        before=assessment.comparison,
    )
    if considered is None:
        return replace(facts, codes=codes or ())
    target = considered.target
    before = target.comparison if target is not None else assessment.comparison
    return replace(
        facts,
        ways=considered.ways,
        brakes=considered.plan.brakes if considered.plan is not None else (),
        before=before,
        coverage=considered.coverages,
        plan=considered.plan,
        codes=codes if codes is not None else considered.codes,
    )
