from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ItError, WerkplekError
from agent.repair.containment import (
    PathRefusedError,
    PinnedRoot,
    Refusal,
    exists_as_folder,
    is_staging,
    resolve,
    resolve_ours,
)


@pytest.fixture
def root(tmp_path: Path) -> PinnedRoot:
    (tmp_path / "root" / "bin" / "lib").mkdir(parents=True)
    (tmp_path / "root" / "bin" / "a.dll").write_bytes(b"a")
    (tmp_path / "outside").mkdir()
    return PinnedRoot.pin(tmp_path / "root")


def test_resolves_a_listed_path_below_the_root(root: PinnedRoot):
    assert resolve(root, "bin/lib/x.dll") == Path(root.path, "bin", "lib", "x.dll")
    assert resolve(root, "x.dll") == Path(root.path, "x.dll")


@pytest.mark.parametrize(
    "path",
    [
        "../outside/x", "bin/../../outside/x", "/etc/x", "C:/x", "bin//x", "bin/./x", "", "bin/",
        "bin\\x", "CON", "bin/nul.txt", "x.", "x ", "a:b", ".werkplekherstel/x", "bin/.werkplek-x",
        ".werkplekherstel.lock", "e\u0301.dll", "a\x00b",
    ],
)  # fmt: skip
def test_refuses_a_name_that_may_not_be(root: PinnedRoot, path: str):
    with pytest.raises(PathRefusedError) as caught:
        resolve(root, path)
    assert caught.value.refusal is Refusal.NAME


@pytest.mark.posix("links")
def test_refuses_a_link_in_the_place_of_a_folder(root: PinnedRoot, tmp_path: Path):
    Path(root.path, "spool").symlink_to(tmp_path / "outside")
    with pytest.raises(PathRefusedError) as caught:
        resolve(root, "spool/x.dll")
    assert caught.value.refusal is Refusal.LINK
    assert not exists_as_folder(root, "spool")


@pytest.mark.posix("links")
def test_refuses_a_link_that_took_the_place_of_a_folder_seen_before(root, tmp_path):
    resolve(root, "bin/lib/x.dll")
    Path(root.path, "bin/lib").rmdir()
    Path(root.path, "bin/lib").symlink_to(tmp_path / "outside")
    with pytest.raises(PathRefusedError) as caught:
        resolve(root, "bin/lib/x.dll")
    assert caught.value.refusal is Refusal.LINK


def test_refuses_a_file_in_the_place_of_a_folder(root: PinnedRoot):
    with pytest.raises(PathRefusedError) as caught:
        resolve(root, "bin/a.dll/x")
    assert caught.value.refusal is Refusal.NOT_A_FOLDER


def test_refuses_a_folder_that_is_not_there(root: PinnedRoot):
    with pytest.raises(PathRefusedError) as caught:
        resolve(root, "none/x")
    assert caught.value.refusal is Refusal.MISSING_FOLDER


def test_uses_the_folder_that_differs_in_case_only(root: PinnedRoot):
    assert resolve(root, "BIN/Lib/x.dll") == Path(root.path, "bin", "lib", "x.dll")
    assert exists_as_folder(root, "BIN/LIB")


@pytest.mark.posix("names with case")
def test_does_not_choose_between_two_folders_that_differ_in_case_only(root: PinnedRoot):
    Path(root.path, "Bin").mkdir()
    with pytest.raises(PathRefusedError) as caught:
        resolve(root, "BIN/x.dll")
    assert caught.value.refusal is Refusal.MISSING_FOLDER


@pytest.mark.posix("links")
def test_follows_a_link_at_the_root_once(root: PinnedRoot, tmp_path: Path):
    (tmp_path / "shortcut").symlink_to(root.path)
    assert PinnedRoot.pin(tmp_path / "shortcut") == root


def test_refuses_everything_when_another_folder_took_the_place_of_the_root(root: PinnedRoot):
    Path(root.path).rename(root.path + "-aside")
    Path(root.path).mkdir()
    with pytest.raises(ItError) as caught:
        resolve(root, "x.dll")
    assert caught.value.problem == "root-changed"


def test_refuses_everything_when_the_root_is_gone(root: PinnedRoot):
    Path(root.path).rename(root.path + "-aside")
    with pytest.raises(ItError) as caught:
        resolve(root, "x.dll")
    assert caught.value.problem == "root-changed"


@pytest.mark.parametrize("name", ["absent", "outside/file"])
def test_pins_folders_only(tmp_path: Path, name: str):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").touch()
    with pytest.raises(ItError) as caught:
        PinnedRoot.pin(tmp_path / name)
    assert caught.value.problem in {"root-unreachable", "root-not-a-folder"}


@pytest.mark.parametrize(
    "path",
    [
        "bin/a.dll", ".werkplek-x", ".werkplek-0123abcd-", "../.werkplek-0123abcd-1",
        ".werkplek-0123abcd-1/x", ".werkplekherstel/../bin/1", ".werkplekherstel/run/1/2",
        ".werkplekherstel.lock", ".werkplekherstel/run/a.dll", ".werkplek-0123abcd-1\n",
    ],
)  # fmt: skip
def test_refuses_what_is_not_a_name_of_ours(root: PinnedRoot, path: str):
    with pytest.raises(PathRefusedError):
        resolve_ours(root, path)


def test_resolves_names_of_ours(root: PinnedRoot):
    assert resolve_ours(root, "bin/.werkplek-0123abcd-7").name == ".werkplek-0123abcd-7"
    assert is_staging("bin/lib/.werkplek-0123abcd-7")
    assert resolve_ours(root, ".werkplekherstel").parent == Path(root.path)


@given(st.text(alphabet="ab./\\:*~ \x00é.", max_size=12))
def test_whatever_is_resolved_is_below_the_root(path: str):
    root = PinnedRoot.pin(Path(__file__).parent)
    try:
        found = resolve(root, path)
    except WerkplekError:
        return
    assert os.path.normpath(found) == str(found)
    assert Path(root.path) in found.parents
