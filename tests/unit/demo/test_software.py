"""Where the demo's software comes from, and that two runs get the same."""

from __future__ import annotations

import sys

import pytest

from agent.demo.software import (
    NEW_VERSION,
    OLD_VERSION,
    VENDOR_TIME,
    WHEELS,
    generate,
    get_software,
)

FAILING_PIP = (sys.executable, "-c", "raise SystemExit(1)")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "pip",
    [
        pytest.param(FAILING_PIP, id="no network"),
        pytest.param(("werkplek-no-such-program",), id="no pip"),
        pytest.param((sys.executable, "-c", "pass"), id="pip that brings nothing"),
    ],
)
def test_without_network_says_so_and_uses_the_generated_pair(tmp_path, pip):
    said: list[str] = []
    software = get_software(said.append, cache=tmp_path / "wheels", pip=pip)
    assert said[0] == "demo-fetching"
    assert said[-2:] == ["demo-no-network", "demo-generated"]
    assert software.real is False
    assert list((tmp_path / "wheels").iterdir()) == []


def test_a_cached_wheel_that_is_not_the_real_one_is_never_used(tmp_path):
    for name in WHEELS.values():
        (tmp_path / name).write_bytes(b"PK\x05\x06" + bytes(18))
    said: list[str] = []
    assert get_software(said.append, cache=tmp_path, pip=FAILING_PIP).real is False
    assert said[-2:] == ["demo-no-network", "demo-generated"]


def test_offline_touches_neither_network_nor_cache(tmp_path):
    pip = (sys.executable, "-c", f"open({str(tmp_path / 'called')!r}, 'w')")
    said: list[str] = []
    software = get_software(said.append, offline=True, cache=tmp_path / "wheels", pip=pip)
    assert (software.real, said) == (False, ["demo-generated"])
    assert list(tmp_path.iterdir()) == []


def test_generating_twice_gives_the_same_bytes(small):
    assert generate(60, (40, 400)).versions == small.versions


def test_the_generated_pair_is_like_the_real_one(small):
    old, new = small.versions[OLD_VERSION], small.versions[NEW_VERSION]
    same_place = old.keys() & new.keys()
    moved = set(old.values()) & {data for path, data in new.items() if path not in same_place}
    assert len(same_place) == 30
    assert sum(old[path] != new[path] for path in same_place) == 12
    assert 0.5 < len(moved) / (len(old) - len(same_place)) < 0.9


def test_a_version_is_laid_down_with_the_times_of_the_vendor(small, tmp_path):
    small.write(OLD_VERSION, tmp_path / "map")
    assert tree(tmp_path / "map") == dict(small.versions[OLD_VERSION])
    times = {p.stat().st_mtime for p in (tmp_path / "map").rglob("*") if p.is_file()}
    assert times == {VENDOR_TIME}


def test_a_file_that_is_there_is_never_written_over(small, tmp_path):
    path = min(small.versions[OLD_VERSION])
    there = tmp_path / path
    there.parent.mkdir(parents=True)
    there.write_bytes(b"van iemand anders")
    with pytest.raises(FileExistsError):
        small.write(OLD_VERSION, tmp_path)
    assert there.read_bytes() == b"van iemand anders"


def test_every_path_has_its_digest(small):
    assert {v: set(d) for v, d in small.digests.items()} == {
        v: set(files) for v, files in small.versions.items()
    }
    assert all(len(sha) == 64 for sha in small.digests[NEW_VERSION].values())
