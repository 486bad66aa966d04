"""Verbs without ``--root``: the folder is searched for on a simulated PC, then judged for real."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.ports import DriveKind
from tests.simulators.pc import SimulatedPc
from tests.unit.workstation import (
    EMPTY,
    NEW,
    OLD,
    PRODUCT,
    SETTINGS,
    Said,
    lay,
    manifest_of,
    werkplek,
    workstation,
)

ROOT = r"D:\Praktijk\PP 2019\Medicom"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Medicom"
SERVICE = r"HKLM\SYSTEM\CurrentControlSet\Services\MedicomService"


class Practice:
    """A workstation whose program folder is on drive D: of a simulated PC."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pc = SimulatedPc(base / "windows")
        self.pc.disks.add_drive("D")
        self.station = workstation(base, monkeypatch)
        self.station.overrides["pc"] = self.pc.pc
        self.station.know()
        self.root = self.pc.disks.local(ROOT)

    def install(self, tree: dict[str, bytes] = OLD, path: str = ROOT) -> Path:
        place = lay(self.pc.disks.local(path), {**tree, **SETTINGS})
        (place / EMPTY).mkdir(exist_ok=True)
        self.pc.disks.forget_names()
        return place

    def register(self, path: str = ROOT) -> None:
        self.pc.registry.put(UNINSTALL, "InstallLocation", path)
        self.pc.registry.put(UNINSTALL, "DisplayName", "Medicom")
        self.pc.registry.put(SERVICE, "ImagePath", f'"{path}\\medicom.exe" -service')

    def as_host(self, **more: Any) -> None:
        host = replace(self.station.ports().host, **more)
        self.station.overrides["host"] = host

    def do(self, verb: str, *more: object, json: bool = True) -> Said:
        options = ["--state", str(self.station.state), "--catalogue", str(self.station.lists)]
        return werkplek(verb, *options, *(["--json"] if json else []), *more)


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Practice:
    return Practice(tmp_path, monkeypatch)


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


def test_the_own_record_of_a_confident_find_is_read_first_next_time(practice: Practice) -> None:
    practice.install()
    practice.register()
    assert practice.do("find").code == 0
    practice.pc.registry.keys.clear()
    # Nothing but the record and the disk is left.
    said = practice.do("find", "--no-sweep")
    (answer,) = said.report["search"]["answers"]
    groups = [one["group"] for one in answer["candidates"][0]["evidence"]]
    assert groups == ["record"]


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
    english = practice.do("find", "--lang", "en", json=False)
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


def test_a_find_keeps_what_earlier_runs_know_of_a_shared_root(
    practice: Practice, tmp_path: Path
) -> None:
    practice.install()
    practice.register()
    (practice.root / "bin/anders00.dll").unlink()
    copy = lay(tmp_path / "kopie", OLD)
    assert practice.do("repair", "--yes", "--source", copy).code == 0
    assert practice.do("undo").code == 0
    before = practice.station.record()
    assert before["hold"]
    practice.station.know(
        manifest_of(OLD, "2022.4", sequence=41), manifest_of(OLD, "1.0", product="pharmacom")
    )
    key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Pharmacom"
    practice.pc.registry.put(key, "InstallLocation", ROOT)
    practice.do("find", "--product", "pharmacom")
    after = practice.station.record()
    assert {k: after[k] for k in ("product", "hold", "restorations")} == {
        k: before[k] for k in ("product", "hold", "restorations")
    }
