"""The own record of a confident find: read first, verified, and harmless in anybody's hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.workflow.practice import Practice
from tests.unit.workstation import (
    OLD,
    PRODUCT,
    lay,
    snapshot,
)


def test_the_own_record_of_a_confident_find_is_read_first_next_time(practice: Practice) -> None:
    practice.install()
    practice.register()
    assert practice.do("find").code == 0
    practice.pc.registry.keys.clear()
    # Nothing but the record and the disk is left.
    said = practice.do("find", "--no-sweep")
    (answer,) = said.report["search"]["answers"]
    evidence = [(one["group"], one["weight"]) for one in answer["candidates"][0]["evidence"]]
    assert (answer["outcome"], evidence) == ("chosen", [("record", 0.6)])


def test_a_record_of_another_folder_under_that_name_is_none(practice: Practice) -> None:
    practice.install()
    practice.register()
    assert practice.do("find").code == 0
    practice.pc.registry.keys.clear()
    practice.root.rename(practice.root.with_name("elders"))
    practice.install()
    assert practice.do("find", "--no-sweep").code == 40


def test_what_only_the_person_or_the_disk_says_is_not_recorded(practice: Practice) -> None:
    practice.install()
    assert practice.do("find").code == 0  # by the sweep alone
    assert practice.do("find", "--no-sweep").code == 40


def test_a_find_never_touches_what_other_runs_keep(practice: Practice, tmp_path: Path) -> None:
    practice.install()
    practice.register()
    (practice.root / "bin/anders00.dll").unlink()
    assert practice.do("repair", "--yes", "--source", lay(tmp_path / "kopie", OLD)).code == 0
    assert practice.do("undo").code == 0
    before = snapshot(practice.station.state / "records")
    assert practice.station.record()["hold"]
    assert practice.do("find").code == 0
    assert practice.do("find", "--product", "pharmacom").code == 40
    assert snapshot(practice.station.state / "records") == before


@pytest.mark.parametrize(
    "record",
    [
        b"not json",
        b"{}",
        b'{"root":"C:\\\\a\\u0000b","product":"medicom","root_id":"1","found_at":"2026-01-01T00:00:00Z"}',
        b'{"root":"C:\\\\a","product":"medicom","root_id":"1","found_at":"yesterday"}',
    ],
)
def test_a_damaged_record_is_none(practice: Practice, record: bytes) -> None:
    practice.install()
    practice.register()
    practice.do("find")
    (file,) = (practice.station.state / "finds").iterdir()
    file.write_bytes(record)
    assert practice.do("find").code == 0


def test_a_record_never_makes_an_elevated_run_open_a_share(practice: Practice) -> None:
    practice.install()
    practice.register()
    practice.do("find")
    (file,) = (practice.station.state / "finds").iterdir()
    share = {"root": "\\\\KWAAD\\x", "product": PRODUCT, "root_id": "1"}
    file.write_text(json.dumps(share | {"found_at": "2026-01-01T00:00:00Z"}), encoding="utf-8")
    practice.pc.disks.add_share(r"\\KWAAD\x")
    practice.as_host(elevated=True)
    practice.pc.rights.is_elevated = True
    practice.do("find")
    assert not [path for path in practice.pc.disks.opened if "KWAAD" in path]


def test_a_record_that_others_could_have_written_does_not_count(practice: Practice) -> None:
    practice.install()
    practice.register()
    practice.do("find")
    practice.pc.registry.keys.clear()
    practice.as_host(elevated=True)
    practice.pc.rights.is_elevated = True
    (answer,) = practice.do("find", "--no-sweep").report["search"]["answers"]
    evidence = [e for one in answer["candidates"] for e in one["evidence"]]
    assert all(one["weight"] == 0 for one in evidence)
    assert answer["outcome"] != "chosen"
