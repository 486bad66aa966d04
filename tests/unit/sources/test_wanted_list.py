"""The wanted list: strict reading, one way of writing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import WantedListError
from agent.model import ManifestFile, Role, Wanted
from agent.outcomes import ExitCode
from agent.sources import wanted_list
from agent.sources.wanted_list import WantedList, parse, read, to_bytes, wanted_from, write

from .conftest import sha256

A = Wanted(sha256(b"a"), 1, "bin/a.dll")
B = Wanted(sha256(b"bb"), 2, "bin/België.dll")
GOOD = WantedList("medicom", "2022.4", "b1c2", "2026-11-23T08:05:12Z", (B, A))


def document(**changes):
    top = json.loads(to_bytes(GOOD))
    top.update(changes)
    return top


def problems_in(data):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(WantedListError) as caught:
        parse(raw, "here")
    assert caught.value.place == "here"
    assert caught.value.exit_code is ExitCode.USAGE
    return [(where, problem) for where, problem, _ in caught.value.problems]


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "b1c2.json"
    write(GOOD, path)
    assert read(path) == GOOD
    assert [each.name for each in tmp_path.iterdir()] == ["b1c2.json"]


def test_the_same_list_gives_the_same_bytes():
    turned = WantedList("medicom", "2022.4", "b1c2", "2026-11-23T08:05:12Z", (A, B))
    data = to_bytes(GOOD)
    assert to_bytes(turned) == data
    assert data.endswith(b"}\n")
    assert "België".encode() in data
    assert data.index(b'"created"') < data.index(b'"files"') < data.index(b'"schema"')


def test_a_complete_pc_writes_an_empty_list():
    empty = WantedList("medicom", "2022.4", "b1c2", "2026-11-23T08:05:12Z", ())
    assert parse(to_bytes(empty), "here") == empty


def test_only_program_files_are_asked_for():
    files = [
        ManifestFile(path="z.dll", sha256=sha256(b"z"), size=1),
        ManifestFile(path="site.ini", role=Role.SETTINGS, sha256=sha256(b"s"), size=1),
        ManifestFile(path="a.log", role=Role.IGNORED, sha256=sha256(b"l"), size=1),
        ManifestFile(path="a.dll", sha256=sha256(b"a"), size=1),
    ]
    assert [each.path for each in wanted_from(files)] == ["a.dll", "z.dll"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "document-not-json"),
        (b"\xff\xfe", "document-not-utf-8"),
        (b"null", "document-not-an-object"),
        (b"[]", "document-not-an-object"),
        (b"[" * 100_000, "document-too-deep"),
        (b"{", "document-not-json"),
    ],
    ids=["empty", "binary", "null", "list", "deep", "cut"],
)
def test_what_is_no_document_at_all(data, problem):
    assert problems_in(data) == [("", problem)]


def test_a_document_that_is_too_large_is_not_parsed(monkeypatch):
    monkeypatch.setattr(wanted_list, "MAX_DOCUMENT_BYTES", 10)
    assert problems_in(b" " * 11) == [("", "document-too-large")]


def test_a_file_that_is_not_there_or_no_file(tmp_path):
    for path, problem in [(tmp_path / "absent", "document-absent"), (tmp_path, "unreadable")]:
        with pytest.raises(WantedListError) as caught:
            read(path)
        assert caught.value.problems[0][1].endswith(problem)


def file(**changes):
    return document(files=[{"path": "a.dll", "sha256": sha256(b"a"), "size": 1, **changes}])


@pytest.mark.parametrize(
    ("data", "where", "problem"),
    [
        (document(schema="werkplekherstel.wanted/2"), "schema", "schema-unknown"),
        (document(product="../medicom"), "product", "name-not-allowed"),
        (document(version=""), "version", "value-not-text"),
        (document(version=2022), "version", "value-not-text"),
        (document(host="a\nb"), "host", "text-not-plain"),
        (document(host=None), "host", "value-not-text"),
        (document(created="2026-11-23 08:05"), "created", "time-not-utc"),
        (document(files={}), "files", "value-not-a-list"),
        (document(files=["a"]), "files[0]", "value-not-an-object"),
        (document(more=1), "more", "key-unknown"),
        (file(more=1), "files[0].more", "key-unknown"),
        (file(path="../../evil.dll"), "files[0].path", "path-parent"),
        (file(path=""), "files[0].path", "path-empty"),
        (file(path=7), "files[0].path", "value-not-text"),
        (file(sha256="A" * 64), "files[0].sha256", "hash-not-sha256"),
        (file(sha256=""), "files[0].sha256", "hash-not-sha256"),
        (file(size=-1), "files[0].size", "value-out-of-range"),
        (file(size=1.5), "files[0].size", "value-not-an-integer"),
        (file(size=True), "files[0].size", "value-not-an-integer"),
        (file(size=10**30), "files[0].size", "value-not-an-integer"),
    ],
)
def test_one_wrong_thing_is_named_with_its_place(data, where, problem):
    assert (where, problem) in problems_in(data)


def test_every_key_must_be_there():
    assert problems_in({}) == [
        ("created", "key-absent"),
        ("files", "key-absent"),
        ("host", "key-absent"),
        ("product", "key-absent"),
        ("schema", "key-absent"),
        ("version", "key-absent"),
    ]


def test_a_key_or_a_path_that_stands_there_twice_is_refused():
    twice = to_bytes(GOOD).replace(b'"host":', b'"host":"x","host":')
    assert problems_in(twice) == [("host", "key-twice")]
    entries = [
        {"path": path, "sha256": sha256(b"a"), "size": 1} for path in ("bin/A.dll", "BIN/a.dll")
    ]
    assert problems_in(document(files=entries)) == [("files[1]", "path-twice")]


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(wanted_list.limits, "MAX_FILES", 1)
    assert problems_in(document()) == [("files", "too-many-entries")]


def test_all_problems_are_named_at_once():
    data = document(product="..", created="now", files=[{"path": "a/../b", "size": -1}])
    assert {problem for _, problem in problems_in(data)} >= {
        "name-not-allowed", "time-not-utc", "path-parent", "value-out-of-range", "key-absent",
    }  # fmt: skip


@given(cut=st.integers(0, len(to_bytes(GOOD)) - 2))
def test_a_list_cut_off_anywhere_is_refused(cut):
    with pytest.raises(WantedListError):
        parse(to_bytes(GOOD)[:cut], "here")


@given(at=st.integers(0, len(to_bytes(GOOD)) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_never_crashes(at, bit):
    data = bytearray(to_bytes(GOOD))
    data[at] ^= 1 << bit
    try:
        parse(bytes(data), "here")
    except WantedListError as error:
        problems = error.problems
    else:
        problems = (("", "still-a-list", ""),)
    assert problems
