"""Rules for names: the same on every system, one by one and in bulk."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.manifest import names
from agent.manifest.bulk import ancestors, checked_keys, fold_many
from agent.manifest.names import fold, is_ours, problems_of

BROKEN = [
    ("", ("path-empty",)),
    ("/bin/a.exe", ("path-absolute", "path-part-empty")),
    ("C:/bin/a.exe", ("path-drive", "path-character")),
    ("c:a.exe", ("path-drive", "path-character")),
    ("bin\\a.exe", ("path-backslash",)),
    ("\\\\server\\share\\a", ("path-absolute", "path-backslash")),
    ("a\x00b", ("path-control",)),
    ("a\nb", ("path-control",)),
    ("a<b", ("path-character",)),
    ("a>b", ("path-character",)),
    ("bin/a.exe:stream", ("path-character",)),
    ('a"b', ("path-character",)),
    ("a|b", ("path-character",)),
    ("a?b", ("path-character",)),
    ("a*b", ("path-character",)),
    ("bin/\ud800.exe", ("path-surrogate",)),
    (unicodedata.normalize("NFD", "patiënt.exe"), ("path-not-nfc",)),
    ("bin//a.exe", ("path-part-empty",)),
    ("bin/", ("path-part-empty",)),
    ("./a.exe", ("path-dot",)),
    ("bin/../../a.exe", ("path-parent",)),
    ("..", ("path-parent",)),
    ("bin./a.exe", ("path-trailing",)),
    ("bin/a.exe.", ("path-trailing",)),
    ("bin /a.exe", ("path-trailing",)),
    ("a.exe ", ("path-trailing",)),
    ("...", ("path-trailing",)),
    ("nul", ("path-device",)),
    ("bin/nul.txt", ("path-device",)),
    ("NUL .tar.gz", ("path-device",)),
    ("con/a.exe", ("path-device",)),
    ("Prn.dll", ("path-device",)),
    ("aux.h", ("path-device",)),
    ("COM1.log", ("path-device",)),
    ("lpt9", ("path-device",)),
    ("COM\u00b9", ("path-device",)),
    ("bin/lpt\u00b3.txt", ("path-device",)),
    ("conin$", ("path-device",)),
    ("CONOUT$.txt", ("path-device",)),
    ("a" * 256, ("path-part-too-long",)),
    ("\U0001f600" * 128, ("path-part-too-long",)),
    ("d/" * 16_000 + "a", ("path-too-long",)),
    (".werkplekherstel.lock", ("path-ours",)),
    (".Werkplekherstel/undo/a", ("path-ours",)),
    ("bin/.WERKPLEK-ab12.tmp", ("path-ours",)),
]

GOOD = [
    "a",
    "bin/medicom.exe",
    "Praktijk ë/patiënt 😀.dll",
    " leading space.txt",
    ".hidden",
    "con1.txt",
    "com10",
    "COM0x",
    "nullable.dll",
    "config/console.exe",
    "a..b/c. d",
    "bin/$x",
    "bin/conin.txt",
    "x" * 255,
    "\U0001f600" * 127 + "x",
    "/".join(["d" * 255] * 20),
    "bin/.werkplek",
    "bin/.werkplekherstel.lock",
    "straße",
]


@pytest.mark.parametrize(("path", "problems"), BROKEN)
def test_names_the_rule_that_a_path_breaks(path: str, problems: tuple[str, ...]) -> None:
    assert problems_of(path) == problems


@pytest.mark.parametrize(("path", "problems"), BROKEN)
def test_bulk_check_notices_one_broken_path_among_good_ones(
    path: str, problems: tuple[str, ...]
) -> None:
    assert problems
    assert checked_keys([*GOOD, path]) is None
    assert checked_keys([path, *GOOD]) is None
    assert checked_keys([path]) is None
    assert checked_keys(["a/b.dll", path, "a/c.dll"]) is None


@pytest.mark.parametrize("path", GOOD)
def test_accepts_what_windows_can_hold(path: str) -> None:
    assert problems_of(path) == ()
    assert checked_keys([path]) == [fold(path)]


def test_bulk_check_accepts_nothing_and_everything_good() -> None:
    assert checked_keys([]) == []
    assert checked_keys(GOOD) == [fold(path) for path in GOOD]


_PIECES = st.sampled_from(
    [
        ".",
        "/",
        "con",
        "NUL",
        "com1",
        "lpt\u00b2",
        "$",
        "con\u0131n$",
        "conout",
        "a",
        "\u00e9",
        "e\u0301",
        "1",
        "\x07",
        ":",
        "\\",
        "aux",
        " ",
        "\n",
        "lua",
        "\U0001f600",
        "\u00df",
        ".werkplek-",
        "\ud800",
        "x" * 250,
    ]
)


@given(st.lists(st.lists(_PIECES, max_size=6).map("".join), max_size=4))
def test_bulk_check_says_the_same_as_the_rules_one_by_one(paths: list[str]) -> None:
    good = not any(problems_of(path) for path in paths)
    assert checked_keys(paths) == ([fold(path) for path in paths] if good else None)


@given(st.lists(st.text(max_size=8), max_size=5))
def test_bulk_fold_gives_the_same_keys(paths: list[str]) -> None:
    assert fold_many(paths) == [fold(path) for path in paths]


@given(st.text())
def test_fold_keeps_the_number_of_characters(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("path", "key"),
    [("bin/Medicom.exe", "BIN/MEDICOM.EXE"), ("patiënt", "PATIËNT"), ("straße", "STRAßE")],
)
def test_fold_is_one_upper_case_character_for_each(path: str, key: str) -> None:
    assert fold(path) == key


def test_sharp_s_and_double_s_are_two_names() -> None:
    assert fold("straße") != fold("strasse")


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        (names.LOCK_NAME, True),
        (names.UNDO_DIRECTORY, True),
        (names.UNDO_DIRECTORY + "/runs/1/a", True),
        ("bin/" + names.STAGING_PREFIX + "4f2a", True),
        (names.LOCK_NAME.upper(), True),
        ("bin/" + names.LOCK_NAME, False),
        (names.UNDO_DIRECTORY + "2", False),
        ("bin/werkplek-a.exe", False),
    ],
)
def test_knows_our_own_files(path: str, ours: bool) -> None:
    assert is_ours(path) is ours


def test_ancestors_are_every_folder_above() -> None:
    assert ancestors(["A/B/C.TXT", "A/D", "E"]) == {"A", "A/B"}
