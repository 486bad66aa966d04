"""The Windows Installer's own spelling of codes and paths."""

from __future__ import annotations

import pytest

from agent.discovery.msi_records import file_of, packed


def test_a_packed_code_is_the_installers_spelling() -> None:
    assert packed("{91120000-0030-0000-0000-0000000FF1CE}") == "00002119030000000000000000F01FEC"
    assert packed("91120000-0030-0000-0000-0000000ff1ce") == packed(
        "{91120000-0030-0000-0000-0000000FF1CE}"
    )


@pytest.mark.parametrize(
    ("text", "path"),
    [("C:\\PP\\a.exe", "C:\\PP\\a.exe"), ("C?\\PP\\a.exe", "C:\\PP\\a.exe"), ("02:\\X\\Y", None)],
)
def test_a_component_names_a_file_or_a_registry_value(text: str, path: str | None) -> None:
    assert file_of(text) == path
