"""The ports of the PC that this runs on: Windows' own, or what a POSIX system can say instead."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from agent.discovery.probing import Pc
from agent.model import Host
from agent.ports import Locks, Rights, Volumes
from agent.progress import Watch
from agent.repair.file_ops import system_ops
from agent.state import StateFolder
from agent.windows.priority import lower_priority
from agent.windows.processes import NoQuarantineRecords, SystemProcessTable
from agent.workflow.request import APPLICATION, Ports


def default_state() -> Path:
    """The state folder of this user."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)) / "state"


def machine_catalogue() -> Path:
    """The catalogue folder of this machine."""
    return Path(platformdirs.site_data_dir(APPLICATION, appauthor=False)) / "catalogue"


def real_ports(state: StateFolder, watch: Watch) -> Ports:
    """The ports of this PC."""
    catalogue = machine_catalogue()
    pc, volumes, locks = _windows() if os.name == "nt" else _posix()
    return Ports(
        state=state,
        host=this_host(state, pc.rights),
        ops=system_ops(),
        processes=pc.processes,
        quarantine=NoQuarantineRecords(),
        volumes=volumes,
        pc=pc,
        locks=locks,
        watch=watch,
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        step_back=lower_priority,
        machine_catalogue=catalogue if catalogue.is_dir() else None,
    )


def this_host(state: StateFolder, rights: Rights) -> Host:
    """This PC as the report names it."""
    return Host(
        state.host_id,
        platform.node(),
        _system_name(),
        elevated=rights.elevated(),
        multi_session=rights.multi_session(),
    )


def _system_name() -> str:
    if os.name != "nt":
        return f"{platform.system()} {platform.release()}"
    from agent.windows.registry import WindowsRegistry  # noqa: PLC0415 - not loaded elsewhere
    from agent.windows.system import windows_version  # noqa: PLC0415

    return windows_version(WindowsRegistry())


def _windows() -> tuple[Pc, Volumes, Locks]:
    from agent.windows.disks import WindowsDisks  # noqa: PLC0415 - not loaded elsewhere
    from agent.windows.folders import WindowsFolders  # noqa: PLC0415
    from agent.windows.locks import WindowsLocks  # noqa: PLC0415
    from agent.windows.registry import WindowsRegistry  # noqa: PLC0415
    from agent.windows.rights import WindowsRights  # noqa: PLC0415
    from agent.windows.volumes import WindowsVolumes  # noqa: PLC0415

    processes = SystemProcessTable()
    pc = Pc(WindowsRegistry(), WindowsDisks(), WindowsFolders(), processes, WindowsRights())
    return pc, WindowsVolumes(), WindowsLocks()


def _posix() -> tuple[Pc, Volumes, Locks]:
    from agent.posix.absent import EmptyRegistry, NoLocks  # noqa: PLC0415 - not loaded elsewhere
    from agent.posix.disks import PosixDisks  # noqa: PLC0415
    from agent.posix.folders import PosixFolders  # noqa: PLC0415
    from agent.posix.rights import PosixRights  # noqa: PLC0415
    from agent.trust.places import PortableVolumes  # noqa: PLC0415

    pc = Pc(EmptyRegistry(), PosixDisks(), PosixFolders(), SystemProcessTable(), PosixRights())
    return pc, PortableVolumes(), NoLocks()
