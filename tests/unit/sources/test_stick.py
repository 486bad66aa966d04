"""The recovery stick: believed by its manifests and sizes, only when it is complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import NotInSourceError, SourceGoneError
from agent.manifest import writing
from agent.model import Role, SourceKind
from agent.progress import Watch
from agent.sources import stick as stick_module
from agent.sources.stick import INCOMPLETE, StickSource

from .conftest import make_stick, manifest, put, sha256, taken, wanted

OLD = {"bin/medicom.exe": b"old program", "lib/same.dll": b"same"}
NEW = {"bin/medicom.exe": b"new program!", "lib/same.dll": b"same"}


def source_at(root):
    return StickSource(root, "stick:E")


def ask(source, *contents):
    return source.coverage([wanted(data) for data in contents], Watch())


def test_gives_what_its_manifest_names(place):
    source = source_at(make_stick(place, ("2022.4", OLD)))
    answer = ask(source, b"old program", b"same", b"nowhere")
    assert answer.has == {sha256(b"old program"), sha256(b"same")}
    assert (answer.kind, answer.version, answer.refused) == (SourceKind.STICK, "2022.4", None)
    assert taken(source.open(sha256(b"old program"))) == b"old program"
    assert (source.names_hashes, source.version) == (True, "2022.4")


def test_reads_no_program_file_before_it_is_used(place, monkeypatch):
    make_stick(place, ("2022.4", OLD))
    put(place, {"bestanden/medicom-2022.4/bin/medicom.exe": b"OLD PROGRAM"})
    answer = ask(source_at(place), b"old program")
    assert answer.has == {sha256(b"old program")}
    assert (
        taken(source_at(place)._trees.open("medicom-2022.4/bin/medicom.exe", "")) == b"OLD PROGRAM"
    )


def test_a_truncated_or_absent_file_is_not_claimed(place):
    make_stick(place, ("2022.4", OLD))
    put(place, {"bestanden/medicom-2022.4/bin/medicom.exe": b"old"})
    (place / "bestanden/medicom-2022.4/lib/same.dll").unlink()
    assert ask(source_at(place), b"old program", b"same").has == frozenset()


def test_several_versions_stand_side_by_side(place):
    source = source_at(make_stick(place, ("2022.4", OLD), ("2023.1", NEW)))
    answer = ask(source, b"old program", b"new program!")
    assert answer.has == {sha256(b"old program"), sha256(b"new program!")}
    assert ask(source, b"new program!").version == "2023.1"
    assert source.version is None
    assert [Path(name).name for name, _ in source.manifests()] == [
        "medicom-2022.4.json",
        "medicom-2023.1.json",
    ]


@pytest.mark.parametrize(
    "marker", [None, b"", b"{", b"[]", b'{"complete": false}', b'{"complete": 1}', b"\xff" * 10]
)
def test_without_its_complete_marker_it_is_refused(place, marker):
    make_stick(place, ("2022.4", OLD))
    (place / "werkplekherstel.json").unlink()
    if marker is not None:
        put(place, {"werkplekherstel.json": marker})
    source = source_at(place)
    answer = ask(source, b"old program")
    assert (answer.has, answer.reachable, answer.refused) == (frozenset(), True, INCOMPLETE)
    assert source.manifests() == ()
    with pytest.raises(NotInSourceError):
        source.open(sha256(b"old program"))


def test_settings_are_never_handed_out(place):
    make_stick(place, ("2022.4", OLD))
    data = writing.to_bytes(manifest({"site.ini": b"[pc]"}, "1", role=Role.SETTINGS))
    put(place, {"manifesten/medicom-1.json": data, "bestanden/medicom-1/site.ini": b"[pc]"})
    assert ask(source_at(place), b"[pc]").has == frozenset()


def test_a_broken_manifest_is_offered_unparsed_and_claims_nothing(place):
    make_stick(place, ("2022.4", OLD))
    put(place, {"manifesten/broken.json": b"{"})
    source = source_at(place)
    assert ask(source, b"old program").has == {sha256(b"old program")}
    assert [data for name, data in source.manifests() if name.endswith("broken.json")] == [b"{"]


def test_too_many_and_too_large_manifests_are_left_out(place, monkeypatch):
    make_stick(place, ("2022.4", OLD), ("2023.1", NEW))
    put(place, {"manifesten/a-large.json": b" " * 5000})
    monkeypatch.setattr(stick_module, "MAX_DOCUMENT_BYTES", 4999)
    monkeypatch.setattr(stick_module, "MAX_MANIFESTS", 2)
    names = [Path(name).name for name, _ in source_at(place).manifests()]
    assert names == ["medicom-2022.4.json"]


def test_fifty_versions_are_fine(place):
    versions = [(f"20.{n}", {"bin/medicom.exe": b"program %d" % n}) for n in range(50)]
    source = source_at(make_stick(place, *versions))
    assert len(ask(source, *(b"program %d" % n for n in range(50))).has) == 50


def test_gathered_bytes_answer_for_the_rest(place):
    make_stick(place, ("2022.4", OLD))
    name = sha256(b"given by another PC")
    put(place, {f"verzameld/sha256/{name[:2]}/{name[2:]}": b"given by another PC"})
    source = source_at(place)
    answer = ask(source, b"given by another PC", b"same")
    assert answer.has == {name, sha256(b"same")}
    assert taken(source.open(name)) == b"given by another PC"


def test_gathered_bytes_stand_in_for_a_file_that_was_removed_since(place):
    make_stick(place, ("2022.4", OLD))
    name = sha256(b"same")
    put(place, {f"verzameld/{name}": b"same"})
    source = source_at(place)
    ask(source, b"same")
    (place / "bestanden/medicom-2022.4/lib/same.dll").unlink()
    assert taken(source.open(name)) == b"same"


def test_a_removed_file_is_not_in_it(place):
    source = source_at(make_stick(place, ("2022.4", OLD)))
    ask(source, b"same")
    (place / "bestanden/medicom-2022.4/lib/same.dll").unlink()
    with pytest.raises(NotInSourceError):
        source.open(sha256(b"same"))


def test_a_stick_that_is_pulled_out_is_gone(place):
    source = source_at(make_stick(place, ("2022.4", OLD)))
    ask(source, b"same")
    place.rename(place.with_name("pocket"))
    with pytest.raises(SourceGoneError):
        source.open(sha256(b"same"))
    with pytest.raises(SourceGoneError):
        source.open(sha256(b"nowhere"))
    assert ask(source, b"same").reachable is False


def test_one_that_was_never_there_is_unreachable(place):
    source = source_at(place / "away")
    assert ask(source, b"same").reachable is False
    assert source.manifests() == ()
