"""Verbs without ``--root``: the folder is searched for on a simulated PC, then judged for real."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from agent.ports import DriveKind
from tests.unit.workflow.practice import ROOT, UNINSTALL, Practice
from tests.unit.workstation import (
    NEW,
    OLD,
    PRODUCT,
    lay,
    manifest_of,
)


@pytest.mark.posix("temporary folders outside the own profile")
def test_check_finds_the_registered_folder_and_judges_it(practice: Practice) -> None:
    practice.install()
    practice.register()
    said = practice.do("check")
    assert said.code == 0
    assert said.one["root"] == str(practice.root)
    assert said.one["score"] >= 0.60
    assert said.one["candidates"][0]["verdict"] == "chosen"
    assert said.report["search"]["answers"][0]["outcome"] == "chosen"


def test_repair_finds_the_folder_and_puts_back_what_is_gone(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    for name in ("bin/anders00.dll", "bin/verhuisd01.dll"):
        (practice.root / name).unlink()
    copy = lay(tmp_path / "kopie", OLD)
    said = practice.do("repair", "--yes", "--source", copy)
    assert said.code == 0, said.out
    assert (practice.root / "bin/anders00.dll").read_bytes() == OLD["bin/anders00.dll"]
    assert practice.do("undo").code == 0
    assert not (practice.root / "bin/anders00.dll").exists()


def test_nothing_found_is_40_and_says_what_to_do(practice: Practice) -> None:
    said = practice.do("check")
    assert said.code == 40
    assert said.report["error"]["code"] == "find-not-found"
    assert said.report["installations"] == []


def test_two_registered_folders_are_41_with_each_named(practice: Practice) -> None:
    other = r"C:\Tweede\Medicom"
    practice.install()
    practice.install(OLD, other)
    practice.register()
    view = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Medicom2"
    practice.pc.registry.put(view, "InstallLocation", other)
    practice.pc.registry.put(view, "DisplayName", "Medicom")
    service = r"HKLM\SYSTEM\CurrentControlSet\Services\Medicom2"
    practice.pc.registry.put(service, "ImagePath", f"{other}\\medicom.exe")
    said = practice.do("repair", "--yes")
    assert said.code == 41
    roots = [one["root"] for one in said.report["search"]["answers"][0]["candidates"]]
    assert {ROOT, other} <= set(roots)
    assert {ROOT, other} <= set(said.report["error"]["facts"]["roots"])


def test_a_registered_folder_without_content_needs_a_person(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    shutil.rmtree(practice.root)
    practice.root.mkdir()
    practice.pc.disks.forget_names()
    looked = practice.do("check")
    assert looked.code == 32
    assert looked.one["diagnosis"]["class"] == "emptied"
    copy = lay(tmp_path / "kopie", OLD)
    refused = practice.do("repair", "--yes", "--source", copy, "--to-version", "2022.4")
    assert refused.code == 32
    assert list(practice.root.iterdir()) == []
    options = ("--to-version", "2022.4", "--accept", "weak-target")
    done = practice.do("repair", "--yes", "--source", copy, *options)
    assert done.code == 22, done.out  # the settings of this PC went too
    assert (practice.root / "medicom.exe").read_bytes() == OLD["medicom.exe"]


def test_a_registered_folder_that_is_gone_is_built_again_only_when_a_person_says_so(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    shutil.rmtree(practice.root.parent)
    practice.pc.disks.forget_names()
    looked = practice.do("check")
    assert (looked.code, looked.report["error"]["code"]) == (32, "folder-gone")
    assert not practice.root.exists()
    copy = lay(tmp_path / "kopie", OLD)
    options = ("--source", copy, "--to-version", "2022.4", "--accept", "weak-target")
    dry = practice.do("repair", "--dry-run", *options)
    assert dry.code == 32
    assert not practice.root.exists()
    done = practice.do("repair", "--yes", *options)
    assert done.code == 22, done.out  # the settings of this PC went too
    assert (practice.root / "medicom.exe").read_bytes() == OLD["medicom.exe"]


def test_an_elevated_run_writes_nothing_where_everybody_may_write(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    (practice.root / "bin/anders00.dll").unlink()
    practice.as_host(elevated=True)
    practice.pc.rights.is_elevated = True
    said = practice.do("repair", "--yes", "--source", lay(tmp_path / "kopie", OLD))
    assert (said.code, said.report["error"]["code"]) == (32, "elevated-in-open-folder")
    assert not (practice.root / "bin/anders00.dll").exists()
    practice.pc.rights.guarded.add(str(practice.root))
    again = practice.do("repair", "--yes", "--source", tmp_path / "kopie")
    assert again.code == 0, again.out


def test_a_shared_server_is_looked_at_and_never_written(practice: Practice, tmp_path: Path) -> None:
    practice.install()
    practice.register()
    (practice.root / "bin/anders00.dll").unlink()
    practice.as_host(multi_session=True)
    assert practice.do("check").code == 12
    said = practice.do("repair", "--yes", "--source", lay(tmp_path / "kopie", OLD))
    assert (said.code, said.report["error"]["code"]) == (32, "shared-server")


def test_a_folder_that_is_gone_is_not_left_made_when_nothing_is_written(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    shutil.rmtree(practice.root.parent)
    practice.pc.disks.forget_names()
    copy = lay(tmp_path / "kopie", OLD)
    accept = ("--accept", "weak-target")
    tries: list[tuple[tuple[object, ...], int]] = [
        (("--yes", *accept), 32),
        (("--yes", *accept, "--source", copy, "--to-version", "1.0"), 2),
        (("--no-input", *accept, "--source", copy, "--to-version", "2022.4"), 32),
    ]
    for options, code in tries:
        said = practice.do("repair", *options)
        assert said.code == code, said.out
        assert not practice.root.parent.exists(), options
    practice.as_host(multi_session=True)
    options = ("--yes", *accept, "--source", copy, "--to-version", "2022.4")
    assert practice.do("repair", *options).report["error"]["code"] == "shared-server"
    practice.as_host(elevated=True, multi_session=False)
    practice.pc.rights.is_elevated = True
    said = practice.do("repair", *options)
    assert said.report["error"]["code"] == "elevated-in-open-folder"
    assert not practice.root.parent.exists()


def test_both_products_are_looked_at_but_repaired_one_at_a_time(practice: Practice) -> None:
    practice.install()
    practice.register()
    other = {f"apotheek/deel{n:02}.dll": b"pharmacom %d" % n * 7 for n in range(40)}
    other["pharmacom.exe"] = b"main program of pharmacom" * 50
    practice.install(other, r"D:\Apotheek\Pharmacom")
    key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Pharmacom"
    practice.pc.registry.put(key, "InstallLocation", r"D:\Apotheek\Pharmacom")
    service = r"HKLM\SYSTEM\CurrentControlSet\Services\Pharmacom"
    practice.pc.registry.put(service, "ImagePath", r"D:\Apotheek\Pharmacom\pharmacom.exe")
    practice.station.know(
        manifest_of(OLD, "2022.4", sequence=41),
        manifest_of(NEW, "2023.1", sequence=42),
        manifest_of(other, "7.1", product="pharmacom", settings=(), directories=()),
    )
    looked = practice.do("check")
    assert looked.code == 0, looked.out
    assert {one["product"] for one in looked.report["installations"]} == {PRODUCT, "pharmacom"}
    several = practice.do("repair", "--yes")
    assert (several.code, several.report["error"]["code"]) == (41, "several-products")
    assert practice.do("repair", "--yes", "--product", "pharmacom").code == 0


def test_the_settings_file_names_a_folder_that_is_still_judged(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    settings = tmp_path / "werkplek.toml"
    settings.write_text(f"[installation]\nroot = '{ROOT}'\n", encoding="utf-8")
    said = practice.do("find", "--config", settings, "--no-sweep")
    # Relative to the settings file on a system whose paths are not those of Windows.
    assert said.code in (0, 40)


def test_a_sweep_finds_what_nothing_names(practice: Practice) -> None:
    practice.install()
    said = practice.do("find")
    assert said.code == 0, said.out
    assert said.report["search"]["sweep"]["complete"]
    assert practice.do("find", "--no-sweep", "--state", practice.station.base / "leeg").code == 40


def test_other_programs_go_first_during_a_sweep_and_only_then(practice: Practice) -> None:
    steps: list[str] = []

    def step_back() -> Any:
        steps.append("back")
        return lambda: steps.append("forward")

    practice.station.overrides["step_back"] = step_back
    practice.install()
    practice.do("find", "--no-sweep")
    assert steps == []
    practice.do("find")
    assert steps == ["back", "forward"]


def test_the_libraries_of_another_known_product_are_not_taken_for_this_one(
    practice: Practice,
) -> None:
    shared = {path: data for path, data in OLD.items() if "zelfde" in path}
    other = {**shared, "pharmacom.exe": b"pharmacom" * 99}
    practice.install(other, r"D:\Apotheek")
    practice.station.know(
        manifest_of(OLD, "2022.4", sequence=41), manifest_of(other, "7.1", product="pharmacom")
    )
    said = practice.do("find", "--product", PRODUCT)
    assert said.code == 40, said.out


def test_a_network_installation_whose_server_is_silent_is_named(practice: Practice) -> None:
    practice.register(r"\\SERVER1\Medicom")
    practice.pc.disks.add_share(r"\\SERVER1\Medicom")
    practice.pc.disks.hangs.add(r"\\SERVER1\Medicom")
    practice.pc.disks.hang_s = 4
    said = practice.do("check")
    assert (said.code, said.report["error"]["code"]) == (40, "find-unreachable")
    assert said.report["error"]["facts"]["roots"] == ["\\\\SERVER1\\Medicom\\"]


def test_removable_drives_are_searched_on_request_only(practice: Practice) -> None:
    practice.pc.disks.add_drive("E", DriveKind.REMOVABLE)
    practice.install(OLD, r"E:\PP")
    assert practice.do("find").code == 40
    said = practice.do("find", "--removable")
    assert said.code in (0, 41)
    roots = [one["root"] for one in said.report["search"]["answers"][0]["candidates"]]
    assert r"E:\PP" in roots


def test_the_text_explains_every_candidate_in_words(practice: Practice) -> None:
    practice.install()
    practice.register()
    said = practice.do("find", "--verbose", json=False)
    assert said.code == 0
    assert ROOT in said.out
    assert "een Windows-service start" in said.out
    assert "SYSTEM\\CurrentControlSet\\Services" in said.out
    (practice.root / "bin/anders00.dll").unlink()
    english = practice.do("find", "--lang", "en", json=False)
    assert "Outcome: found; whether all is there says werkplek check (0)" in english.out
    assert "a Windows service starts" in english.out


def test_no_account_number_of_a_person_stands_in_a_report(practice: Practice) -> None:
    sid = "S-1-5-21-1000-2000-3000-1001"
    practice.install()
    practice.register()
    practice.as_host(elevated=True)
    practice.pc.rights.is_elevated = True
    key = f"HKU\\{sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Medicom"
    practice.pc.registry.put(key, "InstallLocation", ROOT)
    practice.pc.registry.put(key, "DisplayName", "Medicom")
    said = practice.do("find")
    assert sid not in said.out


def test_one_folder_with_too_little_proof_is_asked_about_and_not_called_several(
    practice: Practice,
) -> None:
    practice.install(OLD, r"D:\Archief\PP_oud")
    said = practice.do("check")
    assert (said.code, said.report["error"]["code"]) == (41, "find-unsure")
    text = practice.do("find", "--lang", "en", json=False).out
    assert "one folder that may be it" in text


def test_remains_of_another_product_do_not_keep_a_pc_from_the_one_that_is_clear(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    (practice.root / "bin/anders00.dll").unlink()
    other = {f"apotheek/deel{n:02}.dll": b"pharmacom %d" % n * 7 for n in range(40)}
    practice.station.know(
        manifest_of(OLD, "2022.4", sequence=41),
        manifest_of(other, "7.1", product="pharmacom", settings=(), directories=()),
    )
    for folder in (r"D:\Hulp\Een", r"D:\Hulp\Twee"):
        practice.install(other, folder)
    practice.pc.registry.put(UNINSTALL + "2", "InstallLocation", r"D:\Hulp\Een")
    practice.pc.registry.put(UNINSTALL + "3", "InstallLocation", r"D:\Hulp\Twee")
    found = practice.do("find")
    outcomes = {one["product"]: one["outcome"] for one in found.report["search"]["answers"]}
    assert outcomes == {PRODUCT: "chosen", "pharmacom": "several"}
    assert found.code == 41
    assert practice.do("check").one["product"] == PRODUCT
    said = practice.do("repair", "--yes", "--source", lay(tmp_path / "kopie", OLD))
    assert said.code == 0, said.out


def test_without_a_list_nobody_says_that_a_folder_is_empty(practice: Practice) -> None:
    practice.install({path: data for path, data in OLD.items() if path != "medicom.exe"})
    practice.register()
    shutil.rmtree(practice.station.lists)
    practice.station.lists.mkdir()
    text = practice.do("find", "--lang", "en", json=False).out
    assert "There is no list of Medicom here" in text
    assert "without a list nobody can say what belongs there" in text
    assert "HRT-" in text
