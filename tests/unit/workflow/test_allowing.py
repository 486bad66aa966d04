"""Where an elevated run writes: nowhere that an ordinary user could lead it elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.workflow.practice import Practice
from tests.unit.workstation import OLD, lay

pytestmark = pytest.mark.posix("temporary folders outside the own profile")
REFUSED = (32, "elevated-in-open-folder")
LOST = "bin/anders00.dll"


@pytest.fixture
def guarded(practice: Practice, tmp_path: Path) -> Practice:
    """Elevated, at a damaged installation that only administrators write."""
    practice.install()
    practice.register()
    (practice.root / LOST).unlink()
    lay(tmp_path / "kopie", OLD)
    practice.as_host(elevated=True)
    practice.pc.rights.is_elevated = True
    practice.pc.rights.guarded.add(str(practice.root))
    return practice


def said_of(practice: Practice, verb: str, *more: object) -> tuple[int, str | None, str | None]:
    said = practice.do(verb, *more)
    error = said.report["error"] or {}
    return said.code, error.get("code"), (error.get("facts") or {}).get("root")


def repair(practice: Practice, tmp_path: Path) -> tuple[int, str | None, str | None]:
    return said_of(practice, "repair", "--yes", "--source", tmp_path / "kopie")


def test_a_root_that_only_administrators_write_is_repaired(guarded: Practice, tmp_path: Path):
    assert repair(guarded, tmp_path)[0] == 0
    assert (guarded.root / LOST).read_bytes() == OLD[LOST]


def test_a_folder_inside_that_users_write_is_not_written(guarded: Practice, tmp_path: Path):
    guarded.pc.rights.open.add(str(guarded.root / "bin"))
    assert repair(guarded, tmp_path) == (*REFUSED, str(guarded.root / "bin"))
    assert not (guarded.root / LOST).exists()


def test_a_folder_that_the_plan_does_not_write_is_not_asked(guarded: Practice, tmp_path: Path):
    (guarded.root / "data").mkdir(exist_ok=True)
    guarded.pc.rights.open.add(str(guarded.root / "data"))
    assert repair(guarded, tmp_path)[0] == 0


def test_a_folder_above_that_users_can_swap_it_in_is_refused(guarded: Practice, tmp_path: Path):
    above = guarded.root.parent
    guarded.pc.rights.swappable.add(str(above))
    assert repair(guarded, tmp_path) == (*REFUSED, str(above))
    assert not (guarded.root / LOST).exists()


def test_an_undo_asks_about_the_folders_of_its_run(guarded: Practice, tmp_path: Path):
    assert repair(guarded, tmp_path)[0] == 0
    guarded.pc.rights.open.add(str(guarded.root / "bin"))
    assert said_of(guarded, "undo") == (*REFUSED, str(guarded.root / "bin"))
    assert (guarded.root / LOST).exists()
    guarded.pc.rights.open.clear()
    assert said_of(guarded, "undo")[0] == 0
    assert not (guarded.root / LOST).exists()


def test_an_ordinary_user_repairs_where_everybody_writes(guarded: Practice, tmp_path: Path):
    guarded.as_host(elevated=False)
    guarded.pc.rights.is_elevated = False
    guarded.pc.rights.open.add(str(guarded.root / "bin"))
    guarded.pc.rights.swappable.add(str(guarded.root.parent))
    assert repair(guarded, tmp_path)[0] == 0


def test_what_was_broken_off_in_a_folder_that_users_write_stays(guarded: Practice, tmp_path: Path):
    assert repair(guarded, tmp_path)[0] == 0
    (journal,) = guarded.station.state.glob("runs/*/journal*")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    guarded.pc.rights.open.add(str(guarded.root / "bin"))
    assert repair(guarded, tmp_path) == (*REFUSED, str(guarded.root / "bin"))
    guarded.pc.rights.open.clear()
    assert repair(guarded, tmp_path)[0] == 0
