"""Every id has its sentence in every language, and a sentence can always be made."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

import agent
from agent.demo.practice import Damage
from agent.demo.table import COLUMNS
from agent.discovery.probes import PROBES
from agent.errors import UsageError
from agent.model import (
    Brake,
    DecidedBy,
    DiagnosisClass,
    FindOutcome,
    Mode,
    ProbeGroup,
    Result,
    SourceKind,
    State,
    Trust,
    Verdict,
)
from agent.outcomes import ExitCode
from agent.progress import Stage
from agent.reporting import next_steps, verdict
from agent.reporting.texts import LANGUAGES, Texts, load

NL, EN = load("nl"), load("en")
AGENT = Path(agent.__file__).parent

STAFF_SECTIONS = ("verdict", "explain")
STAFF_STEPS = {
    *next_steps._STAFF.values(),
    *(staff for staff, _ in next_steps._BY_COVERAGE.values()),
    *(code for audience, code in next_steps._ERROR_STEPS.values() if audience == "staff"),
    "call-it",
}
MANIFEST_KEYS = (
    "head", "holds", "made-when", "code", "came", "went", "changed", "moved", "folders-came",
    "folders-went",
)  # fmt: skip
IT_STEPS = {*next_steps._IT.values(), "go-forward", "give-code", "replace-changed", "read-report"}
BANNED = re.compile(
    r"\b(hash|checksum|manifest|integriteit|corrupt|dll|pad|uitzondering|elevatie|fataal)\w*",
    re.IGNORECASE,
)
MAX_WORDS = 14
MAX_MAIN_LINE = 60


def _fields(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def test_both_languages_have_the_same_sections_keys_and_fields() -> None:
    assert NL.sections.keys() == EN.sections.keys()
    for section, texts in NL.sections.items():
        assert texts.keys() == EN.sections[section].keys(), section
        for key, template in texts.items():
            other = EN.sections[section][key]
            assert _fields(template) == _fields(other), f"{section}.{key}"
            assert template.strip(), f"{section}.{key}"
            assert other.strip(), f"{section}.{key}"


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("class", [*(kind.value for kind in DiagnosisClass), "none"]),
        ("verdict", [kind.value for kind in DiagnosisClass]),
        ("outcome", [code.slug for code in ExitCode]),
        ("brake", [brake.value for brake in Brake]),
        ("release", [brake.value for brake in Brake]),
        ("state", [state.value for state in State]),
        ("result", [result.value for result in Result]),
        ("trust", [trust.value for trust in Trust]),
        ("kind", [kind.value for kind in SourceKind]),
        ("decided", [decided.value for decided in DecidedBy]),
        ("progress", [stage.value for stage in Stage]),
        ("next", sorted(STAFF_STEPS)),
        ("evidence", [group.value for group in ProbeGroup]),
        ("candidate", [verdict.value for verdict in Verdict]),
        ("find", [outcome.value for outcome in FindOutcome]),
        ("probe", [probe.name for probe in PROBES]),
        ("next", list(next_steps._BY_OUTCOME.values())),
        ("manifest", list(MANIFEST_KEYS)),
        ("next", sorted(IT_STEPS)),
        ("next", sorted(expert for _, expert in next_steps._BY_COVERAGE.values())),
        ("next", sorted(code for _, code in next_steps._ERROR_STEPS.values())),
    ],
)
def test_every_word_of_the_model_has_a_text(section: str, keys: list[str]) -> None:
    for texts in (NL, EN):
        assert [key for key in keys if not texts.has(section, key)] == []


def test_every_verdict_has_an_explanation() -> None:
    assert set(verdict._ENDINGS.values()) <= NL.sections["verdict"].keys()
    assert set(verdict._AFTER_COMMIT.values()) <= NL.sections["verdict"].keys()
    assert {code.slug for code in verdict._STOOD_IN_THE_WAY} <= NL.sections["verdict"].keys()
    assert NL.sections["verdict"].keys() <= NL.sections["explain"].keys()


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(AGENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts_of(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


ERRORS = {
    "WerkplekError",
    "StaffError",
    "ItError",
    "VendorError",
    "OurError",
    "UsageError",
}


def _problem_ids() -> Iterator[tuple[str, frozenset[str]]]:
    """Each problem id that is raised, with the names of its facts."""
    for _, call in _calls():
        if _name(call) in {*ERRORS, "error"} and call.args:
            facts = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
            spread = any(keyword.arg is None for keyword in call.keywords)
            for problem in _texts_of(call.args[0]):
                yield problem, frozenset() if spread else facts


def _assigned(name: str) -> Iterator[str]:
    for path in sorted(AGENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in node.targets
            ):
                yield from _texts_of(node.value)


def test_every_text_of_the_demo_is_there() -> None:
    asked: set[str] = set()
    for path in sorted((AGENT / "demo").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                asked.update(re.findall(r"^demo(?:-[a-z]+)+$", node.value))
    assert sorted(asked - NL.sections["demo"].keys()) == []


def test_every_text_that_is_asked_for_by_name_is_there() -> None:
    for path, call in _calls():
        if "reporting" in path.parts or "cli" in path.parts:
            names = [_texts_of(argument) for argument in call.args[:2]]
            if _name(call) == "say" and len(names) == 2 and names[0] and names[1]:
                assert NL.has(names[0][0], names[1][0]), (path.name, names)
            if _name(call) == "word" and names and names[0]:
                assert NL.has("word", names[0][0]), (path.name, names)


def test_every_problem_that_is_raised_has_a_sentence() -> None:
    raised = {problem for problem, _ in _problem_ids()}
    assert len(raised) > 20
    assert sorted(raised - NL.sections["error"].keys()) == []


def test_a_sentence_only_uses_facts_that_the_error_carries() -> None:
    """An error raised in several places may carry more in one than in another: none may lack."""
    wrong = []
    for problem, facts in _problem_ids():
        known = facts | ({"path"} if "place" in facts else set())
        if problem == "disk-full" and not facts:
            continue
        lacking = NL.fields("error", problem) - known
        if facts and lacking:
            wrong.append(f"{problem}: {sorted(lacking)}")
    assert wrong == []


_BY_VALUE = {
    "outcome": {code.slug for code in ExitCode},
    "verdict": {code.slug for code in ExitCode},
    "explain": {code.slug for code in ExitCode},
    "word": {f"mode-{mode}" for mode in Mode},
    "demo": {
        *(f"demo-{damage.value}" for damage in Damage),
        *(f"demo-column-{name}" for name in COLUMNS),
    },
}
"""Ids of texts that are put together from a value, and so do not stand in the code."""


def _written_ids() -> frozenset[str]:
    """Every plain string of the program, and what stands before the colon of an id with a value."""
    strings: set[str] = set()
    for path in sorted(AGENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            strings.update(_texts_of(node) if isinstance(node, ast.expr) else ())
    return frozenset(strings | {text.partition(":")[0] for text in strings})


def test_every_text_is_used_somewhere() -> None:
    written = _written_ids()
    assert len(written) > 100
    unused = [
        f"{section}.{key}"
        for section, texts in NL.sections.items()
        for key in texts
        if key not in written | _BY_VALUE.get(section, set())
    ]
    assert unused == []


def test_every_refusal_of_undo_and_repair_says_what_to_do() -> None:
    for problem in ("changed-since", "originals-damaged", "plan-blocked"):
        for texts in (NL, EN):
            assert "werkplek " in texts.say("error", problem), problem


def test_every_reason_that_is_given_has_words() -> None:
    given: set[str] = set(_assigned("reason"))
    for _, call in _calls():
        for keyword in call.keywords:
            if keyword.arg in {"reason", "refused"}:
                given.update(_texts_of(keyword.value))
    assert given
    assert sorted(given - NL.sections["reason"].keys()) == []


def test_every_problem_of_a_document_has_words() -> None:
    added: set[str] = set()
    for path, call in _calls():
        if "manifest" in path.parts and _name(call) == "add" and len(call.args) >= 2:
            added.update(_texts_of(call.args[1]))
    assert len(added) > 10
    assert sorted(added - NL.sections["problem"].keys()) == []


def test_every_signal_and_doubt_has_words() -> None:
    """Text ids are yielded by judging: plain strings, or f-strings that begin with ``id:``."""
    ids: set[str] = set()
    for name in ("classes", "versions"):
        tree = ast.parse((AGENT / "diagnosis" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Yield):
                ids.update(_texts_of(node.value))
            if isinstance(node, ast.JoinedStr) and node.values:
                ids.update(text.split(":")[0] for text in _texts_of(node.values[0]) if ":" in text)
    assert len(ids) > 8
    assert sorted(ids - NL.sections["signal"].keys()) == []


def _staff_texts() -> Iterator[tuple[str, str]]:
    for section in STAFF_SECTIONS:
        yield from NL.sections[section].items()
    for code in sorted(STAFF_STEPS):
        yield code, NL.sections["next"][code]


def test_staff_read_plain_words() -> None:
    assert [key for key, text in _staff_texts() if BANNED.search(text)] == []


def test_staff_read_short_sentences() -> None:
    for key, template in _staff_texts():
        said = re.sub(r"\{(\w+)(:[^}]*)?\}", r"\1", template)
        for sentence in re.split(r"[.?!]\s", re.sub(r"\d[.,]\d", "0", said)):
            assert len(sentence.split()) <= MAX_WORDS, f"{key}: {sentence}"


@pytest.mark.parametrize("texts", [NL, EN], ids=LANGUAGES)
def test_a_verdict_fits_on_one_line(texts: Texts) -> None:
    for key in texts.sections["verdict"]:
        line = texts.say("verdict", key, title="Pharmacom")
        assert len(line) <= MAX_MAIN_LINE, line


@pytest.mark.parametrize(
    ("texts", "count", "line"),
    [
        (NL, 1, "Er ontbreekt 1 bestand (3 KB). Er is niets veranderd."),
        (NL, 4812, "Er ontbreken 4.812 bestanden (3 KB). Er is niets veranderd."),
        (EN, 1, "1 file is missing (3 KB). Nothing has been changed."),
        (EN, 4812, "4,812 files are missing (3 KB). Nothing has been changed."),
    ],
)
def test_plurals_follow_the_number(texts: Texts, count: int, line: str) -> None:
    assert texts.say("explain", "files-deleted", missing=count, bytes=3000) == line


@pytest.mark.parametrize(
    ("size", "dutch", "english"),
    [
        (0, "0 bytes", "0 bytes"),
        (999, "999 bytes", "999 bytes"),
        (1000, "1 KB", "1 KB"),
        (2500, "2,5 KB", "2.5 KB"),
        (83_886_080, "84 MB", "84 MB"),
        (999_999, "1 MB", "1 MB"),
        (2_500_000_000, "2,5 GB", "2.5 GB"),
        (4 * 10**15, "4.000 TB", "4,000 TB"),
    ],
)
def test_sizes_are_written_for_people(size: int, dutch: str, english: str) -> None:
    assert (NL.size(size), EN.size(size)) == (dutch, english)


def test_numbers_and_fractions_follow_the_language() -> None:
    assert (NL.number(1234567), EN.number(1234567)) == ("1.234.567", "1,234,567")
    assert (NL.percent(0.9726), EN.percent("0.9726")) == ("97,3%", "97.3%")
    assert (NL.percent(1.0), NL.percent("veel")) == ("100%", "veel")


@pytest.mark.parametrize("texts", [NL, EN], ids=LANGUAGES)
def test_every_text_can_be_made_without_a_single_fact(texts: Texts) -> None:
    for section, entries in texts.sections.items():
        for key in entries:
            assert "{" not in texts.say(section, key)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.none() | st.text()))
def test_an_unknown_id_still_says_which_it_is(facts: dict[str, str | None]) -> None:
    assert "never-heard-of" in NL.say("error", "never-heard-of", **facts)
    assert "never-heard-of" in EN.error("never-heard-of", facts)


@given(
    st.sampled_from(sorted(NL.sections["error"])),
    st.dictionaries(
        st.sampled_from(["path", "place", "paths", "count", "value", "needed", "reason"]),
        st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text()) | st.booleans(),
    ),
)
def test_facts_of_any_kind_give_a_sentence(problem: str, facts: dict[str, object]) -> None:
    assert NL.error(problem, facts)


def test_the_value_behind_an_id_is_filled_in() -> None:
    assert NL.phrase("signal", "missing:1") == "1 bestand ontbreekt"
    assert NL.phrase("signal", "missing:4812") == "4.812 bestanden ontbreken"
    assert NL.phrase("signal", "versions-mixed:3.31.6/4.0.0").endswith("3.31.6/4.0.0")
    assert NL.phrase("signal", "precision-low:0.97").startswith("maar 97%")
    assert NL.phrase("reason", "locked") == "in gebruik door een programma"


def test_a_place_answers_for_a_path() -> None:
    assert "D:" in NL.error("no-rights", {"place": PureWindowsPath("D:")})
    assert NL.error("disk-full", {"place": "D:", "needed": 0, "free": 0}).startswith("Het volume")


def test_a_reason_inside_a_sentence_is_said_in_words() -> None:
    said = NL.error("plan-blocked", {"reason": "not-complete"})
    assert "--partial" in said
    assert "not-complete" not in said


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    paths = tuple(f"f{number}" for number in range(1000))
    said = NL.error("changed-since", {"paths": paths, "count": 1000})
    assert "zijn 1.000 bestanden veranderd" in said
    assert "en nog 992" in said
    assert "f8," not in said


def test_one_or_more_also_counts_what_is_listed() -> None:
    assert "deze rem:" in NL.error("brakes-on", {"brakes": ("adhoc",)})
    assert "deze remmen:" in NL.error("brakes-on", {"brakes": ("adhoc", "hold")})
    assert "deze remmen:" in NL.error("brakes-on", {"brakes": "adhoc, hold"})


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        load("fr")
    assert caught.value.problem == "unknown-language"
    assert caught.value.facts["known"] == LANGUAGES
