"""The state folder: made with the first write, whole documents, bad ones count as none."""

from __future__ import annotations

import json
import re
from dataclasses import replace as replaced
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from agent import state
from agent.errors import ItError, UsageError
from agent.outcomes import ExitCode
from agent.state import (
    MARKER,
    REPEATED_WITHIN,
    Record,
    Restoration,
    begin_keeping,
    ensure_writable,
    new_run_id,
    open_state,
    repeated,
)
from tests.unit.workstation import snapshot

NOW = datetime(2026, 11, 23, 8, 5, 12, tzinfo=UTC)
RECORD = Record(
    root="PP",
    product="medicom",
    version="2022.4",
    restorations=(Restoration("run", "2026-11-22T00:00:00+00:00", ("a.dll",)),),
    written_at="2026-11-22T00:00:00+00:00",
)


@pytest.fixture
def folder(tmp_path: Path) -> state.StateFolder:
    opened = open_state(tmp_path / "deep" / "state", create=True)
    opened.establish()
    return opened


def test_opening_writes_nothing_and_the_first_write_makes_it_ours(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state"
    opened = open_state(path, create=True)
    assert not path.parent.exists()
    opened.save_report("run-1", b"{}")
    again = open_state(path, create=False)
    assert again.host_id == opened.host_id
    assert re.fullmatch(r"[0-9a-f]{32}", again.host_id)
    assert again.last_report() == b"{}"
    assert sorted(p.name for p in path.iterdir()) == ["last-report.json", "reports", MARKER]


def test_two_pcs_have_two_ids(tmp_path: Path) -> None:
    one, other = (open_state(tmp_path / name, create=True) for name in ("a", "b"))
    assert one.host_id != other.host_id


def test_establishing_again_keeps_the_id(folder: state.StateFolder) -> None:
    before = snapshot(folder.path)
    replaced(folder, host_id="another").establish()
    assert snapshot(folder.path) == before


def test_an_empty_folder_will_do_and_what_a_crash_left_of_the_marker(tmp_path: Path) -> None:
    (tmp_path / f".{MARKER}.ab12").write_bytes(b"{")
    open_state(tmp_path, create=True).establish()
    assert open_state(tmp_path, create=False).host_id


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"schema":"other/1","host":"x"}',
        b"\xff",
        b'{"schema":1,"host":2}',
    ],
)
def test_a_marker_that_is_none_makes_it_somebody_elses(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MARKER).write_bytes(content)
    before = snapshot(tmp_path)
    with pytest.raises(UsageError) as caught:
        open_state(tmp_path, create=True)
    assert (caught.value.problem, caught.value.facts) == ("state-not-ours", {"path": str(tmp_path)})
    assert snapshot(tmp_path) == before


def test_what_may_not_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "x").mkdir()
    for method in ("read_bytes", "iterdir"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, refused)
            with pytest.raises(ItError) as caught:
                open_state(tmp_path / "x", create=True)
            assert caught.value.problem == "state-not-writable"
            assert caught.value.exit_code == ExitCode.NO_RIGHTS


def test_nothing_yet_is_an_error_only_where_it_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(UsageError) as caught:
            open_state(path, create=False)
        assert caught.value.problem == "no-last-report"


def test_writable_leaves_nothing_behind(tmp_path: Path, folder: state.StateFolder) -> None:
    absent = open_state(tmp_path / "not" / "yet", create=True)
    before = snapshot(tmp_path)
    ensure_writable(absent)
    ensure_writable(folder)
    after = snapshot(tmp_path)
    assert after.keys() == before.keys()
    begin_keeping(absent)
    assert absent.runs.is_dir()
    ensure_writable(absent)
    assert list(absent.runs.iterdir()) == []


@pytest.mark.parametrize("act", [ensure_writable, begin_keeping])
def test_not_writable_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: object
) -> None:
    def refused(self: Path, *_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    opened = open_state(tmp_path / "state", create=True)
    for method in ("touch", "mkdir"):
        monkeypatch.setattr(Path, method, refused)
    with pytest.raises(ItError) as caught:
        act(opened)  # type: ignore[operator]
    assert caught.value.problem == "state-not-writable"
    assert caught.value.facts == {"path": str(opened.path), "error": "Read-only file system"}
    monkeypatch.undo()
    assert not opened.path.exists()


# Reports.


def test_only_the_newest_reports_stay(
    folder: state.StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "REPORTS_KEPT", 3)
    for number in range(6):
        folder.save_report(f"2026112{number}T000000Z-0000", b"%d" % number)
    kept = sorted(path.name[:8] for path in (folder.path / "reports").iterdir())
    assert kept == ["20261123", "20261124", "20261125"]
    assert folder.last_report() == b"5"


def test_the_last_report_is_the_run_that_ended_last_whatever_the_clock_says(
    folder: state.StateFolder,
) -> None:
    folder.save_report("20990101T000000Z-0000", b"first")
    folder.save_report("20000101T000000Z-0000", b"second")
    assert folder.last_report() == b"second"


def test_no_report_yet(folder: state.StateFolder) -> None:
    assert folder.last_report() is None


# Records.


def test_a_record_comes_back_and_each_root_has_its_own(
    folder: state.StateFolder, tmp_path: Path
) -> None:
    folder.save_record(tmp_path / "PP", RECORD)
    assert folder.record(tmp_path / "PP") == RECORD
    assert folder.record(tmp_path / "other") is None
    later = msgspec.structs.replace(RECORD, hold=True)
    folder.save_record(tmp_path / "PP", later)
    assert folder.record(tmp_path / "PP") == later
    assert len(list((folder.path / "records").iterdir())) == 1


def test_a_record_of_another_folder_under_the_same_name_does_not_count(
    folder: state.StateFolder, tmp_path: Path
) -> None:
    root = tmp_path / "PP"
    root.mkdir()
    mine = msgspec.structs.replace(RECORD, root_id=str(root.stat().st_ino))
    folder.save_record(root, mine)
    assert folder.record(root) == mine
    root.rename(tmp_path / "aside")
    root.mkdir()
    assert folder.record(root) is None
    folder.save_record(root, RECORD)
    assert folder.record(root) == RECORD, "an old record names no folder"


@pytest.mark.parametrize(
    "change",
    [
        {"written_at": "yesterday"},
        {"written_at": "2026-11-22T00:00:00"},
        {"restorations": [{"run_id": "r", "at": "soon", "paths": []}]},
        {"restorations": [{"run_id": "r", "at": "2026-11-22T00:00:00", "paths": []}]},
        {"restorations": 7},
        {"product": None},
    ],
)
def test_a_record_that_makes_no_sense_counts_as_none(
    folder: state.StateFolder, tmp_path: Path, change: dict[str, object]
) -> None:
    folder.save_record(tmp_path, RECORD)
    (file,) = (folder.path / "records").iterdir()
    file.write_text(json.dumps(json.loads(file.read_bytes()) | change))
    assert folder.record(tmp_path) is None


def test_a_record_that_was_cut_off_at_any_byte_counts_as_none(
    folder: state.StateFolder, tmp_path: Path
) -> None:
    folder.save_record(tmp_path, RECORD)
    (file,) = (folder.path / "records").iterdir()
    data = file.read_bytes()
    for cut in range(len(data)):
        file.write_bytes(data[:cut])
        assert folder.record(tmp_path) is None, cut
    file.write_bytes(data)
    assert folder.record(tmp_path) == RECORD
    file.unlink()
    file.mkdir()
    assert folder.record(tmp_path) is None


def test_restorations_of_the_last_seven_days_count_once_each() -> None:
    def at(age: timedelta, *paths: str) -> Restoration:
        return Restoration("r", (NOW - age).isoformat(), paths)

    record = msgspec.structs.replace(
        RECORD,
        restorations=(
            at(REPEATED_WITHIN, "a", "b"),
            at(REPEATED_WITHIN + timedelta(seconds=1), "a", "c"),
            at(timedelta(0), "a"),
            at(-timedelta(hours=1), "d"),
        ),
    )
    assert repeated(record, NOW) == {"a": 2, "b": 1, "d": 1}
    assert repeated(None, NOW) == {}


def test_run_ids_sort_by_time_and_differ_within_a_second() -> None:
    amsterdam = timezone(timedelta(hours=1))
    made = {new_run_id(NOW.astimezone(amsterdam)) for _ in range(20)}
    assert len(made) > 1
    assert all(re.fullmatch(r"20261123T080512Z-[0-9a-f]{4}", one) for one in made)
    assert max(made) < new_run_id(NOW + timedelta(seconds=1))


def test_a_folder_that_is_a_file_or_below_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for path in (file, file / "state"):
        with pytest.raises(UsageError) as caught:
            open_state(path, create=True)
        assert caught.value.problem == "state-not-ours"


@pytest.mark.posix("links")
def test_a_folder_that_leads_nowhere(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError) as caught:
        open_state(link, create=True)
    assert caught.value.problem == "state-not-ours"
    assert not (tmp_path / "nowhere").exists()
