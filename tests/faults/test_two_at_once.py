"""Two runs at once, and runs of several accounts."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator

import pytest

from agent.errors import StaffError
from agent.manifest.names import LOCK_NAME
from agent.model import Ending, WayName
from tests.faults.accounts import NOBODY, finish, in_child, need_root, open_folder, start
from tests.faults.practice import NEW, OLD, Practice
from tests.simulators.file_ops import SteppedOps, When

pytestmark = pytest.mark.faults
TIMEOUT_S = 10


@pytest.fixture
def practice() -> Iterator[Practice]:
    before = os.umask(0o022)
    try:
        with open_folder() as folder:
            yield Practice(folder, ops=SteppedOps()).install(OLD)
    finally:
        os.umask(before)


def opened(practice: Practice) -> None:
    """Ordinary users may write, as is usual below the root of a drive."""
    for folder in (practice.root, *(p for p in practice.root.rglob("*") if p.is_dir())):
        folder.chmod(0o777)
    for file in (p for p in practice.root.rglob("*") if p.is_file()):
        file.chmod(file.stat().st_mode | 0o044)


def forward(practice: Practice) -> Ending:
    return practice.repair(practice.plan(NEW, WayName.FORWARD)).ending


def of_account(practice: Practice, name: str) -> Practice:
    """The same installation, with the state folder of another account."""
    other = Practice(practice.base / name, ops=SteppedOps())
    other.base.mkdir(exist_ok=True)
    other.base.chmod(0o777)
    (other.base / "Medicom").symlink_to(practice.root)
    other.runs.mkdir(parents=True)
    for folder in (other.runs, other.runs.parent):
        folder.chmod(0o777)
    return other


@pytest.mark.parametrize("account", [None, NOBODY])
@pytest.mark.parametrize("verb", ["repair", "undo"])
def test_a_second_run_says_who_is_busy_and_changes_nothing(
    practice: Practice, account: int | None, verb: str
):
    if account is not None:
        need_root()
    opened(practice)
    second = of_account(practice, "second")
    ready, go = os.pipe(), os.pipe()

    def wait() -> None:
        os.write(ready[1], b"x")
        select.select([go[0]], [], [], TIMEOUT_S)

    practice.ops.hook = When("rename_no_clobber", wait)
    running = start(lambda: forward(practice).value)
    assert select.select([ready[0]], [], [], TIMEOUT_S)[0], "the first run never came so far"
    before = practice.tree()

    def act() -> object:
        return forward(second) if verb == "repair" else second.undo()

    said = in_child(act, account)

    assert said == "busy {'program': 'werkplek', 'pid': 4242, 'host': 'BALIE-2'}"
    assert practice.tree() == before
    assert list(second.runs.iterdir()) == []
    os.write(go[1], b"x")
    assert finish(*running) == "committed"
    assert all((practice.root / p).read_bytes() == d for p, d in NEW.items())


def test_another_account_can_repair_and_undo_where_an_administrator_did_before(practice: Practice):
    need_root()
    practice.repair(practice.plan(OLD))
    opened(practice)
    before = practice.tree()
    second = of_account(practice, "second")

    assert in_child(lambda: forward(second).value, NOBODY) == "committed"
    assert all((practice.root / p).read_bytes() == d for p, d in NEW.items())
    assert (practice.root / "new.dll").stat().st_uid == NOBODY
    assert in_child(lambda: second.undo().ending.value, NOBODY) == "undone"
    assert practice.tree() == before


def test_without_rights_on_the_root_nothing_is_done_and_it_is_said(practice: Practice):
    need_root()
    second = of_account(practice, "second")
    opened(practice)
    practice.root.chmod(0o755)
    before = practice.tree()
    assert in_child(lambda: forward(second), NOBODY) == "no-rights"
    assert practice.tree() == before
    assert not (practice.root / LOCK_NAME).exists()


def test_without_rights_on_one_folder_nothing_is_done_and_it_is_named(practice: Practice):
    need_root()
    second = of_account(practice, "second")
    opened(practice)
    (practice.root / "bin").chmod(0o755)
    (practice.root / "bin/lib").chmod(0o755)
    before = practice.tree()

    def act() -> object:
        result = second.repair(second.plan(NEW, WayName.FORWARD))
        return result.ending.value, [(r.path, r.reason) for r in result.results if r.error]

    assert in_child(act, NOBODY) == str(
        ("not-started", [("bin/lib/core.dll", "no-rights"), ("bin/medicom.exe", "no-rights")])
    )
    assert practice.tree() == before


def test_a_clock_that_jumps_back_changes_nothing(practice: Practice):
    before = practice.tree()
    names = iter(["20300101T000000Z-0001", "20200101T000000Z-0002", "20100101T000000Z-0003"])
    practice.next_run = lambda: next(names)
    first = practice.repair(practice.plan(OLD))
    between = practice.tree()
    forward(practice)
    assert practice.undo().continues == "20200101T000000Z-0002"
    assert practice.tree() == between
    practice.next_run = lambda: "20000101T000000Z-0004"
    assert practice.undo().continues == first.run_id
    assert practice.tree() == before


def test_the_lock_of_a_killed_run_does_not_stay(practice: Practice):
    practice.ops.hook = When("rename_no_clobber", lambda: os._exit(0))
    in_child(lambda: forward(practice))
    practice.ops.hook = lambda *_: None
    practice.clean()
    try:
        assert forward(practice) is Ending.COMMITTED
    except StaffError as error:
        pytest.fail(error.problem)
