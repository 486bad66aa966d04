"""What was asked, and the ports through which the world is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from agent.discovery.finding import SweepWish
from agent.discovery.limits import Limits
from agent.discovery.probing import Pc, stay
from agent.model import Host, Mode, Trigger
from agent.planning import Choice
from agent.ports import Locks, ProcessTable, QuarantineRecords, Volumes
from agent.progress import Watch
from agent.repair.file_ops import FileOps
from agent.state import StateFolder

APPLICATION = "Werkplekherstel"


@dataclass(frozen=True, slots=True)
class SearchWish:
    """How far a search for the installation may go."""

    sweep: SweepWish = SweepWish.WHEN_NEEDED
    removable: bool = False
    """Whether a sweep also goes over sticks and cards."""
    seconds: float | None = None
    """Of a sweep; None for the usual budget."""
    hosts: frozenset[str] = frozenset()
    """Hosts whose shares an elevated run may open, in lower case."""


@dataclass(frozen=True)
class Request:
    """One question to the engine."""

    command: str
    root: Path | None
    """The program folder; None to search for it."""
    product: str | None = None
    manifests: tuple[Path, ...] = ()
    catalogues: tuple[Path, ...] = ()
    sources: tuple[Path, ...] = ()
    mode: Mode = Mode.FULL
    choice: Choice = field(default_factory=Choice)
    dry_run: bool = False
    settle_s: float = 0.0
    """Seconds after a repair until the second look; 0 for none."""
    run_id: str | None = None
    """`undo`: which run; None for the newest."""
    trigger: Trigger = Trigger.PERSON
    profiles: tuple[Path, ...] = ()
    """Product profiles beside our own."""
    configured: tuple[Path, ...] = ()
    """Program folders that the settings file names: looked at first, still judged."""
    search: SearchWish = field(default_factory=SearchWish)


@dataclass(frozen=True)
class Ports:
    """Everything outside that a run touches; tests give simulators."""

    state: StateFolder
    host: Host
    ops: FileOps
    processes: ProcessTable
    quarantine: QuarantineRecords
    volumes: Volumes
    pc: Pc
    """What a search asks."""
    locks: Locks
    watch: Watch
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    machine_catalogue: Path | None = None
    """The folder that only administrators can write; None where there is none."""
    step_back: Callable[[], Callable[[], None]] = stay
    """Lets other programs go first during a sweep; gives what ends that."""
    limits: Limits = field(default_factory=Limits)
    """Of a search."""
