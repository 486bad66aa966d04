"""What a path is, and which may not be a source."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from agent.errors import UsageError
from agent.model import SourceKind
from agent.progress import Watch
from agent.sources.folder import FolderSource
from agent.sources.gathered import GatheredSource
from agent.sources.opening import _label, open_source, open_sources
from agent.sources.stick import StickSource

from .conftest import make_stick, put, sha256, wanted

HASH = sha256(b"good")


def test_a_stick_is_known_by_its_marker(place, target):
    source = open_source(make_stick(place, ("2022.4", {"a": b"x"})), root=target)
    assert isinstance(source, StickSource)
    assert (source.source_id, source.kind) == ("stick:source", SourceKind.STICK)


def test_an_unfinished_stick_is_a_stick_and_refused(place, target):
    make_stick(place, ("2022.4", {"a": b"x"}))
    (place / "werkplekherstel.json").unlink()
    source = open_source(place, root=target)
    assert source.coverage([wanted(b"x")], Watch()).refused == "stick-incomplete"


@pytest.mark.parametrize(
    "name",
    [f"verzameld/sha256/{HASH[:2]}/{HASH[2:]}", f"sha256/{HASH[:2]}/{HASH[2:]}",
     f"{HASH[:2]}/{HASH[2:]}", HASH],
    ids=["on-a-stick", "its-folder", "two-letters", "flat"],
)  # fmt: skip
def test_a_folder_of_hashes_is_known_by_its_names(place, target, name):
    put(place, {name: b"good"})
    source = open_source(place, root=target)
    assert isinstance(source, GatheredSource)
    assert source.coverage([wanted(b"good")], Watch()).has == {HASH}


@pytest.mark.parametrize(
    "files",
    [{}, {"bin/medicom.exe": b"x"}, {HASH: b"x", "other": b"x"}, {"de/taal.dll": b"x"}],
    ids=["empty", "program", "one-hash-only", "language-folder"],
)
def test_anything_else_is_a_raw_folder(place, target, files):
    source = open_source(put(place, files), root=target)
    assert isinstance(source, FolderSource)
    assert (source.source_id, source.kind) == ("folder:source", SourceKind.FOLDER)


def test_the_caller_may_know_better(place, target):
    put(place, {HASH: b"good"})
    peer = open_source(place, root=target, kind=SourceKind.PEER)
    assert isinstance(peer, FolderSource)
    assert (peer.kind, peer.source_id) == (SourceKind.PEER, "peer:source")
    assert isinstance(open_source(place, root=target, kind=SourceKind.STICK), StickSource)
    assert isinstance(open_source(place, root=target, kind=SourceKind.GATHERED), GatheredSource)


def test_one_that_is_not_there_is_unreachable_and_no_error(place, target):
    source = open_source(place / "away", root=target)
    assert source.coverage([wanted(b"x")], Watch()).reachable is False


def test_a_file_is_no_source(place, target):
    put(place, {"list.txt": b"x"})
    with pytest.raises(UsageError) as caught:
        open_source(place / "list.txt", root=target)
    assert caught.value.problem == "source-not-a-folder"
    assert caught.value.facts == {"source": str(place / "list.txt")}


def test_the_target_and_what_is_inside_it_are_no_source(target):
    (target / "backup" / "old").mkdir(parents=True)
    for path in (target, target / "backup", target / "backup" / "old", target / "x" / ".."):
        with pytest.raises(UsageError) as caught:
            open_source(path, root=target)
        assert caught.value.problem == "source-is-target"
        assert caught.value.facts == {"source": str(path), "root": str(target)}


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")
def test_the_target_under_another_name_is_no_source_either(target, tmp_path):
    (target / "inside").mkdir()
    (tmp_path / "link").symlink_to(target)
    for path, root in [
        (tmp_path / "link", target),
        (tmp_path / "link" / "inside", target),
        (target, tmp_path / "link"),
    ]:
        with pytest.raises(UsageError) as caught:
            open_source(path, root=root)
        assert caught.value.problem == "source-is-target"


def test_a_folder_around_the_target_is_one_without_the_target(tmp_path, target):
    put(target, {"a": b"good"})
    put(tmp_path, {"copy/b": b"else"})
    source = open_source(tmp_path, root=target)
    answer = source.coverage([wanted(b"good"), wanted(b"else")], Watch())
    assert answer.has == {sha256(b"else")}


def test_the_target_that_is_not_there_refuses_nothing(place, tmp_path):
    assert open_source(place, root=tmp_path / "emptied").source_id == "folder:source"


def test_sources_with_one_name_get_ids_of_their_own(tmp_path, target):
    paths = [tmp_path / name / "PharmaPartners" for name in ("a", "b", "c")]
    for path in paths:
        path.mkdir(parents=True)
    assert [source.source_id for source in open_sources(paths, root=target)] == [
        "folder:PharmaPartners",
        "folder:PharmaPartners#2",
        "folder:PharmaPartners#3",
    ]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (PureWindowsPath("E:\\"), "E"),
        (PureWindowsPath("E:\\PharmaPartners"), "PharmaPartners"),
        (Path("/"), "root"),
        (PureWindowsPath("C:\\Users\\Jan"), "profile"),
        (PureWindowsPath("\\\\BALIE-1\\Users\\Jan"), "profile"),
        (PureWindowsPath("\\\\BALIE-1\\c$\\Users\\Jan"), "profile"),
        (PurePosixPath("/home/jan"), "profile"),
        (PureWindowsPath("C:\\Users\\Jan\\PP"), "PP"),
        (PureWindowsPath("D:\\Praktijk\\Users\\PP"), "PP"),
    ],
)
def test_a_label_is_short_and_names_nobody(path, label):
    assert _label(path) == label


@pytest.mark.posix("links")
def test_the_folder_of_this_person_is_no_name_wherever_it_is(tmp_path, monkeypatch):
    home, link = tmp_path / "jan", tmp_path / "thuis-jan"
    home.mkdir()
    link.symlink_to(home, target_is_directory=True)
    monkeypatch.setenv("HOME", str(link))
    monkeypatch.setenv("USERPROFILE", str(link))
    assert (_label(link), _label(home)) == ("profile", "profile")


def test_a_folder_on_a_share_is_a_peer(tmp_path):
    source = open_source(Path("\\\\BALIE-1\\PharmaPartners"), root=tmp_path)
    assert source.kind is SourceKind.PEER
