"""Running one probe over a simulated PC, in a line of a test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, Probe, Sought, run_probes
from agent.model import Evidence, ProbeReport
from agent.profiles import Profiles
from tests.simulators.pc import SimulatedPc

UNINSTALL = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"


@dataclass
class Looking:
    """A PC and the probe that is tried on it."""

    probe: Probe
    pc: SimulatedPc
    inquiry: Inquiry = field(init=False)
    report: ProbeReport = field(init=False)

    def __post_init__(self) -> None:
        profile = Profiles.load().get("medicom")
        self.inquiry = Inquiry(self.pc.pc, (Sought(profile),), limits=Limits(probe_s=2.0))

    def ask(self, **changes: Any) -> None:
        """Change the inquiry."""
        self.inquiry = replace(self.inquiry, **changes)

    def look(self) -> tuple[Evidence, ...]:
        """Run it; a trouble that is an exception of Python is a fault of the probe."""
        found, (self.report,) = run_probes((self.probe,), self.inquiry)
        return found

    def paths(self) -> list[str]:
        """The paths that it finds."""
        return [one.path for one in self.look()]

    @property
    def troubles(self) -> list[tuple[str, str]]:
        """Where and what, of the last look."""
        return [(one.where, one.what) for one in self.report.troubles]
