"""The wanted list: what this PC misses and nobody here has, for others to supply."""

from __future__ import annotations

import os
from pathlib import Path

from agent.errors import ItError, UsageError, WantedListError
from agent.model import Action, Role, Wanted
from agent.outcomes import ExitCode
from agent.reporting.facts import InstallationFacts, RunFacts
from agent.sources.wanted_list import WantedList, read, write
from agent.workflow.request import Ports, Request
from agent.workflow.roots import refuse_absent_folder, refuse_inside


def ensure_fit(path: Path, request: Request) -> None:
    """Find out before the look whether a wanted list may go there.

    Raises:
        UsageError: because it would go into the installation, over something else, or into a folder
            that does not exist.
    """
    if request.root is not None:
        refuse_inside(path, Path(os.path.realpath(request.root)))
    refuse_absent_folder(path)
    if os.path.lexists(path):
        try:
            read(path)
        except WantedListError as error:
            raise UsageError("output-exists", path=str(path)) from error


def write_wanted(facts: RunFacts, path: Path, ports: Ports) -> None:
    """Write the list of `program` files of the planned version that no source has.

    A PC that is complete writes an empty list: its old one is then no longer offered. Where
    nothing could be planned nobody knows what is missing, and an earlier list stays as it is.

    Raises:
        ItError: because it can't be written there.
    """
    for one in facts.installations:
        if one.plan is None:
            continue
        created = f"{ports.clock():%Y-%m-%dT%H:%M:%SZ}"
        files = _lacking(one)
        document = WantedList(one.product, one.plan.version, ports.host.id, created, files)
        try:
            write(document, path)
        except OSError as error:
            text = error.strerror or str(error)
            raise ItError(
                "output-not-writable", ExitCode.NO_RIGHTS, path=str(path), error=text
            ) from error


def _lacking(facts: InstallationFacts) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(step.expected.sha256, step.expected.size, step.path)
        for step in (facts.plan.steps if facts.plan is not None else ())
        if step.role is Role.PROGRAM
        and step.expected is not None
        and step.action is Action.LEAVE
        and step.reason == "no-source-has-it"
    )
