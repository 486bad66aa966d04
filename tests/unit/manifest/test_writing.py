"""Writing: the same values, the same bytes."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from agent.manifest.reading import parse
from agent.manifest.writing import to_bytes, write
from tests.unit.manifest.examples import canonical_bytes, document, example


def test_gives_back_the_bytes_of_a_canonical_document() -> None:
    data = canonical_bytes(document())
    assert to_bytes(parse(data, "x")) == data


def test_the_order_of_lists_does_not_matter() -> None:
    manifest = example()
    shuffled = list(manifest.files)
    random.Random(3).shuffle(shuffled)
    other = msgspec.structs.replace(
        manifest, files=tuple(shuffled), directories=manifest.directories[::-1]
    )
    assert to_bytes(other) == to_bytes(manifest)


def test_ends_with_one_line_feed_and_has_no_other() -> None:
    data = to_bytes(example())
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == 1


def test_writes_over_an_earlier_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"earlier")
    write(example(), path)
    assert path.read_bytes() == to_bytes(example())
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_an_earlier_file_stays_when_the_new_one_can_not_be_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"earlier")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(example(), path)
    assert path.read_bytes() == b"earlier"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
