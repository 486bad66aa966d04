"""Profiles: whom a file belongs to, and which profiles there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.model import Role
from agent.outcomes import ExitCode
from agent.profiles import Profile, Profiles


def profile(**changes: object) -> Profile:
    values: dict[str, object] = {
        "name": "x",
        "title": "X",
        "verified": True,
        "program": ("*.exe", "*.log"),
        "settings": ("*.ini", "conf/**"),
        "ignored": ("*.log", "data/**"),
        "unknown": Role.IGNORED,
    }
    return Profile(**{**values, **changes})


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("a.exe", Role.PROGRAM),
        ("a.ini", Role.SETTINGS),
        ("conf/a.exe", Role.SETTINGS),
        ("a.log", Role.IGNORED),
        ("data/a.ini", Role.IGNORED),
        ("DATA/a.exe", Role.IGNORED),
        ("a.xyz", Role.IGNORED),
    ],
)
def test_ignored_before_settings_before_program_before_unknown(path: str, role: Role) -> None:
    assert profile().role_of(path) is role


def test_tells_what_no_pattern_names() -> None:
    assert profile().explicit_role("a.xyz") is None
    assert profile(unknown=Role.PROGRAM).role_of("a.xyz") is Role.PROGRAM


def test_protects_what_a_pattern_calls_settings_or_ignored() -> None:
    paths = ["a.exe", "b.INI", "Data/x.ini", "conf/y.exe", "z.xyz"]
    assert profile().protected(paths) == {
        "b.INI": Role.SETTINGS,
        "Data/x.ini": Role.IGNORED,
        "conf/y.exe": Role.SETTINGS,
    }


def test_protects_what_role_of_says_for_every_path() -> None:
    paths = ["a.exe", "b.ini", "data/x/y.exe", "conf/data/a.log", "q/w.log", "conf", "data"]
    found = profile().protected(paths)
    for path in paths:
        role = profile().explicit_role(path)
        assert found.get(path) is (None if role is Role.PROGRAM else role)


def test_recognises_what_a_pattern_calls_program() -> None:
    paths = ["A.exe", "b.ini", "data/x.exe", "conf/y.exe", "z.xyz", "w.log"]
    assert profile().recognised(paths) == {"A.exe"}
    assert profile(unknown=Role.PROGRAM).recognised(["z.xyz"]) == frozenset()


def test_generic_takes_everything_and_protects_nothing() -> None:
    generic = Profiles.load().get("generic")
    assert generic.verified
    assert {generic.role_of(path) for path in ("a", "run.log", "data/a.ini")} == {Role.PROGRAM}
    assert generic.protected(["run.log"]) == {}


@pytest.mark.parametrize("name", ["medicom", "pharmacom"])
def test_named_profiles_are_unverified_and_keep_their_hands_off(name: str) -> None:
    named = Profiles.load().get(name)
    assert not named.verified
    assert named.unknown is Role.IGNORED
    assert named.role_of(f"bin/{name}.exe") is Role.PROGRAM
    assert named.role_of("Brieven/Jansen.docx") is Role.IGNORED
    assert named.role_of("patienten.mdb") is Role.IGNORED
    assert named.role_of("data/plan.exe") is Role.IGNORED
    assert named.role_of(f"{name}.ini") is Role.SETTINGS
    assert named.main_programs
    assert named.updater_processes
    assert named.vendor_names
    assert "PharmaPartners" in named.folder_names


def test_staging_names_show_a_running_update() -> None:
    named = Profiles.load().get("medicom")
    assert named.is_staging("bin/new.dll.partial")
    assert not named.is_staging("bin/new.dll")


def test_the_stamp_comes_from_the_main_program_nearest_the_root() -> None:
    found = profile(stamp_from=("main.exe", "other.exe")).stamp_candidates(
        ["copy/deep/main.exe", "Other.exe", "bin/Main.exe", "x.exe"]
    )
    assert found == ("bin/Main.exe", "copy/deep/main.exe", "Other.exe")


def test_a_name_without_a_profile_is_a_usage_error_that_names_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        Profiles.load().get("medikom")
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.facts == {
        "product": "medikom",
        "known": "generic, medicom, pharmacom",
    }


def test_a_product_that_only_a_manifest_names_gets_the_generic_profile() -> None:
    found = Profiles.load().for_product("cmake")
    assert (found.name, found.title, found.unknown) == ("cmake", "cmake", Role.PROGRAM)
    assert Profiles.load().for_product("Medicom").name == "medicom"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "x" * 65, "a\n"])
def test_refuses_what_can_not_be_the_name_of_a_product(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        Profiles.load().for_product(name)
    assert caught.value.problem == "product-name"


def test_it_can_vouch_for_a_profile() -> None:
    profiles = Profiles.load()
    checked = profiles.with_verified(["Medicom"])
    assert checked.get("medicom").verified
    assert not checked.get("pharmacom").verified
    assert not profiles.get("medicom").verified
    with pytest.raises(UsageError):
        profiles.with_verified(["medikom"])


def test_an_extra_profile_adds_one_or_replaces_ours(tmp_path: Path) -> None:
    text = 'name = "{}"\ntitle = "T"\nverified = true\nunknown = "ignored"\nprogram = ["*.exe"]\n'
    (tmp_path / "a.toml").write_text(text.format("promedico"))
    (tmp_path / "b.toml").write_text(text.format("medicom"))
    profiles = Profiles.load([tmp_path])
    assert profiles.names == ("generic", "medicom", "pharmacom", "promedico")
    assert profiles.get("medicom").title == "T"
    assert Profiles.load([tmp_path / "a.toml"]).get("medicom").title == "Medicom"
