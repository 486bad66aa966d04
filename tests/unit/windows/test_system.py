"""agent.windows.system: the name of a version."""

from __future__ import annotations

import pytest

from agent.ports import Value, ValueKind
from agent.windows.system import named


def text(data: str) -> Value:
    return Value(ValueKind.TEXT, data)


@pytest.mark.parametrize(
    ("values", "number", "workstation", "expected"),
    [
        (
            {
                "ProductName": text("Windows 10 Pro"),
                "DisplayVersion": text("23H2"),
                "UBR": Value(ValueKind.NUMBER, 3296),
            },
            (10, 0, 22631),
            True,
            "Windows 11 23H2 (10.0.22631.3296)",
        ),
        ({"DisplayVersion": text("22H2")}, (10, 0, 19045), True, "Windows 10 22H2 (10.0.19045)"),
        (
            {"ProductName": text("Windows Server 2022 Standard")},
            (10, 0, 20348),
            False,
            "Windows Server 2022 Standard (10.0.20348)",
        ),
        ({}, (10, 0, 20348), False, "Windows Server (10.0.20348)"),
        ({"UBR": text("1"), "DisplayVersion": Value(ValueKind.NUMBER, 1)}, (6, 1, 7601), True,
         "Windows 6 (6.1.7601)"),
    ],
    ids=["11", "10", "server", "server-without-a-name", "wrong-types"],
)  # fmt: skip
def test_a_version_is_named_as_it_names_it(values, number, workstation, expected):
    assert named(values, number, workstation=workstation) == expected
