"""Kills a repair, a forward repair or an undo at every step; a fresh run must end it well.

Run as a program of its own: ``python -m tests.faults.driver SCENARIO ENDING DISK FOLDER``. At each
step a child process is forked that kills itself there with SIGKILL; this process then looks at the
tree and finishes or undoes, and prints what was wrong as JSON. Steps are counted at two levels:
every call of the port, before and after, and every system call that changes a name, through the
interpreter's audit events, so that also moves of two calls are cut in half.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agent.errors import UsageError
from agent.manifest.names import UNDO_DIRECTORY
from agent.model import Ending, WayName
from agent.repair import PosixFileOps, unfinished
from tests.faults.practice import NEW, OLD, Practice, leftovers
from tests.simulators.file_ops import (
    PowerLoss,
    Refuse,
    SteppedOps,
    TwoRenames,
    no_links,
    no_move,
)

CHANGING = {
    "os.link", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.utime", "os.chmod",
    "os.chown", "os.truncate",
}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
LISTED = {**OLD, **NEW}
CUT_AFTER = 3
"""Files that are in place when the power fails."""
MANY = 2_000
"""More steps than any scenario has: then something does not end."""


class Killer:
    """Counts steps and ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0
        self.armed = False

    def hook(self, name: str, moment: str, subject: object) -> None:
        """For `SteppedOps`."""
        self._step()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """For `sys.addaudithook`."""
        if self.armed and event == "open":
            flags = arguments[2]
            if isinstance(flags, int) and flags & WRITING:
                self._step()
        elif event in CHANGING:
            self._step()

    def _step(self) -> None:
        if not self.armed:
            return
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def damaged(folder: Path, disk: str) -> Practice:
    """Files, folders and required empty folders are gone."""
    inner = {
        "plain": PosixFileOps(),
        "no-links": PosixFileOps(link=no_links, move=no_move),
        # Links, cut in half between link and unlink, are tried here.
        "other-volume": PosixFileOps(move=no_move),
        "two-renames": TwoRenames(),
    }[disk]
    ops = SteppedOps(inner=inner)
    practice = Practice(folder, ops=ops).install(OLD)
    if disk == "other-volume":
        ops.volumes[practice.runs] = 0
    return practice.remove("bin/lib/core.dll", "data/icons/logo.ico", "data/icons/empty.ico")


def back(practice: Practice) -> None:
    """Complete the own version."""
    practice.repair(practice.plan(OLD))


def forward(practice: Practice) -> None:
    """Bring it to the new version: adds and replaces."""
    practice.repair(practice.plan(NEW, WayName.FORWARD))


def take_back(practice: Practice) -> None:
    """Undo what stands."""
    practice.undo()


def refused(practice: Practice) -> None:
    """The third file is refused by the system: everything is put back."""
    refuse_third(practice)
    forward(practice)


def undo_refused(practice: Practice) -> None:
    """The same while undoing."""
    refuse_third(practice)
    practice.undo()


def refuse_third(practice: Practice) -> None:
    """One refusal, after two moves."""
    error = OSError(errno.EACCES, "Permission denied")
    hook = Refuse("rename_no_clobber", error, skip=1, times=1)
    practice.ops.inner = SteppedOps(hook, practice.ops.inner)


def cut_off(practice: Practice) -> None:
    """A forward repair loses power between two files."""
    moves = 0

    def hook(name: str, moment: str, subject: object) -> None:
        nonlocal moves
        moves += name in {"rename_no_clobber", "replace_keeping"} and moment == "after"
        if moves >= CUT_AFTER:
            raise PowerLoss

    practice.ops.hook = hook
    with contextlib.suppress(PowerLoss):
        forward(practice)
    practice.ops.hook = nothing


def nothing(*_ignored: object) -> None:
    """Nothing happens before, nothing is in the way."""


Act = Callable[[Practice], None]
SCENARIOS: dict[str, tuple[Act, Act, Act]] = {
    "back": (nothing, back, back),
    "forward": (nothing, forward, forward),
    "undo": (forward, take_back, forward),
    "clean": (cut_off, Practice.clean, forward),
    "roll-back": (nothing, refused, forward),
    "undo-roll-back": (forward, undo_refused, forward),
}
"""What comes before; what is killed; what finishes it."""
ROLLED_BACK = {"roll-back", "undo-roll-back"}
"""When nothing kills these, all is as it was when they began."""


def main(scenario: str, ending: str, disk: str, base: Path) -> dict[str, object]:
    """All kills of one scenario."""
    problems: list[str] = []
    at = 0
    killed = True
    while killed and at < MANY:
        at += 1
        folder = base / f"{at}"
        killed = one(scenario, ending, damaged(folder, disk), at, problems)
        shutil.rmtree(folder)
    return {"kills": at - 1, "problems": problems}


def one(scenario: str, ending: str, practice: Practice, at: int, problems: list[str]) -> bool:
    """One kill and what follows; false when the run ended before its step came."""
    prepare, act, finish = SCENARIOS[scenario]
    before = practice.tree()
    prepare(practice)
    start = practice.tree()
    killed = fork_and_kill(practice, act, at)
    if not killed and scenario in ROLLED_BACK and practice.tree() != start:
        problems.append(f"{at}: not rolled back: {differing(practice.tree(), start)}")
    problems += [f"{at}: {p}" for p in after_the_kill(practice, before, start)]
    try:
        if ending == "finish":
            finish_it(practice, finish, before, problems, at)
        undo_if_any(practice)
    except BaseException as error:  # noqa: BLE001 - told with the step, whatever it is
        problems.append(f"{at}: {error!r}")
    if practice.tree() != before:
        problems.append(f"{at}: not as before: {differing(practice.tree(), before)}")
    if unfinished(practice.runs, practice.root):
        problems.append(f"{at}: still unfinished")
    return killed


def fork_and_kill(practice: Practice, act: Callable[[Practice], None], at: int) -> bool:
    """Let a child do it and die at a step."""
    child = os.fork()
    if child == 0:
        killer = Killer(at)
        practice.ops.hook = killer.hook
        sys.addaudithook(killer.audit)
        killer.armed = True
        try:
            act(practice)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"the run failed at {at}")
    return os.WIFSIGNALED(status)


def after_the_kill(
    practice: Practice, before: dict[str, object], start: dict[str, object]
) -> list[str]:
    """Every listed file is old or new, complete; nothing else has changed."""
    now = practice.tree()
    hidden = set(leftovers(practice.root))
    problems = []
    for path, data in LISTED.items():
        seen = now.get(path)
        allowed = [before.get(path), start.get(path)]
        if (
            seen is None
            and path in OLD
            and path in start
            and replacing_in_two(practice, path, start[path])
        ):
            continue
        if seen not in allowed and (seen is None or seen[0] not in (data, OLD.get(path))):
            problems.append(f"half: {path}")
    others = {p: v for p, v in before.items() if p not in LISTED and not p.endswith("/")}
    mine = {p: v for p, v in now.items() if p not in LISTED and not p.endswith("/")}
    if {p: v for p, v in mine.items() if p not in hidden} != others:
        problems.append(f"something else changed: {differing(mine, others)}")
    return problems


def replacing_in_two(practice: Practice, path: str, was: tuple[bytes, int, int]) -> bool:
    """Between two renames both bytes are complete, under names that our journal tells."""
    if not isinstance(practice.ops.inner, TwoRenames):
        return False
    held = {p.read_bytes() for p in practice.runs.glob("*/originals/*")}
    held |= {(practice.root / p).read_bytes() for p in leftovers(practice.root)}
    return {was[0], LISTED[path], OLD[path]} <= held


def finish_it(
    practice: Practice,
    finish: Callable[[Practice], None],
    before: dict[str, object],
    problems: list[str],
    at: int,
) -> None:
    """The next run: look, repair; everything right and nothing of ours left."""
    practice.clean()
    finish(practice)
    version = OLD if finish is back else NEW
    now = practice.tree()
    wrong = [path for path, data in version.items() if now.get(path, (None,))[0] != data]
    if wrong or "spool/out/" not in now:
        problems.append(f"{at}: not finished: {wrong}")
    # Originals that can't be beside the journal stay in our folder in the root until undone.
    left = [p for p in leftovers(practice.root) if not p.startswith(UNDO_DIRECTORY)]
    if left or ((practice.root / UNDO_DIRECTORY).exists() and not practice.ops.volumes):
        problems.append(f"{at}: left behind: {leftovers(practice.root)}")
    others = [p for p in before if p not in LISTED and now.get(p) != before[p]]
    if others:
        problems.append(f"{at}: finishing changed {others}")


def undo_if_any(practice: Practice) -> None:
    """Undo what stands; when nothing does, the tree must be the old one as it is."""
    try:
        result = practice.undo()
    except UsageError as error:
        if error.problem != "nothing-to-undo":
            raise
        return
    if result.ending is not Ending.UNDONE:
        raise AssertionError(result)


def differing(one: dict[str, object], other: dict[str, object]) -> list[str]:
    """Paths that differ between two trees."""
    return sorted(p for p in {*one, *other} if one.get(p, 0) != other.get(p, 0))


if __name__ == "__main__":
    began = time.monotonic()
    answer = main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
    answer["seconds"] = round(time.monotonic() - began, 1)
    sys.stdout.write(json.dumps(answer))
