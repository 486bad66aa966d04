"""The wanted list: what this PC misses and nobody here has, for others to supply."""

from __future__ import annotations

from pathlib import Path

from agent.errors import ItError
from agent.model import Action, Role, Wanted
from agent.outcomes import ExitCode
from agent.reporting.facts import RunFacts
from agent.sources.wanted_list import WantedList, write
from agent.workflow.request import Ports


def write_wanted(facts: RunFacts, path: Path, ports: Ports) -> None:
    """Write the list of `program` files of the planned version that no source has.

    A PC that needs nothing writes an empty list: its old one is then no longer offered.

    Raises:
        ItError: because it can't be written there.
    """
    for one in facts.installations:
        plan = one.plan
        files = [
            Wanted(step.expected.sha256, step.expected.size, step.path)
            for step in (plan.steps if plan is not None else ())
            if step.role is Role.PROGRAM
            and step.expected is not None
            and step.action is Action.LEAVE
            and step.reason == "no-source-has-it"
        ]
        version = plan.version if plan is not None else ""
        created = f"{ports.clock():%Y-%m-%dT%H:%M:%SZ}"
        document = WantedList(one.product, version, ports.host.id, created, tuple(files))
        try:
            write(document, path)
        except OSError as error:
            text = error.strerror or str(error)
            raise ItError(
                "output-not-writable", ExitCode.NO_RIGHTS, path=str(path), error=text
            ) from error
