"""The repair engine alone: the plan is made first, only carrying it out is timed.

Staging with hashing, flush, second look at the targets, journal, renames, flush.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from agent.model import Mode
from agent.progress import Watch
from agent.repair.lock import Holder
from agent.repair.repairing import repair
from agent.sources.ledger import Ledger
from agent.state import begin_keeping, new_run_id, open_state
from agent.workflow.request import Request
from agent.workflow.running import Session, look_and_weigh
from agent.workflow.this_pc import real_ports


def main() -> None:
    """Make the plan, carry it out, say how long that took."""
    parser = argparse.ArgumentParser()
    for name in ("root", "manifest", "source", "state"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    state = open_state(given.state, create=True)
    begin_keeping(state)
    ports = real_ports(state, Watch())
    request = Request(
        command="repair",
        root=given.root,
        manifests=(given.manifest,),
        sources=(given.source,),
        mode=Mode.QUICK,
    )
    session = Session(request, ports, new_run_id(ports.clock()))
    look_and_weigh(session)
    considered = session.considered
    if considered is None or considered.plan is None:
        raise SystemExit("no plan")
    before, began = os.times(), time.perf_counter()
    result = repair(
        considered.plan,
        root=considered.assessment.root,
        ledger=Ledger(considered.sources),
        runs=state.runs,
        run_id=session.run_id,
        ops=ports.ops,
        watch=ports.watch,
        clock=ports.clock,
        holder=Holder.here("benchmark", ports.clock()),
    )
    wall, after = time.perf_counter() - began, os.times()
    used = after.user + after.system - before.user - before.system
    done = [one for one in result.results if one.result.value == "restored"]
    print(json.dumps({"wall_s": wall, "processor_s": used, "files": len(done)}))


main()
