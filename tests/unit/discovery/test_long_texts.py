"""Texts that a user wrote as long as they may be: matched in a time that grows with their length.

`re` holds the interpreter, so that no time box would cut one that grows with its square.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from agent.discovery.command_lines import MAX_TEXT, CommandLines
from agent.discovery.probes.ini_files import MAX_LINE, values_in
from agent.discovery.task_files import MAX_TEXT as MAX_TASK_TEXT
from agent.discovery.task_files import read_task

LINES = CommandLines({"LANG": "x" * 1_000, "PP": "C:\\PP"})
LIMIT_S = 30.0
"""Processor seconds: what is linear takes one or two when measured, what is not takes minutes."""
INI_BYTES = 1 << 20


def seconds(act: Callable[[], object]) -> float:
    """Processor time of this thread."""
    before = time.thread_time()
    act()
    return time.thread_time() - before


LONG = [
    " " * MAX_TEXT,
    "x" + " " * MAX_TEXT,
    "C:\\a" + " " * (MAX_TEXT - 5) + "x",
    "C:\\a" + " " * (MAX_TEXT - 5) + ",",
    "C:\\a," + " " * (MAX_TEXT - 6) + "x",
    "C:\\a" + "\t" * (MAX_TEXT - 5) + "/",
    "ab " * (MAX_TEXT // 3),
    "C:\\a\\b " * (MAX_TEXT // 7),
    "C:\\a;" * (MAX_TEXT // 5),
    "=" * MAX_TEXT,
    "a=" * (MAX_TEXT // 2),
    "C:\\a," + "1" * (MAX_TEXT - 5),
    "\\\\" * (MAX_TEXT // 2),
    "C:" + "\\" * (MAX_TEXT - 2),
    "%(" * (MAX_TEXT // 2),
    "%LANG%" * (MAX_TEXT // 6),
    '"' * MAX_TEXT,
    "file:" + "/" * (MAX_TEXT - 5),
]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
@pytest.mark.parametrize("read", [LINES.candidates, LINES.listed, LINES.folder])
def test_a_command_line(text: str, read: Callable[[str], object]) -> None:
    assert seconds(lambda: read(text)) < LIMIT_S


def test_variables_do_not_make_a_text_grow_without_end() -> None:
    assert len(LINES.expand("%LANG%" * 5_000)) < 2 * MAX_TEXT
    assert LINES.expand("%LANG%") == "x" * 1_000


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * INI_BYTES,
        " " * INI_BYTES,
        ("a" + " " * 800 + "\n") * (INI_BYTES // 800),
        ("a=" + " " * 800 + "\n") * (INI_BYTES // 800),
        "a=" * (INI_BYTES // 2),
        "\n" * INI_BYTES,
        "a\r" * (INI_BYTES // 2),
    ],
    ids=range(7),
)
def test_an_ini_file(text: str) -> None:
    assert seconds(lambda: list(values_in(text))) < LIMIT_S


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Map=C:\\PP", [("Map", "C:\\PP")]),
        (" Map \t=  C:\\PP  ", [("Map", "C:\\PP")]),
        ("[Map=C:\\PP]", []),
        ("; Map=C:\\PP\r\n# Map=C:\\PP\r\nMap=D:\\PP", [("Map", "D:\\PP")]),
        ("=C:\\PP\nC:\\PP\nMap=\nMap=x=C:\\PP", [("Map", "x=C:\\PP")]),
        ("x" * 300 + "=C:\\PP", []),
    ],
)
def test_the_values_of_an_ini_file(text: str, values: Sequence[tuple[str, str]]) -> None:
    assert list(values_in(text)) == values


def test_a_line_that_is_too_long_is_cut_between_two_paths() -> None:
    line = "Pad=" + "C:\\PP;" * MAX_LINE
    ((_, value),) = values_in(line)
    assert len(value) < MAX_LINE
    assert set(value.split(";")) == {"C:\\PP"}


@pytest.mark.parametrize("filling", ["\n", "&lt;", "x\n"])
def test_a_task(filling: str) -> None:
    command = filling * (INI_BYTES // len(filling))
    task = f"<Task><Exec><Command>C:{command}</Command></Exec></Task>".encode()
    assert seconds(lambda: read_task(task)) < LIMIT_S
    assert len(read_task(task).actions[0].command) == MAX_TASK_TEXT


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("DBQ=C:\\PP\\a.mdb;Driver=D:\\x.dll", ["C:\\PP\\a.mdb", "D:\\x.dll"]),
        (" Data Source = C:\\PP", ["C:\\PP"]),
        ('DBQ="C:\\P P\\a.mdb"', ["C:\\P P\\a.mdb"]),
        ("DBQ='\\\\SRV\\PP'", ["\\\\SRV\\PP"]),
        ("DBQ=a.mdb", []),
    ],
)
def test_a_name_before_a_path_in_a_list_is_left_out(text: str, paths: list[str]) -> None:
    assert [found[0] for found in LINES.listed(text)] == paths
