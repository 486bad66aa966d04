"""What every `Registry` does: the simulator, and Windows; POSIX has none."""

from __future__ import annotations

import os
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from agent.ports import Hive, Key, Registry, Value, ValueKind, View
from agent.posix.absent import EmptyRegistry
from agent.windows.registry import LARGEST_CHARACTERS, WindowsRegistry
from tests.simulators.registry import Data, SimulatedRegistry


@dataclass
class Stand(ABC):
    """One implementation, and how something is put into it."""

    registry: Registry
    base: Key
    """A key of the user that is there, and empty."""
    machine: Key
    """The same, in the software of the machine."""

    @abstractmethod
    def put(self, key: Key, name: str, data: Data, *, expandable: bool = False) -> None: ...


class SimulatorStand(Stand):
    def put(self, key: Key, name: str, data: Data, *, expandable: bool = False) -> None:
        self.registry.put(key, name, data, expandable=expandable)


@dataclass
class WindowsStand(Stand):
    made: list[Key] = field(default_factory=list)

    def put(self, key: Key, name: str, data: Data, *, expandable: bool = False) -> None:
        import winreg

        kind = {int: winreg.REG_DWORD, bytes: winreg.REG_BINARY, list: winreg.REG_MULTI_SZ}
        text = winreg.REG_EXPAND_SZ if expandable else winreg.REG_SZ
        self.put_raw(key, name, data, kind.get(type(data), text))

    def put_raw(self, key: Key, name: str, data: object, kind: int) -> None:
        import winreg

        access = winreg.KEY_WRITE | _view(key)
        with winreg.CreateKeyEx(_hive(key), key.path, 0, access) as handle:
            winreg.SetValueEx(handle, name, 0, kind, data)
        self.made.append(key)

    def clean(self) -> None:
        import winreg

        keys = {*self.made, self.base, self.machine, _in_32(self.machine)}
        while deeper := [k for k in keys if k.path.count("\\") > self.base.path.count("\\")]:
            deepest = max(deeper, key=lambda key: key.path.count("\\"))
            keys.remove(deepest)
            keys.add(Key(deepest.hive, deepest.path.rpartition("\\")[0], deepest.view))
            winreg.DeleteKeyEx(_hive(deepest), deepest.path, _view(deepest), 0)
        for key in keys:
            winreg.DeleteKeyEx(_hive(key), key.path, _view(key), 0)


def _hive(key: Key) -> int:
    import winreg

    user = key.hive is Hive.USER
    return winreg.HKEY_CURRENT_USER if user else winreg.HKEY_LOCAL_MACHINE


def _view(key: Key) -> int:
    import winreg

    in_64 = key.view is View.BITS_64
    return winreg.KEY_WOW64_64KEY if in_64 else winreg.KEY_WOW64_32KEY


def _in_32(key: Key) -> Key:
    return Key(key.hive, key.path, View.BITS_32)


def _stand(name: str, path: str) -> Stand:
    base, machine = Key(Hive.USER, path), Key(Hive.MACHINE, path)
    if name == "simulator":
        registry = SimulatedRegistry()
        for key in (base, machine, _in_32(machine)):
            registry.make(key)
        return SimulatorStand(registry, base, machine)
    import winreg

    for key in (base, machine, _in_32(machine)):
        winreg.CreateKeyEx(_hive(key), key.path, 0, winreg.KEY_WRITE | _view(key)).Close()
    return WindowsStand(WindowsRegistry(), base, machine)


@pytest.fixture(params=["windows" if os.name == "nt" else "simulator"])
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    made = _stand(request.param, f"SOFTWARE\\PharmaTests-{uuid.uuid4()}")
    yield made
    if isinstance(made, WindowsStand):
        made.clean()


@pytest.fixture
def winreg_stand(stand: Stand) -> WindowsStand:
    if not isinstance(stand, WindowsStand):
        pytest.skip("what only the real registry can hold")
    return stand


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("C:\\PharmaPartners", Value(ValueKind.TEXT, "C:\\PharmaPartners")),
        ("", Value(ValueKind.TEXT, "")),
        (["a", "b ë"], Value(ValueKind.LIST, ("a", "b ë"))),
        (7, Value(ValueKind.NUMBER, 7)),
        (b"\0\xff", Value(ValueKind.BINARY, b"\0\xff")),
    ],
    ids=["text", "empty", "list", "number", "binary"],
)
def test_a_value_comes_back_with_its_type(stand: Stand, data: Data, expected: Value):
    stand.put(stand.base, "InstallLocation", data)
    assert stand.registry.values(stand.base) == {"InstallLocation": expected}


def test_variables_in_a_text_are_told_and_left_as_they_are(stand: Stand):
    stand.put(stand.base, "Path", "%ProgramFiles%\\Medicom", expandable=True)
    value = stand.registry.values(stand.base)["Path"]
    assert value == Value(ValueKind.EXPANDABLE, "%ProgramFiles%\\Medicom")


def test_the_default_value_has_no_name(stand: Stand):
    stand.put(stand.base, "", "C:\\Medicom\\medicom.exe")
    assert stand.registry.values(stand.base)[""].text == "C:\\Medicom\\medicom.exe"


def test_an_empty_key_has_nothing(stand: Stand):
    assert dict(stand.registry.values(stand.base)) == {}
    assert tuple(stand.registry.subkeys(stand.base)) == ()


def test_the_keys_below_are_named_and_no_deeper_ones(stand: Stand):
    stand.put(stand.base / "Medicom", "a", "1")
    stand.put(stand.base / "Pharmacom" / "2022.4", "a", "1")
    assert sorted(stand.registry.subkeys(stand.base)) == ["Medicom", "Pharmacom"]


def test_a_key_that_is_not_there_is_said_so(stand: Stand):
    for question in (stand.registry.values, stand.registry.subkeys):
        with pytest.raises(FileNotFoundError):
            question(stand.base / "absent")


def test_names_of_keys_have_no_case(stand: Stand):
    stand.put(stand.base / "Medicom", "a", "1")
    upper = Key(stand.base.hive, stand.base.path.upper() + "\\MEDICOM", stand.base.view)
    assert stand.registry.values(upper)["a"].text == "1"


def test_the_two_views_of_the_machine_are_apart(stand: Stand):
    stand.put(stand.machine, "view", "64")
    stand.put(_in_32(stand.machine), "view", "32")
    assert stand.registry.values(stand.machine)["view"].text == "64"
    assert stand.registry.values(_in_32(stand.machine))["view"].text == "32"


def test_a_hive_itself_has_keys(stand: Stand):
    stand.put(stand.machine, "a", "1")
    names = {name.casefold() for name in stand.registry.subkeys(Key(Hive.MACHINE, ""))}
    assert "software" in names


def test_a_path_that_windows_can_not_hold_is_not_there(stand: Stand):
    with pytest.raises(FileNotFoundError):
        stand.registry.values(stand.base / "a\0b")


def test_a_user_who_is_logged_on_has_a_key(winreg_stand: WindowsStand):
    assert any(n.startswith("S-1-5-") for n in winreg_stand.registry.subkeys(Key(Hive.USERS, "")))


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (0, b"abc", Value(ValueKind.BINARY, b"abc")),
        (5, b"\0\0\0\1", Value(ValueKind.BINARY, b"\0\0\0\1")),
        (11, 2**40, Value(ValueKind.NUMBER, 2**40)),
        (3, None, Value(ValueKind.BINARY, b"")),
        (77, b"zz", Value(ValueKind.BINARY, b"zz")),
        (1, "C:\\A\0junk", Value(ValueKind.TEXT, "C:\\A")),
    ],
    ids=["none", "big-endian", "64-bit", "empty", "invented", "text-after-its-end"],
)
def test_odd_types_survive(winreg_stand: WindowsStand, kind: int, data: object, expected: Value):
    winreg_stand.put_raw(winreg_stand.base, "odd", data, kind)
    found = winreg_stand.registry.values(winreg_stand.base)["odd"]
    assert (found.kind, found.text or found.data) == (expected.kind, expected.data)


def test_a_huge_value_is_cut_off(winreg_stand: WindowsStand):
    winreg_stand.put(winreg_stand.base, "text", "x" * 4_000_000)
    winreg_stand.put(winreg_stand.base, "bytes", b"x" * 8_000_000)
    winreg_stand.put(winreg_stand.base, "list", ["x" * 50_000] * 20)
    found = winreg_stand.registry.values(winreg_stand.base)
    assert len(found["text"].data) == len(found["bytes"].data) == LARGEST_CHARACTERS
    assert sum(map(len, found["list"].data)) == LARGEST_CHARACTERS


def test_a_system_without_a_registry_has_no_key():
    for question in (EmptyRegistry().values, EmptyRegistry().subkeys):
        with pytest.raises(FileNotFoundError):
            question(Key(Hive.MACHINE, "SOFTWARE"))
