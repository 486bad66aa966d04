"""What is needed is pinned, and what IT relies on stands in the documents as in the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from agent import config
from agent.outcomes import TABLE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("file", ["run.txt", "test.txt", "wine.txt"])
def test_every_dependency_is_pinned_with_its_hash(file: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        re.split(r"[<>=\[ ]", need, maxsplit=1)[0].lower() for need in project["dependencies"]
    }
    pinned = (ROOT / "requirements" / file).read_text(encoding="utf-8").lower()
    missing = [
        name
        for name in wanted
        if not re.search(rf"(?m)^{re.escape(name)}==\S+.*\\\n.*sha256", pinned)
    ]
    assert missing == []


def test_the_exit_codes_in_the_documents_are_those_of_the_table() -> None:
    text = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"(?m)^\| (\d+) \| `([a-z-]+)` \| .+? \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", text
    )
    told = {(int(code), slug): tuple(map(int, rest)) for code, slug, *rest in rows}
    assert told == {
        (int(code), code.slug): (row.nagios, row.intune, row.msi, row.rmm)
        for code, row in TABLE.items()
    }


def test_every_key_of_the_settings_file_is_documented() -> None:
    text = (ROOT / "docs" / "it.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    told = tomllib.loads(example[1])
    assert {table: set(keys) for table, keys in told.items()} == {
        table: set(keys) for table, keys in config._KEYS.items()
    }
