"""A settings file: strict, and every complaint names file, line and key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import config
from agent.config import MAX_BYTES, Config, read_config
from agent.errors import UsageError

GOOD = """
[installation]
root = "PP"
product = "medicom"

[catalogue]
manifests = ["a.json"]
folders = ["lijsten"]

[sources]
paths = ["stick", "kopie"]

[output]
lang = "en"
"""


def _file(folder: Path, text: str | bytes) -> Path:
    path = folder / "herstel.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _refused(path: Path) -> UsageError:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UsageError) as caught:
        read_config(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert caught.value.facts["file"] == str(path)
    return caught.value


def test_reads_every_key_relative_to_the_file(tmp_path: Path) -> None:
    assert read_config(_file(tmp_path, GOOD)) == Config(
        root=tmp_path / "PP",
        product="medicom",
        manifests=(tmp_path / "a.json",),
        catalogues=(tmp_path / "lijsten",),
        sources=(tmp_path / "stick", tmp_path / "kopie"),
        lang="en",
    )


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    found = read_config(_file(tmp_path, f'installation.root = "{tmp_path.as_posix()}/x"'))
    assert found.root == tmp_path / "x"


@pytest.mark.parametrize(
    "text", ["", "# only a remark\n", "[output]\n", b"\xef\xbb\xbf[sources]\n"]
)
def test_says_nothing_where_it_says_nothing(tmp_path: Path, text: str | bytes) -> None:
    assert read_config(_file(tmp_path, text)) == Config()


BROKEN = {
    "not-toml": ("[output]\nlang = nl\n", 2, "lang", "not-toml"),
    "no-value": ("\n\nlang =\n", 3, "lang", "not-toml"),
    "a-sentence": ("[output]\nplease use Dutch\n", 2, "please use Dutch", "not-toml"),
    "unclosed": ('[sources]\npaths = ["a",\n"b"\n', 3, '"b"', "not-toml"),
    "key-twice": ('[output]\nlang = "nl"\nlang = "en"\n', 3, "lang", "not-toml"),
    "unknown-table": ('[output]\nlang = "nl"\n[uitvoer]\nx = 1\n', 3, "uitvoer", "unknown-key"),
    "key-outside": ('lang = "nl"\n', 1, "lang", "unknown-key"),
    "table-as-text": ('output = "nl"\n', 1, "output", "unknown-key"),
    "tables": ('[[output]]\nlang = "nl"\n', 1, "output", "unknown-key"),
    "unknown-key": ('[output]\nlanguage = "nl"\n', 2, "output.language", "unknown-key"),
    "key-of-another-table": (
        '[installation]\nroot = "x"\n[sources]\n\nroot = "x"\n',
        5,
        "sources.root",
        "unknown-key",
    ),
    "dotted-unknown": ('output.langs = "nl"\n', 1, "output.langs", "unknown-key"),
    "number": ("[installation]\nroot = 7\n", 2, "installation.root", "wrong-type"),
    "text-for-list": ('[sources]\npaths = "E:"\n', 2, "sources.paths", "wrong-type"),
    "list-of-numbers": ("[sources]\n'paths' = [1]\n", 0, "sources.paths", "wrong-type"),
    "quoted-key": ('[sources]\n"paths" = [1]\n', 2, "sources.paths", "wrong-type"),
    "language": ('[output]\nlang = "fr"\n', 2, "output.lang", "wrong-value"),
    "yes-is-no-number": ("[search]\nseconds = true\n", 2, "search.seconds", "wrong-type"),
    "no-time": ("[search]\nseconds = 0\n", 2, "search.seconds", "wrong-value"),
    "empty-root": ('[installation]\nroot = ""\n', 2, "installation.root", "wrong-value"),
    "empty-path": ('[sources]\npaths = ["a", ""]\n', 2, "sources.paths", "wrong-value"),
    "inline": ("sources = {paths = 1}\n", 0, "sources.paths", "wrong-type"),
}


@pytest.mark.parametrize(("text", "line", "key", "what"), BROKEN.values(), ids=BROKEN.keys())
def test_names_file_line_and_key(tmp_path: Path, text: str, line: int, key: str, what: str) -> None:
    error = _refused(_file(tmp_path, text))
    assert error.problem == "config-invalid"
    assert (error.facts["line"], error.facts["key"], error.facts["what"]) == (line, key, what)


@pytest.mark.posix("named pipes")
def test_a_file_that_is_none(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    large = _file(tmp_path, b"#" * (MAX_BYTES + 1))
    cases = {
        tmp_path / "absent.toml": "No such file or directory",
        tmp_path: "not-a-file",
        pipe: "not-a-file",
        large: "too-large",
    }
    for path, what in cases.items():
        error = _refused(path)
        assert (error.problem, error.facts["what"]) == ("config-unreadable", what)
    assert _refused(_file(tmp_path, b"lang = '\xff'")).facts["what"] == "not-utf-8"
    assert read_config(_file(tmp_path, b"#" * MAX_BYTES)) == Config()


def test_nested_too_deep(tmp_path: Path) -> None:
    error = _refused(_file(tmp_path, "x = " + "[" * 100_000))
    assert error.problem in {"config-unreadable", "config-invalid"}


@given(st.binary(max_size=200) | st.text(max_size=120).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_anything_else_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = _file(tmp_path, data)
    try:
        said = read_config(path)
    except UsageError as error:
        said = error.problem
    assert isinstance(said, Config) or said in {"config-invalid", "config-unreadable"}


def test_every_key_has_a_home_in_the_config() -> None:
    keys = {key for table in config._KEYS.values() for key in table}
    assert keys == {"root", "product", "manifests", "folders", "paths", "lang"} | {
        "removable",
        "seconds",
        "hosts",
    }
