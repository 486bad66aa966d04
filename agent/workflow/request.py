"""What was asked, and the ports through which the world is reached."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from agent.model import Host, Mode, Trigger
from agent.planning import Choice
from agent.ports import ProcessTable, QuarantineRecords, Volumes
from agent.progress import Watch
from agent.repair.file_ops import FileOps, PortableFileOps
from agent.state import StateFolder
from agent.trust.places import PortableVolumes
from agent.windows.processes import NoQuarantineRecords, SystemProcessTable
from agent.windows.rights import is_elevated
from agent.windows.volumes import WindowsVolumes

APPLICATION = "Werkplekherstel"


@dataclass(frozen=True)
class Request:
    """One question to the engine."""

    command: str
    root: Path | None
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


@dataclass(frozen=True)
class Ports:
    """Everything outside that a run touches; tests give simulators."""

    state: StateFolder
    host: Host
    ops: FileOps
    processes: ProcessTable
    quarantine: QuarantineRecords
    volumes: Volumes
    watch: Watch
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    machine_catalogue: Path | None = None
    """The folder that only administrators can write; None where there is none."""


def default_state() -> Path:
    """The state folder of this user."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)) / "state"


def machine_catalogue() -> Path:
    """The catalogue folder of this machine."""
    return Path(platformdirs.site_data_dir(APPLICATION, appauthor=False)) / "catalogue"


def real_ports(state: StateFolder, watch: Watch) -> Ports:
    """The ports of this PC."""
    catalogue = machine_catalogue()
    return Ports(
        state=state,
        host=this_host(state),
        ops=PortableFileOps(),
        processes=SystemProcessTable(),
        quarantine=NoQuarantineRecords(),
        volumes=WindowsVolumes() if os.name == "nt" else PortableVolumes(),
        watch=watch,
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        machine_catalogue=catalogue if catalogue.is_dir() else None,
    )


def this_host(state: StateFolder) -> Host:
    """This PC as the report names it."""
    system = f"{platform.system()} {platform.release()}"
    return Host(state.host_id, platform.node(), system, elevated=is_elevated())
