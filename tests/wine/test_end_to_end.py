"""PC-B without any path on the command line: found, looked at, repaired both ways, undone.

The clean-up of 2 January 2023 went over ``D:\\Praktijk\\PP 2019\\Medicom``; the registry still says
where it was installed. What stands on the disk afterwards is hashed from Linux.
"""

from __future__ import annotations

import json

import pytest

from tests.real.practice import spoil
from tests.wine.conftest import ROOT_OF_B
from tests.wine.practice import ON_SHARE, REPOSITORY, STATE, Bench
from tests.wine.software import LONG, LONG_FILE, MAIN, NEW, OLD

pytestmark = pytest.mark.wine

WHOLE_SECONDS = 400.0
"""Time limit of one repair of 3,800 files."""
CONFIG = "C:\\Staat-IT\\werkplek.toml"
CHANGED = "lib/_version.py.res"


def test_find_names_the_one_installation_and_what_says_so(pc_b: Bench):
    found = pc_b.run("find")
    answer = found.report["search"]["answers"][0]
    assert (found.code, answer["outcome"], answer["root"]) == (0, "chosen", ROOT_OF_B)
    groups = {each["group"] for each in answer["candidates"][0]["evidence"]}
    assert {"service", "install-location", "shortcut", "app-paths"} <= groups


def test_the_traces_of_one_product_are_none_of_the_other(pc_b: Bench):
    found = pc_b.run("find", "--product", "pharmacom", "--no-sweep")
    assert (found.code, found.report["search"]["answers"][0]["root"]) == (40, None)


@pytest.mark.parametrize(("source", "code"), [((), 12), (("--source", ON_SHARE), 10)])
def test_check_counts_what_is_gone_and_changes_nothing(pc_b: Bench, source, code):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    before = pc_b.seen()
    looked = pc_b.run("check", *source)
    assert (looked.code, looked.one["root"]) == (code, ROOT_OF_B)
    assert looked.one["diagnosis"]["class"] == "files-deleted"
    assert looked.one["before"]["missing"] == len(pc_b.medicom.only_old())
    assert pc_b.seen() == before
    assert pc_b.ours() == []


def test_repair_yes_with_a_settings_file_completes_the_whole_program(furnished_b: Bench, medicom):
    pc_b = furnished_b.emptied().with_lists_of(medicom["whole"], "C:\\Lijsten-heel")
    pc_b.cleaned_up()
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    config = pc_b.at(CONFIG)
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        f"[catalogue]\nfolders = ['{pc_b.lists}']\n[sources]\npaths = ['{ON_SHARE}']\n", "utf-8"
    )
    words = ["-m", "tests.windows.unelevated", "-m", "agent.cli"]
    done = pc_b.prefix.python(
        [*words, "repair", "--yes", "--config", CONFIG],
        timeout=WHOLE_SECONDS, cwd=REPOSITORY, env=pc_b.environment(),
    )  # fmt: skip
    report = json.loads((pc_b.at(STATE) / "last-report.json").read_bytes())
    assert (done.returncode, report["exit_codes"]) == (0, [0]), done.stderr
    assert report["installations"][0]["after"]["missing"] == 0
    assert pc_b.is_complete(OLD)
    assert pc_b.ours() == []


def test_back_from_the_share_and_undone_to_the_same_bytes_and_times(pc_b: Bench):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    before = pc_b.seen()
    repaired = pc_b.run("repair", "--yes", "--source", ON_SHARE)
    assert (repaired.code, repaired.one["after"]["missing"]) == (0, 0)
    assert list(repaired.used().values()) == [len(pc_b.medicom.only_old())]
    assert pc_b.is_complete(OLD)
    assert pc_b.ours() == []
    assert pc_b.run("undo").code == 0
    assert pc_b.seen() == before
    assert pc_b.ours() == []


def test_forward_from_a_raw_copy_on_a_stick_keeps_settings_and_can_be_undone(pc_b: Bench):
    pc_b.medicom.lay(pc_b.at("E:\\Kopie van Medicom"), NEW, pc="pc-a")
    kept, *gone = pc_b.medicom.only_old()
    pc_b.lay(OLD, without=gone)
    before = pc_b.seen()
    done = pc_b.run("repair", "--yes", "--source", "E:\\Kopie van Medicom", "--to-version", NEW)
    assert (done.code, done.one["after"]["missing"]) == (0, 0)
    assert pc_b.is_complete(NEW)
    assert pc_b.seen()[kept] == before[kept]
    assert pc_b.run("undo").code == 0
    assert pc_b.seen() == before
    assert pc_b.ours() == []


def test_other_case_long_paths_and_a_read_only_file_are_no_obstacle(pc_b: Bench):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    pc_b.lay(OLD)
    gone = ["lib/__init__.py.res", MAIN, LONG_FILE]
    for path in gone:
        (pc_b.folder / path).unlink()
    (pc_b.folder / LONG).rmdir()
    assert len(f"{ROOT_OF_B}\\{LONG_FILE}") > 260
    spoil(pc_b.folder / CHANGED)
    (pc_b.folder / CHANGED).chmod(0o444)
    (pc_b.folder / "lib").rename(pc_b.folder / "LIB")
    (pc_b.folder / "LIB/py.typed.res").rename(pc_b.folder / "LIB/Py.Typed.RES")
    done = pc_b.run("repair", "--yes", "--changed", "--source", ON_SHARE)
    assert (done.code, list(done.used().values())) == (0, [len(gone) + 1])
    assert not (pc_b.folder / "lib").exists()
    assert not (pc_b.folder / "LIB/_version.py.res").stat().st_mode & 0o222
    (pc_b.folder / "LIB/Py.Typed.RES").rename(pc_b.folder / "LIB/py.typed.res")
    (pc_b.folder / "LIB").rename(pc_b.folder / "lib")
    assert pc_b.is_complete(OLD)


def test_a_parent_under_windows_sees_the_numbers_of_msi_and_rmm(pc_b: Bench):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    seen = pc_b.exit_codes(
        ["find", "--exit-style", "msi"],
        ["check", "--exit-style", "rmm"],
        ["repair", "--exit-style", "msi", "--source", ON_SHARE, "--no-input"],
        ["repair", "--exit-style", "msi", "--yes"],
        ["repair", "--exit-style", "msi", "--everything"],
        ["repair", "--exit-style", "rmm", "--everything"],
    )
    assert seen == [0, 1001, 1602, 1603, 1639, 1002]


def test_an_elevated_run_looks_but_does_not_write_where_anybody_may(pc_b: Bench):
    pc_b.medicom.lay(pc_b.share, OLD, pc="pc-a")
    before = pc_b.seen()
    looked = pc_b.run("check", "--source", ON_SHARE, elevated=True)
    assert (looked.code, looked.one["root"]) == (10, ROOT_OF_B)
    refused = pc_b.run("repair", "--yes", "--source", ON_SHARE, elevated=True)
    assert (refused.code, refused.report["error"]["code"]) == (32, "elevated-in-open-folder")
    assert pc_b.seen() == before
    assert pc_b.ours() == []
