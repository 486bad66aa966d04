"""Reading profiles: every key known, every value of its type, or a message with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import UsageError
from agent.model import Role
from agent.profiles.loading import MAX_PROFILE_BYTES, parse, read_all

GOOD = """
name = "x"
title = "X"
verified = false
unknown = "program"
program = ["*.exe"]
settings = ["*.ini"]
ignored = []
main_programs = ["x.exe"]
stamp_from = ["x.exe"]
vendor_names = ["X\\\\Y"]
quiet_minutes = 5
"""


def test_reads_every_key() -> None:
    profile = parse(GOOD.encode(), "x.toml")
    assert (profile.name, profile.title, profile.verified) == ("x", "X", False)
    assert profile.unknown is Role.PROGRAM
    assert (profile.program, profile.settings, profile.ignored) == (("*.exe",), ("*.ini",), ())
    assert (profile.main_programs, profile.stamp_from) == (("x.exe",), ("x.exe",))
    assert profile.vendor_names == ("X\\Y",)
    assert profile.quiet_minutes == 5


@pytest.mark.parametrize(
    ("old", "new", "problem", "key"),
    [
        ("title =", "titel =", "profile-unknown-key", "titel"),
        ('title = "X"\n', "", "profile-key-absent", "title"),
        ('"X"', "1", "profile-wrong-value", "title"),
        ('"X"', '" "', "profile-wrong-value", "title"),
        ('name = "x"', 'name = "../x"', "profile-wrong-value", "name"),
        ("false", '"false"', "profile-wrong-value", "verified"),
        ("false", "0", "profile-wrong-value", "verified"),
        ('"program"', '"settings"', "profile-wrong-value", "unknown"),
        ('["*.exe"]', '"*.exe"', "profile-wrong-value", "program"),
        ('["*.exe"]', "[1]", "profile-wrong-value", "program"),
        ('["*.exe"]', '[""]', "profile-wrong-value", "program"),
        ('["*.exe"]', '["bin\\\\*.exe"]', "profile-wrong-value", "program"),
        ('["*.exe"]', '["data/"]', "profile-wrong-value", "program"),
        ('["*.exe"]', '["/data"]', "profile-wrong-value", "program"),
        ("= 5", "= -1", "profile-wrong-value", "quiet_minutes"),
        ("= 5", "= 1441", "profile-wrong-value", "quiet_minutes"),
        ("= 5", "= true", "profile-wrong-value", "quiet_minutes"),
        ("= 5", "= 5.0", "profile-wrong-value", "quiet_minutes"),
    ],
)
def test_names_file_and_key_of_what_is_wrong(old: str, new: str, problem: str, key: str) -> None:
    assert old in GOOD
    with pytest.raises(UsageError) as caught:
        parse(GOOD.replace(old, new, 1).encode(), "x.toml")
    assert caught.value.problem == problem
    assert (caught.value.facts["file"], caught.value.facts["key"]) == ("x.toml", key)


@pytest.mark.parametrize("data", [b"name = ", b"\xff", b"a = " + b"[" * 50_000])
def test_refuses_what_is_no_toml(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        parse(data, "x.toml")
    assert caught.value.problem == "profile-not-toml"


def test_refuses_a_profile_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD + "#" * MAX_PROFILE_BYTES)
    with pytest.raises(UsageError) as caught:
        list(read_all([path]))
    assert caught.value.problem == "profile-too-large"


def test_names_a_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        list(read_all([tmp_path / "x.toml"]))
    assert caught.value.problem == "profile-unreadable"
    assert caught.value.facts["file"] == str(tmp_path / "x.toml")
