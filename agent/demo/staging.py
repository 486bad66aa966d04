"""The demo from start to end."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.demo.damage import break_practice
from agent.demo.notice import NoticeResult, notice_would
from agent.demo.play import SCENES, Scene, SceneResult, Stage, make_lists, play
from agent.demo.practice import Pc, build
from agent.demo.software import Software
from agent.outcomes import ExitCode


@dataclass(frozen=True)
class Outcome:
    """What was reached."""

    software: Software
    pcs: tuple[Pc, ...]
    notice: tuple[NoticeResult, ...]
    scenes: tuple[SceneResult, ...]
    seconds: float

    @property
    def code(self) -> ExitCode:
        """`ok` only if every expected state was reached."""
        failed = any(scene.faults for scene in self.scenes)
        return ExitCode.INTERNAL_ERROR if failed else ExitCode.OK


class Audience(Protocol):
    """Who is told how it goes."""

    def begin(self, software: Software, pcs: tuple[Pc, ...]) -> None:
        """The practice stands, whole."""
        ...

    def notice(self, results: tuple[NoticeResult, ...]) -> None:
        """What the workaround would have done."""
        ...

    def scene(self, result: SceneResult) -> None:
        """One PC is done."""
        ...

    def end(self, outcome: Outcome) -> None:
        """All is done."""
        ...


def run_demo(
    software: Software, folder: Path, audience: Audience, scenes: Iterable[Scene] = SCENES
) -> Outcome:
    """Build, break and heal a practice below an empty folder.

    Args:
        software: what is installed on its PCs.
        folder: empty; everything stands below it.
        audience: is told how it goes.
        scenes: what is to happen, and how it has to end.
    """
    started = time.monotonic()
    pcs = build(software, folder / "praktijk")
    audience.begin(software, pcs)
    catalogue = folder / "lijsten"
    make_lists(pcs, catalogue)
    break_practice(pcs, software, folder / "gewist")
    notice = notice_would(pcs, software)
    audience.notice(notice)
    stage = Stage({pc.name: pc for pc in pcs}, software, catalogue, folder / "state")
    played = tuple(play(stage, scenes, audience.scene))
    outcome = Outcome(software, pcs, notice, played, time.monotonic() - started)
    audience.end(outcome)
    return outcome
