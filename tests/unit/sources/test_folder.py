"""A raw copy: asked by content wherever it stands, read as little as possible."""

from __future__ import annotations

import os

import pytest

from agent.errors import NotInSourceError, SourceGoneError, Stopped
from agent.model import Coverage, SourceKind
from agent.progress import Watch
from agent.sources import matching
from agent.sources.folder import FolderSource

from .conftest import put, sha256, taken, wanted


@pytest.fixture
def read(monkeypatch):
    """The paths that were hashed, in order."""
    paths = []
    real = matching.hash_many

    def spy(names, sizes, **more):
        paths.extend(names)
        return real(names, sizes, **more)

    monkeypatch.setattr(matching, "hash_many", spy)
    return paths


def source_at(place, **more):
    return FolderSource(place, "folder:source", **more)


def test_finds_bytes_under_another_path_one_level_deeper(place):
    put(place, {"Kopie/PharmaPartners/BIN/oude naam.exe": b"program"})
    source = source_at(place)
    answer = source.coverage([wanted(b"program"), wanted(b"absent!")], Watch())
    assert answer == Coverage(
        "folder:source", SourceKind.FOLDER, frozenset({sha256(b"program")}), reachable=True
    )
    assert taken(source.open(sha256(b"program"))) == b"program"


def test_claims_nothing_and_carries_nothing(place):
    source = source_at(place, kind=SourceKind.PEER)
    assert (source.names_hashes, source.version, source.manifests()) == (False, None, ())
    assert source.coverage([], Watch()).kind is SourceKind.PEER


def test_reads_only_files_whose_size_fits(place, read):
    put(place, {"a": b"12345", "b": b"123456", "c": b"1234567"})
    source_at(place).coverage([wanted(b"654321")], Watch())
    assert read == ["b"]


def test_the_likeliest_path_is_read_first_and_alone(place, read):
    put(place, {"aa": b"XXXX", "old/bin/medicom.exe": b"YYYY", "deep/BIN/Medicom.exe": b"good"})
    put(place, {"old/bin/medicom.exe": b"YYYYY"})
    answer = source_at(place).coverage([wanted(b"good")], Watch())
    assert read == ["deep/BIN/Medicom.exe"]
    assert answer.has == {sha256(b"good")}


def test_same_name_comes_before_any_other_and_then_the_rest(place, read):
    put(place, {"aa": b"good", "x/medicom.exe": b"else", "zz": b"XXXX"})
    answer = source_at(place).coverage([wanted(b"good")], Watch())
    assert read == ["x/medicom.exe", "aa", "zz"]
    assert answer.has == {sha256(b"good")}


def test_is_listed_and_hashed_once_a_run(place, read, monkeypatch):
    put(place, {"a": b"good", "b": b"else"})
    source = source_at(place)
    first = source.coverage([wanted(b"good", "q"), wanted(b"none", "r")], Watch())
    hashed = list(read)

    def refuse(*_args, **_kwargs):
        raise AssertionError("hashed again")

    monkeypatch.setattr(matching, "hash_many", refuse)
    assert source.coverage([wanted(b"good", "q"), wanted(b"none", "r")], Watch()) == first
    assert source.coverage([wanted(b"else", "s")], Watch()).has == {sha256(b"else")}
    assert sorted(hashed) == ["a", "b"]


def test_an_empty_file_is_found_too(place):
    put(place, {"__init__.py": b""})
    source = source_at(place)
    assert source.coverage([wanted(b"")], Watch()).has == {sha256(b"")}
    assert taken(source.open(sha256(b""))) == b""


def test_one_that_is_not_there_is_unreachable(place):
    answer = source_at(place / "absent").coverage([wanted(b"x")], Watch())
    assert (answer.reachable, answer.has) == (False, frozenset())


def test_one_that_vanishes_while_it_is_read_is_unreachable(place, monkeypatch):
    put(place, {"a": b"good"})
    real = matching.hash_many

    def vanish(names, sizes, **more):
        place.rename(place.with_name("pulled out"))
        return real(names, sizes, **more)

    monkeypatch.setattr(matching, "hash_many", vanish)
    answer = source_at(place).coverage([wanted(b"good")], Watch())
    assert (answer.reachable, answer.has) == (False, frozenset())


def test_one_that_vanishes_before_the_copy_is_gone(place):
    put(place, {"a": b"good"})
    source = source_at(place)
    source.coverage([wanted(b"good")], Watch())
    place.rename(place.with_name("pulled out"))
    with pytest.raises(SourceGoneError):
        source.open(sha256(b"good"))


def test_a_file_that_was_altered_since_is_not_handed_out(place):
    put(place, {"a": b"good"})
    source = source_at(place)
    source.coverage([wanted(b"good")], Watch())
    (place / "a").write_bytes(b"changed")
    with pytest.raises(NotInSourceError):
        source.open(sha256(b"good"))
    with pytest.raises(NotInSourceError):  # remembered: it is not even opened again
        source.open(sha256(b"good"))


def test_a_second_copy_stands_in_for_one_that_was_removed(place):
    put(place, {"a": b"good", "b": b"good"})
    source = source_at(place)
    source.coverage([wanted(b"good", "none"), wanted(b"evil", "x")], Watch())
    (place / "a").unlink()
    assert taken(source.open(sha256(b"good"))) == b"good"
    (place / "b").unlink()
    with pytest.raises(NotInSourceError):
        source.open(sha256(b"good"))


def test_what_was_never_asked_is_not_in_it(place):
    put(place, {"a": b"good"})
    with pytest.raises(NotInSourceError):
        source_at(place).open(sha256(b"good"))


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")
def test_links_are_not_followed_out_of_it(place, target):
    put(target, {"secret": b"good"})
    (place / "link").symlink_to(target / "secret")
    (place / "folder").symlink_to(target)
    assert source_at(place).coverage([wanted(b"good")], Watch()).has == frozenset()


def test_our_own_files_in_it_are_left_out(place):
    put(place, {".werkplekherstel/run/a": b"good", "bin/.werkplek-1": b"good"})
    assert source_at(place).coverage([wanted(b"good")], Watch()).has == frozenset()


def test_a_skipped_folder_is_left_out(place):
    put(place, {"copy/target/a": b"good", "copy/b": b"else"})
    source = source_at(place, skip={"copy/target"})
    assert source.coverage([wanted(b"good"), wanted(b"else")], Watch()).has == {sha256(b"else")}


def test_a_file_that_cannot_be_read_is_just_not_a_match(place, monkeypatch):
    put(place, {"a": b"good", "b": b"good"})
    real = matching.hash_many

    def remove_one(names, sizes, **more):
        (place / "a").unlink(missing_ok=True)
        return real(names, sizes, **more)

    monkeypatch.setattr(matching, "hash_many", remove_one)
    source = source_at(place)
    answer = source.coverage([wanted(b"good"), wanted(b"none")], Watch())
    assert (answer.reachable, answer.has) == (True, {sha256(b"good")})


def test_stopping_is_the_only_thing_that_is_raised(place):
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        source_at(place).coverage([wanted(b"x")], watch)
