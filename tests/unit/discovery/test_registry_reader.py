"""Reading the registry without ever raising."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.discovery.limits import Limits
from agent.discovery.probing import Inquiry, Log
from agent.discovery.registry_reader import RegistryReader, is_person
from agent.ports import Hive, Key, View
from tests.simulators.pc import USER_SID, SimulatedPc

KEY = "HKLM\\SOFTWARE\\X"


@pytest.fixture
def pc(tmp_path: Path) -> SimulatedPc:
    return SimulatedPc(tmp_path)


def reader(pc: SimulatedPc, log: Log, *, elevated: bool = False, keys: int = 99) -> RegistryReader:
    inquiry = Inquiry(pc.pc, (), elevated=elevated, limits=Limits(registry_keys=keys))
    return RegistryReader(inquiry, log)


def troubles(log: Log) -> list[tuple[str, str]]:
    return [(one.where, one.what) for one in log.troubles]


def test_values_are_found_by_any_case_and_blank_ones_are_none(pc: SimulatedPc) -> None:
    key = pc.registry.put(KEY, "InstallLocation", " C:\\PP ")
    pc.registry.put(key, "Empty", "  ")
    log = Log()
    values = reader(pc, log).values(key)
    assert values.text("INSTALLLOCATION") == "C:\\PP"
    assert (values.text("Empty"), values.text("absent")) == (None, None)
    assert values.words("InstallLocation", "Empty", "installlocation") == ("C:\\PP",)
    assert values.where("") == f"{KEY}: (Default)"
    assert troubles(log) == []


def test_texts_are_texts_and_lines_of_lists_only(pc: SimulatedPc) -> None:
    key = pc.registry.put(KEY, "a", "one")
    for name, data in (("b", ("two", "three")), ("c", 4), ("d", b"five")):
        pc.registry.put(key, name, data)
    log = Log()
    values = reader(pc, log).values(key)
    assert list(values.texts()) == [("a", "one"), ("b", "two"), ("b", "three")]
    assert (values.binary("d"), values.binary("a")) == (b"five", None)
    assert values.text("c") is None
    assert troubles(log) == [(f"{KEY}: c", "wrong-type")]


def test_what_is_absent_is_no_trouble_and_what_is_denied_is(pc: SimulatedPc) -> None:
    key = pc.registry.put(KEY, "a", "one")
    pc.registry.denied.add(key)
    log = Log()
    asked = reader(pc, log)
    assert list(asked.values(Key(Hive.MACHINE, "gone")).texts()) == []
    assert asked.subkeys(Key(Hive.MACHINE, "gone")) == ()
    assert list(asked.values(key).texts()) == []
    assert asked.subkeys(key) == ()
    assert troubles(log) == [(KEY, "Access is denied")] * 2


def test_after_the_limit_nothing_is_opened_and_that_is_said_once(pc: SimulatedPc) -> None:
    key = pc.registry.put(KEY, "a", "one")
    log = Log()
    asked = reader(pc, log, keys=2)
    assert [asked.values(key).text("a") for _ in range(4)] == ["one", "one", None, None]
    assert asked.spent
    assert troubles(log) == [(KEY, "too-many-keys")]
    assert log.count == 2


def test_everywhere_is_both_views_of_machine_and_users(pc: SimulatedPc) -> None:
    for name in (USER_SID, ".DEFAULT", "S-1-5-18", f"{USER_SID}_Classes"):
        pc.registry.make(f"HKU\\{name}")
    plain = [str(key) for key in reader(pc, Log()).everywhere("SOFTWARE")]
    assert plain == [
        "HKLM\\SOFTWARE",
        "HKLM\\SOFTWARE (32-bit)",
        "HKCU\\SOFTWARE",
        "HKCU\\SOFTWARE (32-bit)",
    ]
    elevated = [str(key) for key in reader(pc, Log(), elevated=True).everywhere("SOFTWARE")]
    users = Key(Hive.USERS, f"{USER_SID}\\SOFTWARE")
    assert elevated == [*plain, str(users), str(Key(users.hive, users.path, View.BITS_32))]


@pytest.mark.parametrize(
    ("sid", "person"),
    [
        (USER_SID, True),
        ("S-1-12-1-1-2-3-4", True),
        ("S-1-5-18", False),
        (".DEFAULT", False),
        (f"{USER_SID}_Classes", False),
    ],
)
def test_people_are_told_from_services(sid: str, person: bool) -> None:
    assert is_person(sid) is person
