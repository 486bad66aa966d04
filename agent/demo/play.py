"""PC by PC, with the real engine: look, weigh, repair, verify, undo, repair again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from agent.demo.practice import Damage, Pc, content, settings_intact
from agent.demo.software import NEW_VERSION, OLD_VERSION, Software
from agent.manifest.names import LOCK_NAME
from agent.model import DiagnosisClass, WayWeighed
from agent.outcomes import ExitCode, most_serious
from agent.planning import Choice
from agent.progress import Watch
from agent.reporting.facts import RunFacts
from agent.sources.own import OWN_ID
from agent.state import open_state
from agent.workflow.listing import MakeRequest, make_manifest
from agent.workflow.repairing import repair
from agent.workflow.request import Ports, Request
from agent.workflow.running import check, plan
from agent.workflow.this_pc import real_ports
from agent.workflow.undoing import undo

PRODUCT = "cmake"
PROFILE = Path(__file__).with_name("cmake.toml")
DAY = datetime(2023, 1, 2, 8, tzinfo=UTC)
"""When the lists were made."""


@dataclass(frozen=True)
class Scene:
    """What is to happen on one PC, and how it has to end."""

    pc: str
    sources: tuple[str, ...]
    """PCs whose folders serve as sources, in order."""
    kind: DiagnosisClass
    look: ExitCode
    """Code of `plan`."""
    refused: ExitCode | None = None
    """Code of a plain `repair`, which writes nothing; None when it succeeds."""
    to_version: str | None = None
    """The version that the person then chooses."""
    complete: bool = True
    """Whether the way that is followed can be completed from these sources."""


SCENES = (
    Scene("SPREEKKAMER-1", (), DiagnosisClass.HEALTHY, ExitCode.OK),
    Scene("SPREEKKAMER-2", (), DiagnosisClass.HEALTHY, ExitCode.OK),
    Scene(
        "BALIE-1",
        ("SPREEKKAMER-1",),
        DiagnosisClass.FILES_DELETED,
        ExitCode.PARTLY_REPAIRABLE,
        refused=ExitCode.PARTLY_REPAIRABLE,
        complete=False,
    ),
    Scene(
        "BALIE-1",
        ("SPREEKKAMER-1", "SPREEKKAMER-2"),
        DiagnosisClass.FILES_DELETED,
        ExitCode.REPAIRABLE,
    ),
    Scene(
        "BALIE-2",
        ("LAB", "SPREEKKAMER-1", "BALIE-1"),
        DiagnosisClass.FILES_DELETED,
        ExitCode.REPAIRABLE,
    ),
    Scene(
        "LAB",
        ("SPREEKKAMER-1",),
        DiagnosisClass.HALF_UPDATED,
        ExitCode.NEEDS_PERSON,
        refused=ExitCode.NEEDS_PERSON,
        to_version=NEW_VERSION,
    ),
    Scene(
        "APOTHEEK",
        ("SPREEKKAMER-1", "BALIE-2"),
        DiagnosisClass.UNKNOWN,
        ExitCode.VERSION_UNKNOWN,
        refused=ExitCode.VERSION_UNKNOWN,
        to_version=OLD_VERSION,
    ),
    Scene(
        "KANTOOR",
        ("SPREEKKAMER-1",),
        DiagnosisClass.FILES_DELETED,
        ExitCode.PARTLY_REPAIRABLE,
        refused=ExitCode.PARTLY_REPAIRABLE,
        to_version=NEW_VERSION,
    ),
)


@dataclass
class SceneResult:
    """What happened on one PC."""

    scene: Scene
    kind: DiagnosisClass
    ways: tuple[WayWeighed, ...]
    restored: int = 0
    replaced: int = 0
    used: dict[str, int] = field(default_factory=dict)
    """PC to files that came from it; `OWN_ID` for the PC itself, under another name."""
    refused: bool = False
    """Whether a plain `repair` was held back, as it had to be."""
    faults: list[str] = field(default_factory=list)
    """Text ids of every state that was not the expected one."""


@dataclass(frozen=True)
class Stage:
    """The practice as it stands, and how to reach the engine."""

    pcs: dict[str, Pc]
    software: Software
    catalogue: Path
    states: Path

    def request(self, scene: Scene, command: str, choice: Choice) -> Request:
        """The question for one PC."""
        return Request(
            command=command,
            root=self.pcs[scene.pc].root,
            product=PRODUCT,
            catalogues=(self.catalogue,),
            sources=tuple(self.pcs[name].root for name in scene.sources),
            choice=choice,
            profiles=(PROFILE,),
        )

    def ports(self, scene: Scene) -> Ports:
        """The ports of one PC, with a state folder of its own."""
        return real_ports(open_state(self.states / scene.pc, create=True), Watch())


def make_lists(pcs: tuple[Pc, ...], catalogue: Path) -> None:
    """Before the clean-up: one list of each version, made from a PC that is whole."""
    catalogue.mkdir()
    donors = {pc.version: pc for pc in pcs if pc.damage in {Damage.NONE, Damage.SWITCHED_OFF}}
    for number, (version, pc) in enumerate(sorted(donors.items()), 1):
        output = catalogue / f"{PRODUCT}-{version}.json"
        request = MakeRequest(
            pc.root, PRODUCT, version, output, sequence=number, profiles=(PROFILE,)
        )
        make_manifest(request, now=DAY)


def play(
    stage: Stage, scenes: Iterable[Scene], tell: Callable[[SceneResult], None]
) -> Iterator[SceneResult]:
    """Every scene in order; `tell` hears each as soon as it has ended."""
    for scene in scenes:
        result = _play(stage, scene)
        tell(result)
        yield result


def _play(stage: Stage, scene: Scene) -> SceneResult:
    looked = plan(stage.request(scene, "plan", Choice()), stage.ports(scene))
    facts = looked.installations[0] if looked.installations else None
    if facts is None:
        return SceneResult(scene, DiagnosisClass.UNKNOWN, (), faults=["demo-no-result"])
    result = SceneResult(scene, facts.diagnosis.kind, facts.ways)
    _expect(result, "demo-class", facts.diagnosis.kind is scene.kind)
    _expect(result, "demo-code", _code(looked) is scene.look)
    before = content(stage.pcs[scene.pc].root)
    if scene.refused is not None:
        code = _code(_repair(stage, scene, Choice()))
        result.refused = code is scene.refused
        _expect(result, "demo-refused", result.refused)
        _expect(result, "demo-untouched", _same(stage, scene, before))
    if scene.kind is not DiagnosisClass.HEALTHY and scene.complete:
        _heal(stage, scene, result, before)
    return result


def _heal(
    stage: Stage, scene: Scene, result: SceneResult, before: dict[str, tuple[str, int]]
) -> None:
    """Repair, verify, undo, verify, repair again, verify."""
    choice = Choice(to_version=scene.to_version)
    done = _repair(stage, scene, choice)
    _expect(result, "demo-repaired", _code(done) is ExitCode.OK)
    _count(result, done, scene)
    _verify(stage, scene, result, before)
    back = undo(stage.request(scene, "undo", Choice()), stage.ports(scene))
    _expect(result, "demo-undone", _code(back) is ExitCode.OK)
    _expect(result, "demo-as-before", _same(stage, scene, before))
    again = _repair(stage, scene, choice)
    _expect(result, "demo-redone", _code(again) is ExitCode.OK)
    _verify(stage, scene, result, before)
    after = check(stage.request(scene, "check", Choice()), stage.ports(scene))
    _expect(result, "demo-healthy", _code(after) is ExitCode.OK)


def _repair(stage: Stage, scene: Scene, choice: Choice) -> RunFacts:
    return repair(stage.request(scene, "repair", choice), stage.ports(scene), lambda _: True)


def _verify(
    stage: Stage, scene: Scene, result: SceneResult, before: dict[str, tuple[str, int]]
) -> None:
    """With our own eyes: every file of the version right, nothing else touched."""
    pc = stage.pcs[scene.pc]
    listed = stage.software.digests[scene.to_version or pc.version]
    now = content(pc.root)
    right = all(path in now and now[path][0] == digest for path, digest in listed.items())
    _expect(result, "demo-bytes", right)
    _expect(result, "demo-settings", settings_intact(pc))
    others = {path: seen for path, seen in before.items() if path not in listed}
    strangers = [path for path in now if path not in before and path not in listed]
    kept = all(now.get(path) == seen for path, seen in others.items())
    _expect(result, "demo-others", kept and strangers in ([], [LOCK_NAME]))


def _same(stage: Stage, scene: Scene, before: dict[str, tuple[str, int]]) -> bool:
    now = content(stage.pcs[scene.pc].root)
    return {path: seen for path, seen in now.items() if path != LOCK_NAME} == {
        path: seen for path, seen in before.items() if path != LOCK_NAME
    }


def _count(result: SceneResult, done: RunFacts, scene: Scene) -> None:
    for facts in done.installations:
        if facts.plan is None or facts.repair is None:
            continue
        actions = facts.plan.actions
        result.restored = sum(step.found is None for step in actions)
        result.replaced = len(actions) - result.restored
        # Raw copies are asked in the order in which they were given, after the PC itself.
        given = zip((OWN_ID, *scene.sources), facts.repair.sources, strict=True)
        result.used = {name: use.used for name, use in given if use.used}


def _expect(result: SceneResult, fault: str, holds: bool) -> None:
    if not holds:
        result.faults.append(fault)


def _code(facts: RunFacts) -> ExitCode:
    codes = [*facts.codes, *(code for one in facts.installations for code in one.codes)]
    return most_serious(codes)
