"""One module for each kind of place where an installation leaves traces, and the list of them.

Each yields what it finds as it finds it, touches the PC through `agent.discovery.traces` only, and
says what it looked at. `agent.discovery.probing` runs them: a probe that raises or hangs is cut.
"""

from __future__ import annotations

from agent.discovery.probes import (
    app_paths,
    autostart,
    configured,
    data_sources,
    ini_files,
    msi,
    own_record,
    processes,
    search_path,
    services,
    shortcuts,
    standard_place,
    tasks,
    uninstall,
    vendor_keys,
)
from agent.discovery.probing import Probe

__all__ = ["PROBES"]

PROBES: tuple[Probe, ...] = (
    own_record.PROBE,
    configured.PROBE,
    search_path.PROBE,
    autostart.PROBE,
    standard_place.PROBE,
    data_sources.PROBE,
    app_paths.PROBE,
    vendor_keys.PROBE,
    uninstall.PROBE,
    services.PROBE,
    ini_files.PROBE,
    processes.PROBE,
    msi.PROBE,
    tasks.PROBE,
    shortcuts.PROBE,
)
"""Every probe, in order of cost."""
