"""Patterns: globs on relative paths, without regard to case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.profiles.patterns import Matcher, fold


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.exe", "a.exe", True),
        ("*.exe", "bin/deep/A.EXE", True),
        ("*.exe", "a.exe.bak", False),
        ("*.exe", "exe", False),
        ("*.exe", ".exe", True),
        ("medicom.exe", "bin/Medicom.exe", True),
        ("medicom.exe", "xmedicom.exe", False),
        ("*.tar.gz", "a/b.tar.gz", True),
        ("*.tar.gz", "a/b.gz", False),
        ("~*", "bin/~lock.doc", True),
        ("~*", "bin~/a", False),
        ("log?.txt", "logs/log1.txt", True),
        ("log?.txt", "logs/log12.txt", False),
        ("data/**", "data/a", True),
        ("data/**", "Data/b/c.d", True),
        ("data/**", "data", False),
        ("data/**", "bin/data/a", False),
        ("data/**", "database/a", False),
        ("**/logs/**", "logs/a", True),
        ("**/logs/**", "a/b/logs/c/d", True),
        ("**/logs/**", "a/mylogs/c", False),
        ("**/logs/**", "a/logs", False),
        ("bin/*.cfg", "bin/a.cfg", True),
        ("bin/*.cfg", "bin/b/a.cfg", False),
        ("bin/*.cfg", "x/bin/a.cfg", False),
        ("a/**/z.txt", "a/z.txt", True),
        ("a/**/z.txt", "a/b/c/z.txt", True),
        ("a/**/z.txt", "ab/z.txt", False),
        ("**/x.dll", "x.dll", True),
        ("**/x.dll", "a/x.dll", True),
        ("*/**", "a/b", True),
        ("*/**", "a", False),
        ("**", "anything/at.all", True),
        ("*", "anything/at.all", True),
        ("a[1].txt", "a[1].txt", True),
        ("a[1].txt", "a1.txt", False),
        ("a.b", "axb", False),
        ("*.ë", "b.Ë", True),
    ],
)
def test_a_pattern_fits_a_path(pattern: str, path: str, fits: bool) -> None:
    matcher = Matcher.of([pattern])
    assert matcher.matches(fold(path)) is fits
    assert list(matcher.select([fold(path)])) == ([fold(path)] if fits else [])


def test_no_pattern_fits_nothing() -> None:
    assert Matcher.of([]).empty
    assert not Matcher.of([]).matches("A.EXE")
    assert list(Matcher.of([]).select(["A.EXE"])) == []


_PARTS = st.sampled_from(["A", "B", "A.EXE", "LOG.TXT", ".EXE", "DATA", "LOGS", "X.TAR.GZ"])
_PATHS = st.lists(_PARTS, min_size=1, max_size=4).map("/".join)
_PATTERNS = st.lists(
    st.sampled_from(
        ["*.exe", "a", "data/**", "**/logs/**", "*/a.exe", "a/**/b", "*.tar.gz", "l*.txt", "a/*/**"]
    ),
    max_size=4,
)


@given(_PATTERNS, st.lists(_PATHS, max_size=8, unique=True))
def test_many_at_once_are_the_same_as_one_by_one(patterns: list[str], paths: list[str]) -> None:
    matcher = Matcher.of(patterns)
    assert list(matcher.select(paths)) == [path for path in paths if matcher.matches(path)]
