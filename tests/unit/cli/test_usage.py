"""A wrong command line in the language of the reader: what was wrong, what is expected."""

from __future__ import annotations

import re

import pytest

from tests.unit.cli.test_json_and_events import WRONG
from tests.unit.workstation import Workstation, werkplek

SAID: dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]] = {
    ("fix",): ("usage-no-such-command", "'fix'", ("check", "repair", "manifest")),
    ("manifest", "burn"): ("usage-no-such-command", "'burn'", ("make", "verify")),
    ("check", "--force"): ("usage-no-such-option", "--force", ("werkplek check --help",)),
    ("check", "--root"): ("usage-no-value", "--root", ()),
    ("check", "--root", ""): ("usage-no-value", "--root", ()),
    ("check", "--product", "--quiet"): ("usage-no-value", "--product", ()),
    ("check", "--quick=1"): ("usage-takes-no-value", "--quick", ()),
    ("decode",): ("usage-missing", "CODE", ("werkplek decode --help",)),
    ("manifest", "make", "x"): ("usage-missing", "--version", ("werkplek manifest make --help",)),
    ("check", "C:\\PP"): ("usage-extra", "C:\\PP", ("werkplek check --help",)),
    ("repair", "--settle", "soon"): ("usage-value", "'soon'", ("--settle", "0-86400")),
    ("repair", "--settle", "inf"): ("usage-value", "'inf'", ("--settle", "0-86400")),
    ("report", "--format", "docx"): ("usage-value", "'docx'", ("--format", "text, json")),
    ("check", "--exit-style", "bash"): ("usage-value", "'bash'", ("--exit-style", "native")),
}


@pytest.mark.parametrize("arguments", SAID, ids=" ".join)
def test_names_what_was_wrong_and_what_was_expected(
    pc: Workstation, arguments: tuple[str, ...]
) -> None:
    problem, wrong, expected = SAID[arguments]
    for lang in ("nl", "en"):
        error = werkplek(*arguments, "--json", f"--lang={lang}").report["error"]
        assert error["code"] == problem, error
        for part in (wrong, *expected):
            assert part in error["text"]


def test_a_group_of_verbs_alone_names_them(pc: Workstation) -> None:
    dutch = "Er ontbreekt een opdracht; kies een van: make, show, diff, verify.\n"
    assert werkplek("manifest").err == dutch


ENGLISH = re.compile(
    r"\b(no such|missing|invalid|requires|unexpected|not one of|needed)\b", re.IGNORECASE
)


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_dutch_is_all_dutch(pc: Workstation, arguments: tuple[str, ...]) -> None:
    text = werkplek(*arguments, "--json").report["error"]["text"]
    assert not ENGLISH.search(text), text
