"""Damage, repair, power loss, undo, in any order: old bytes, or the plan's, and nothing else."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agent.errors import StaffError, UsageError
from agent.model import Ending, WayName
from agent.repair import FileOps, unfinished
from tests.faults.practice import NEW, OLD, Practice, leftovers, write
from tests.simulators.file_ops import Plug, PowerLoss, SteppedOps, TwoRenames
from tests.simulators.sources import MemorySource

LISTED = sorted({*OLD, *NEW})
DAMAGED = b"damaged by somebody"
LAST_STEP = 130
CUTS = st.one_of(
    st.none(),
    st.tuples(st.integers(1, LAST_STEP), st.just(False)),
    st.tuples(st.integers(1, 3), st.just(True)),
)
"""At which step the power fails, and whether only those inside a replacement count."""


class Machine(RuleBasedStateMachine):
    """One PC."""

    @initialize()
    def install(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="werkplek-machine-"))
        self.practice = Practice(self.base, ops=SteppedOps(inner=self.disk())).install(OLD)
        self.stood: set[str] = set()
        """Listed files that stood when a repair was cut off and that nobody deleted since."""
        self.others = self.strangers()
        self.trees: list[dict[str, object]] = []
        """Before each run that stands and can be undone, oldest first."""
        self.touched = False
        """Somebody else changed files since the newest of them."""

    def disk(self) -> FileOps | None:
        """The system's own."""
        return None

    def teardown(self) -> None:
        if hasattr(self, "base"):
            shutil.rmtree(self.base)

    def strangers(self) -> dict[str, object]:
        hidden = leftovers(self.practice.root)
        return {
            path: seen
            for path, seen in self.practice.tree().items()
            if path not in LISTED and path not in hidden and not path.endswith("/")
        }

    @rule(path=st.sampled_from(LISTED), how=st.sampled_from(["delete", "change"]))
    def damage(self, path: str, how: str) -> None:
        place = self.practice.root / path
        if how == "delete":
            place.unlink(missing_ok=True)
            self.stood.discard(path)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            write(place, DAMAGED)
        self.touched = True

    @rule(
        version=st.sampled_from(["old", "new"]),
        at=CUTS,
        poor=st.booleans(),
    )
    def repair(self, version: str, at: tuple[int, bool] | None, poor: bool) -> None:
        files = OLD if version == "old" else NEW
        with contextlib.suppress(StaffError):
            self.practice.clean()
            self.check_stood()
        way = WayName.BACK if version == "old" else WayName.FORWARD
        plan = self.practice.plan(files, way)
        has = sorted(set(files.values()))[: 2 if poor else None]
        before = self.practice.tree()
        result = None
        with self.power_until(at):
            result = self.practice.repair(plan, MemorySource.of(*has))
        if result is None:
            self.touched = True
            self.stood = {path for path in LISTED if path in before}
            return
        assert leftovers(self.practice.root) == []
        if result.ending in {Ending.NOT_STARTED, Ending.ROLLED_BACK}:
            assert self.practice.tree() == before
        else:
            assert result.ending in {Ending.COMMITTED, Ending.NOTHING_TO_DO}
            assert all((self.practice.root / p).read_bytes() == d for p, d in files.items())
        if result.ending is Ending.COMMITTED and result.continues is None:
            self.trees.append(before)
            self.touched = False
        elif result.ending is Ending.COMMITTED:
            self.touched = True

    @rule(at=CUTS)
    def undo(self, at: tuple[int, bool] | None) -> None:
        before = self.practice.tree()
        self.stood.clear()
        pending = unfinished(self.practice.runs, self.practice.root)
        result = None
        problem = None
        try:
            with self.power_until(at):
                result = self.practice.undo()
        except (UsageError, StaffError) as error:
            problem = error.problem
        assert problem in {None, "nothing-to-undo", "changed-since"}
        if problem and not pending:
            assert self.practice.tree() == before
        if result is None:
            self.touched = True
            return
        assert result.ending is Ending.UNDONE
        assert leftovers(self.practice.root) == []
        expected = self.trees.pop() if self.trees else None
        if not self.touched and not pending:
            assert self.practice.tree() == expected
        self.touched = True

    @precondition(lambda self: unfinished(self.practice.runs, self.practice.root))
    @rule(at=CUTS)
    def clean(self, at: tuple[int, bool] | None) -> None:
        with self.power_until(at):
            self.practice.clean()
            assert leftovers(self.practice.root) == []
            assert unfinished(self.practice.runs, self.practice.root) == ()
            self.check_stood()
        self.touched = True

    def check_stood(self) -> None:
        """What a cleaned repair found is there, in one of its versions."""
        assert [path for path in self.stood if not (self.practice.root / path).exists()] == []
        self.stood.clear()

    @contextlib.contextmanager
    def power_until(self, at: tuple[int, bool] | None):
        number, inside = at or (None, False)
        self.practice.ops.hook = Plug(number, inside=inside)
        try:
            with contextlib.suppress(PowerLoss):
                yield
        finally:
            self.practice.ops.hook = lambda *_: None

    @invariant()
    def every_listed_file_is_whole(self) -> None:
        if not hasattr(self, "practice"):
            return
        for path in LISTED:
            place = self.practice.root / path
            if place.exists():
                whole = (OLD.get(path), NEW.get(path), DAMAGED)
                assert place.read_bytes() in whole, path

    @invariant()
    def nothing_else_changes(self) -> None:
        if hasattr(self, "practice"):
            assert self.strangers() == self.others


class MachineOfTwoRenames(Machine):
    """One whose disk replaces as `ReplaceFileW` does."""

    def disk(self) -> FileOps | None:
        return TwoRenames()


RUNS = settings(max_examples=60, stateful_step_count=12, deadline=None, database=None)
Machine.TestCase.settings = RUNS
MachineOfTwoRenames.TestCase.settings = RUNS
TestMachine = Machine.TestCase
TestMachineOfTwoRenames = MachineOfTwoRenames.TestCase
