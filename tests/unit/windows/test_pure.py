"""The parts of agent.windows that ask Windows nothing: bits, numbers, structures."""

from __future__ import annotations

import errno
import os

import pytest

from agent.ports import KnownFolder, Value, ValueKind
from agent.windows import api, attributes
from agent.windows.drives import OUTSIDE_BUSES, bus_in, substituted
from agent.windows.folders import IDS
from agent.windows.registry import LARGEST_CHARACTERS, value_of
from agent.windows.sessions import shared_by_several
from agent.windows.writing import file_time, says_absent

WORKSTATION, SERVER = 1, 3
TERMINAL, SINGLE_USER = 0x10, 0x100
USB, SD, NVME = 7, 12, 17


@pytest.mark.parametrize(
    ("product_type", "suite", "people", "remote", "shared"),
    [
        (WORKSTATION, TERMINAL | SINGLE_USER, 1, False, False),
        (WORKSTATION, TERMINAL | SINGLE_USER, 3, True, False),
        (SERVER, TERMINAL | SINGLE_USER, 1, False, False),
        (SERVER, TERMINAL | SINGLE_USER, 1, True, True),
        (SERVER, TERMINAL | SINGLE_USER, 2, False, True),
        (SERVER, TERMINAL, 1, False, True),
        (SERVER, 0, 0, False, False),
        (SERVER, TERMINAL | SINGLE_USER, None, False, True),
        (WORKSTATION, TERMINAL | SINGLE_USER, None, True, False),
        (0, 0, 1, False, True),
    ],
    ids=[
        "pc", "pc-with-users-waiting", "server-of-one", "server-from-afar", "server-of-two",
        "session-host", "server-core",
        "server-that-does-not-say", "pc-that-does-not-say", "no-kind-of-windows",
    ],
)  # fmt: skip
def test_a_server_that_people_log_on_to_is_shared(product_type, suite, people, remote, shared):
    assert shared_by_several(product_type, suite, people, remote=remote) is shared


@pytest.mark.parametrize(
    ("device", "target"),
    [
        ("\\??\\D:\\Praktijk", "D:\\Praktijk"),
        ("\\??\\D:\\", "D:\\"),
        ("\\??\\UNC\\HOST\\Share\\Map", "\\\\HOST\\Share\\Map"),
        ("\\Device\\HarddiskVolume3", None),
        ("\\Device\\LanmanRedirector\\;Z:0000\\HOST\\Share", None),
        ("\\??\\Volume{0}", None),
        ("", None),
    ],
    ids=["folder", "drive", "share", "disk", "mapped", "volume", "nothing"],
)
def test_what_subst_stands_for(device: str, target: str | None):
    assert substituted(device) == target


@pytest.mark.parametrize(("bus", "outside"), [(USB, True), (SD, True), (4, True), (NVME, False)])
def test_the_bus_of_a_disk_is_read_from_its_descriptor(bus: int, outside: bool):
    # https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-storage_device_descriptor
    descriptor = bytes(28) + bus.to_bytes(4, "little") + bytes(8)
    assert bus_in(descriptor) == bus
    assert (bus_in(descriptor) in OUTSIDE_BUSES) is outside
    assert bus_in(descriptor[:31]) is None


@pytest.mark.parametrize(
    ("bits", "tag", "link", "placeholder"),
    [
        (0x400, 0xA0000003, True, False),
        (0x400, 0xA000000C, True, False),
        (0x400 | 0x400000, 0x9000001A, False, True),
        (0x40000, 0, False, True),
        (0x1000, 0, False, True),
        (0x400, 0x80000013, False, False),
        (0x20, 0xA0000003, False, False),
    ],
    ids=["junction", "symlink", "cloud", "recall", "offline", "deduplicated", "plain"],
)
def test_links_and_placeholders_are_told_apart(bits, tag, link, placeholder):
    assert attributes.is_link(bits, tag) is link
    assert attributes.is_placeholder(bits) is placeholder


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        ("a", 1, Value(ValueKind.TEXT, "a")),
        ("%A%", 2, Value(ValueKind.EXPANDABLE, "%A%")),
        (["a", "b"], 7, Value(ValueKind.LIST, ("a", "b"))),
        (7, 4, Value(ValueKind.NUMBER, 7)),
        (2**40, 11, Value(ValueKind.NUMBER, 2**40)),
        (b"ab", 3, Value(ValueKind.BINARY, b"ab")),
        (None, 1, Value(ValueKind.BINARY, b"")),
        (None, 7, Value(ValueKind.BINARY, b"")),
        (7, 1, Value(ValueKind.BINARY, b"")),
        ("text", 3, Value(ValueKind.BINARY, b"")),
        (b"link", 6, Value(ValueKind.BINARY, b"link")),
    ],
)
def test_a_value_whose_type_and_data_disagree_survives(data, kind, expected):
    assert value_of(data, kind) == expected


def test_huge_values_are_cut_off():
    long = "x" * (LARGEST_CHARACTERS + 9)
    assert len(value_of(long, 1).data) == LARGEST_CHARACTERS
    assert len(value_of(long.encode(), 3).data) == LARGEST_CHARACTERS
    assert sum(map(len, value_of([long[:40_000]] * 5, 7).data)) == LARGEST_CHARACTERS


def test_times_become_what_windows_counts():
    # https://learn.microsoft.com/windows/win32/sysinfo/file-times
    found = file_time(1_600_000_000_123_456_789)
    steps = (found.high << 32) | found.low
    assert steps == 116_444_736_000_000_000 + 16_000_000_001_234_567


def test_every_function_has_its_types():
    functions = [one for one in vars(api).values() if isinstance(one, api.Function)]
    assert len(functions) > 30
    assert len({one.name for one in functions}) == len(functions)
    for one in functions:
        assert one.library.islower()
        assert isinstance(one.arguments, tuple)


def test_every_known_folder_has_an_id_or_a_way_of_its_own():
    own_way = {KnownFolder.WINDOWS, KnownFolder.TEMP}
    assert IDS.keys() == set(KnownFolder) - own_way
    assert len(set(IDS.values())) == len(IDS)


@pytest.mark.skipif(os.name == "nt", reason="there Python makes the error itself")
def test_an_error_of_windows_carries_its_number_on_any_system():
    error = api.error_of(32, "C:\\a")
    assert (error.winerror, error.filename, error.errno) == (32, "C:\\a", errno.EIO)


@pytest.mark.parametrize(
    ("number", "absent"), [(2, True), (3, True), (5, False), (53, False), (59, False), (64, False)]
)
def test_only_no_such_file_or_folder_means_that_nothing_is_there(number: int, absent: bool):
    error = FileNotFoundError(errno.ENOENT, f"Windows error {number}")
    error.winerror = number
    assert says_absent(error) is absent
