"""Strict reading: every problem of a document in one error, and nothing else refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ManifestError
from agent.manifest import limits, reading
from agent.manifest.explaining import explain
from agent.manifest.reading import parse, read
from agent.manifest.writing import to_bytes
from agent.outcomes import ExitCode
from tests.unit.manifest.examples import canonical_bytes, document, sha

FIXTURES = Path(__file__).parents[2] / "fixtures" / "manifests"


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ManifestError) as caught:
        parse(data, "list.json")
    assert caught.value.place == "list.json"
    assert caught.value.exit_code is ExitCode.NO_REFERENCE
    return [(where, problem) for where, problem, _ in caught.value.problems]


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    value = document()
    change(value)
    return canonical_bytes(value)


def test_reads_what_the_document_says() -> None:
    manifest = parse(canonical_bytes(document()), "list.json")
    assert (manifest.product, manifest.version, manifest.sequence) == ("medicom", "2022.4", 41)
    assert manifest.directories == ("bin", "spool")
    assert [file.path for file in manifest.files] == [
        "bin/medicom.exe",
        "bin/uitleg.chm",
        "medicom.ini",
    ]
    assert [file.optional for file in manifest.files] == [False, True, False]


def test_a_canonical_document_does_not_need_the_slow_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_data: bytes, _place: str) -> None:
        pytest.fail("slow way taken")

    monkeypatch.setattr(reading, "explain", never)
    assert parse(canonical_bytes(document()), "list.json").product == "medicom"


def test_both_ways_read_the_same() -> None:
    data = canonical_bytes(document())
    assert explain(data, "x") == parse(data, "x")


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(document(), indent=2).encode(),
        json.dumps(document(), indent="\t").replace("\n", "\r\n").encode(),
        json.dumps(dict(reversed(document().items()))).encode(),
        canonical_bytes(document()).rstrip(b"\n"),
        canonical_bytes(document()).replace(b"medicom.ini", b"medicom\\u002eini"),
    ],
    ids=["indented", "crlf", "other-key-order", "no-final-line-feed", "escaped"],
)
def test_accepts_a_document_written_by_hand(data: bytes) -> None:
    assert to_bytes(parse(data, "x")) == canonical_bytes(document())


def test_sorts_what_a_hand_left_unsorted() -> None:
    value = document()
    value["files"].reverse()
    value["directories"].reverse()
    assert to_bytes(parse(json.dumps(value).encode(), "x")) == canonical_bytes(document())


def test_optional_keys_may_be_absent() -> None:
    def change(value: dict[str, Any]) -> None:
        for key in ("sequence", "stamp", "withdrawn"):
            del value[key]

    manifest = parse(changed(change), "x")
    assert (manifest.sequence, manifest.stamp) == (msgspec.UNSET, msgspec.UNSET)
    assert manifest.withdrawn == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d.update(extra=1), [("extra", "key-unknown")]),
        (lambda d: d["files"][0].update(x=1), [("files[0].x", "key-unknown")]),
        (lambda d: d.pop("created"), [("created", "key-absent")]),
        (lambda d: d.pop("schema"), [("schema", "key-absent")]),
        (lambda d: d.pop("directories"), [("directories", "key-absent")]),
        (lambda d: d["files"][1].pop("role"), [("files[1].role", "key-absent")]),
        (lambda d: d["files"][1].pop("optional"), [("files[1].optional", "key-absent")]),
        (lambda d: d.update(schema="werkplekherstel.manifest/2"), [("schema", "schema-version")]),
        (lambda d: d.update(schema="something else"), [("schema", "schema-unknown")]),
        (lambda d: d.update(schema=1), [("schema", "value-not-text")]),
        (lambda d: d.update(product="../x"), [("product", "name-not-allowed")]),
        (lambda d: d.update(product="nul"), [("product", "name-not-allowed")]),
        (lambda d: d.update(version="2022.4\n"), [("version", "name-not-allowed")]),
        (lambda d: d.update(version="v" * 65), [("version", "name-not-allowed")]),
        (lambda d: d.update(version=2022), [("version", "value-not-text")]),
        (lambda d: d.update(created="2022-12-20 10:00:00"), [("created", "time-not-utc")]),
        (lambda d: d.update(created="2022-02-30T10:00:00Z"), [("created", "time-not-utc")]),
        (lambda d: d.update(created="2022-12-20T10:00:60Z"), [("created", "time-not-utc")]),
        (lambda d: d.update(created="2022-12-20T10:00:00+00:00"), [("created", "time-not-utc")]),
        (lambda d: d.update(created="0000-12-20T10:00:00Z"), [("created", "time-not-utc")]),
        (lambda d: d.update(origin=""), [("origin", "text-not-plain")]),
        (lambda d: d.update(origin="a\x1b[2J"), [("origin", "text-not-plain")]),
        (lambda d: d.update(origin="a" * 501), [("origin", "text-not-plain")]),
        (lambda d: d.update(stamp=""), [("stamp", "text-not-plain")]),
        (lambda d: d.update(sequence=-1), [("sequence", "value-out-of-range")]),
        (lambda d: d.update(sequence=2**53), [("sequence", "value-out-of-range")]),
        (lambda d: d.update(sequence=10**400), [("sequence", "value-not-an-integer")]),
        (lambda d: d.update(sequence=1.0), [("sequence", "value-not-an-integer")]),
        (lambda d: d.update(sequence=True), [("sequence", "value-not-an-integer")]),
        (lambda d: d.update(sequence=None), [("sequence", "value-not-an-integer")]),
        (lambda d: d.update(withdrawn=["ab"]), [("withdrawn[0]", "hash-not-sha256")]),
        (lambda d: d.update(withdrawn=[sha("a")] * 2), [("withdrawn[1]", "hash-twice")]),
        (lambda d: d.update(withdrawn=[1]), [("withdrawn[0]", "value-not-text")]),
        (lambda d: d.update(files={}), [("files", "value-not-a-list")]),
        (lambda d: d["files"].append(7), [("files[3]", "value-not-an-object")]),
        (lambda d: d.update(directories=["a", 3]), [("directories[1]", "value-not-text")]),
        (lambda d: d.update(directories=["../a"]), [("directories[0]", "path-parent")]),
        (lambda d: d.update(directories=["a", "A"]), [("directories[1]", "path-twice")]),
        (lambda d: d["files"][0].update(size=-1), [("files[0].size", "value-out-of-range")]),
        (
            lambda d: d["files"][0].update(size=limits.MAX_FILE_BYTES + 1),
            [("files[0].size", "value-out-of-range")],
        ),
        (lambda d: d["files"][0].update(size="1"), [("files[0].size", "value-not-an-integer")]),
        (lambda d: d["files"][0].update(optional=0), [("files[0].optional", "value-not-a-flag")]),
        (lambda d: d["files"][0].update(role="data"), [("files[0].role", "role-unknown")]),
        (
            lambda d: d["files"][0].update(sha256=sha("a").upper()),
            [("files[0].sha256", "hash-not-sha256")],
        ),
        (lambda d: d["files"][0].update(sha256="é" * 64), [("files[0].sha256", "hash-not-sha256")]),
        (lambda d: d["files"][0].update(sha256="a" * 63), [("files[0].sha256", "hash-not-sha256")]),
        (lambda d: d["files"][0].update(mtime="gisteren"), [("files[0].mtime", "time-not-utc")]),
        (lambda d: d["files"][0].update(path="a/nul.txt"), [("files[0].path", "path-device")]),
        (lambda d: d["files"][0].update(path="\ud800"), [("", "document-not-utf-8")]),
        (lambda d: d["files"][1].update(path="BIN/Medicom.exe"), [("files[1]", "path-twice")]),
        (
            lambda d: d["files"][1].update(path="bin/medicom.exe/a"),
            [("files[0]", "path-file-and-folder")],
        ),
        (lambda d: d["files"][1].update(path="Spool"), [("files[1]", "path-file-and-folder")]),
        (
            lambda d: d.update(directories=["Medicom.ini/x"]),
            [("files[2]", "path-file-and-folder")],
        ),
    ],
)
def test_names_the_one_thing_that_is_broken(
    change: Callable[[dict[str, Any]], object], expected: list[tuple[str, str]]
) -> None:
    assert refused(changed(change)) == expected


def test_swapped_hash_lengths_do_not_even_out() -> None:
    def change(value: dict[str, Any]) -> None:
        value["files"][0]["sha256"] = "a" * 63
        value["files"][1]["sha256"] = "a" * 65

    assert refused(changed(change)) == [
        ("files[0].sha256", "hash-not-sha256"),
        ("files[1].sha256", "hash-not-sha256"),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("", "document-empty")]),
        (b" \n\t", [("", "document-empty")]),
        (b"\xef\xbb\xbf", [("", "document-byte-order-mark"), ("", "document-empty")]),
        (b"\xff\xfe{\x00", [("", "document-not-utf-8")]),
        (bytes(range(256)), [("", "document-not-utf-8")]),
        (b"MZ\x90\x00", [("", "document-not-utf-8")]),
        (b"{", [("", "document-not-json")]),
        (b"{}{}", [("", "document-not-json")]),
        (b"[" * 100_000, [("", "document-too-deep")]),
        (b'{"a":' * 100_000, [("", "document-too-deep")]),
        (b"[]", [("", "document-not-an-object")]),
        (b"null", [("", "document-not-an-object")]),
        (b"NaN", [("", "document-not-an-object")]),
        (b'"text"', [("", "document-not-an-object")]),
        (b"9" * 5000, [("", "document-not-an-object")]),
    ],
)
def test_refuses_what_is_no_document(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert refused(data) == expected


def test_a_key_that_stands_twice_is_noticed_at_the_top_and_in_a_file() -> None:
    good = canonical_bytes(document())
    top = good.replace(b'"product":', b'"product":"medicom","product":', 1)
    assert refused(top) == [("product", "key-twice")]
    inner = good.replace(b'"size":12', b'"size":12,"size":12')
    assert refused(inner) == [("files[1].size", "key-twice")]


@pytest.mark.parametrize("number", [b"1.0", b"1e3", b"NaN", b"-Infinity", b"12.5", b"1" * 5000])
def test_only_integers_are_numbers(number: bytes) -> None:
    data = canonical_bytes(document()).replace(b'"size":12', b'"size":' + number)
    assert refused(data) == [("files[1].size", "value-not-an-integer")]


def test_a_lone_surrogate_in_an_escape_is_a_bad_name() -> None:
    data = canonical_bytes(document()).replace(b"uitleg", b"\\ud83d")
    assert refused(data) == [("files[1].path", "path-surrogate")]


def test_a_byte_order_mark_is_named_beside_the_other_problems() -> None:
    data = b"\xef\xbb\xbf" + changed(lambda d: d.update(product="-"))
    assert refused(data) == [("", "document-byte-order-mark"), ("product", "name-not-allowed")]


def test_names_all_problems_at_once() -> None:
    def change(value: dict[str, Any]) -> None:
        value["product"] = ".."
        value["created"] = "soon"
        value["unknown"] = None
        value["files"][0]["path"] = "../con:"
        value["files"][1]["sha256"] = "x"
        value["files"][2]["size"] = -1

    assert refused(changed(change)) == [
        ("unknown", "key-unknown"),
        ("product", "name-not-allowed"),
        ("created", "time-not-utc"),
        ("files[0].path", "path-character"),
        ("files[0].path", "path-parent"),
        ("files[1].sha256", "hash-not-sha256"),
        ("files[2].size", "value-out-of-range"),
    ]


def test_counts_what_is_too_much_to_name() -> None:
    def change(value: dict[str, Any]) -> None:
        value["withdrawn"] = ["x"] * (limits.MAX_PROBLEMS + 7)

    with pytest.raises(ManifestError) as caught:
        parse(changed(change), "x")
    assert len(caught.value.problems) == limits.MAX_PROBLEMS
    assert caught.value.facts["more"] == 7
    assert caught.value.facts["count"] == limits.MAX_PROBLEMS + 7


def test_shows_hostile_values_short_and_printable() -> None:
    data = changed(lambda d: d.update(origin="\x1b]0;" + "x" * 9999))
    with pytest.raises(ManifestError) as caught:
        parse(data, "x")
    value = caught.value.problems[0][2]
    assert value.isprintable()
    assert len(value) < 200


def test_refuses_more_values_than_any_manifest_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_VALUES", 10)
    assert refused(b"[" + b"{}," * 20) == [("", "document-too-many-values")]


def test_refuses_more_files_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILES", 2)
    assert refused(canonical_bytes(document())) == [("files", "too-many-entries")]


def test_the_size_is_looked_at_before_a_byte_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(limits.MAX_DOCUMENT_BYTES + 1)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(ManifestError) as caught:
        read(path)
    assert caught.value.problems[0][1] == "document-too-large"


def test_a_file_is_read_with_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "medicom-2022.4.json"
    path.write_bytes(canonical_bytes(document()))
    manifest, data = read(path)
    assert (manifest.version, data) == ("2022.4", canonical_bytes(document()))


@pytest.mark.parametrize(
    ("name", "problem"), [("x", "document-absent"), (".", "document-not-a-file")]
)
def test_refuses_what_is_no_file(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(tmp_path / name)
    assert [one for _, one, _ in caught.value.problems] == [problem]
    assert caught.value.place == str(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(ManifestError) as caught:
        read(tmp_path / "pipe.json")
    assert caught.value.problems[0][1] == "document-not-a-file"


@pytest.mark.parametrize("path", sorted((FIXTURES / "valid").glob("*.json")), ids=lambda p: p.name)
def test_accepts_every_valid_fixture(path: Path) -> None:
    manifest, _ = read(path)
    assert parse(to_bytes(manifest), "again") == manifest


@pytest.mark.parametrize(
    "path",
    sorted([*(FIXTURES / "invalid").glob("*.json"), *(FIXTURES / "tampered").glob("*.json")]),
    ids=lambda p: p.stem,
)
def test_refuses_every_other_fixture_for_what_its_name_says(path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        read(path)
    assert path.stem.partition("--")[0] in {problem for _, problem, _ in caught.value.problems}


def test_there_are_fixtures() -> None:
    counts = [len(list((FIXTURES / kind).glob("*.json"))) for kind in ("valid", "invalid")]
    assert min(counts) >= 2


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_never_a_crash(data: bytes) -> None:
    with pytest.raises(ManifestError):
        parse(data, "x")


@given(st.sampled_from(sorted(document())), _JSON)
def test_any_value_in_any_field_is_accepted_by_both_ways_or_by_none(key: str, value: Any) -> None:
    changed_document = document()
    changed_document[key] = value
    _ways_agree(
        json.dumps(changed_document, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    )


@given(st.sampled_from(sorted(document()["files"][0])), _JSON)
def test_any_value_in_a_file_is_accepted_by_both_ways_or_by_none(key: str, value: Any) -> None:
    changed_document = document()
    changed_document["files"][0][key] = value
    _ways_agree(
        json.dumps(changed_document, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    )


@given(st.data())
def test_a_flipped_byte_is_accepted_by_both_ways_or_by_none(data: st.DataObject) -> None:
    good = bytearray(canonical_bytes(document()))
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] = data.draw(st.integers(0, 255))
    _ways_agree(bytes(good))


@given(st.integers(0, len(canonical_bytes(document())) - 2))
def test_a_document_cut_off_anywhere_is_refused(length: int) -> None:
    whole = canonical_bytes(document()).rstrip(b"\n")
    with pytest.raises(ManifestError):
        parse(whole[:length], "x")


def _ways_agree(data: bytes) -> None:
    def outcome(way: Callable[[bytes, str], Any]) -> object:
        try:
            return to_bytes(way(data, "x"))
        except ManifestError as error:
            return error.problems

    assert outcome(parse) == outcome(explain)
