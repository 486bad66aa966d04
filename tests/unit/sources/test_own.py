"""The installation itself as a source: the same bytes under another path."""

from __future__ import annotations

import pytest

from agent.errors import NotInSourceError
from agent.inventory import take
from agent.model import Mode, Role, SourceKind
from agent.progress import Watch
from agent.sources import matching
from agent.sources.own import OwnSource

from .conftest import put, sha256, taken, wanted


def look(root, to_hash=None):
    return take(
        root, mode=Mode.FULL, role_of=lambda _: Role.PROGRAM, to_hash=to_hash, watch=Watch()
    )


def test_what_was_hashed_already_is_not_hashed_again(target, monkeypatch):
    put(target, {"lib/copy.dll": b"good"})
    inventory = look(target)

    def refuse(*_args, **_kwargs):
        raise AssertionError("hashed again")

    monkeypatch.setattr(matching, "hash_many", refuse)
    source = OwnSource(inventory)
    answer = source.coverage([wanted(b"good"), wanted(b"nowhere")], Watch())
    assert (answer.kind, answer.has) == (SourceKind.OWN, {sha256(b"good")})
    assert taken(source.open(sha256(b"good"))) == b"good"
    assert (source.names_hashes, source.manifests()) == (False, ())


def test_a_stranger_whose_size_fits_is_read(target):
    put(target, {"old.dll.bak": b"good"})
    source = OwnSource(look(target, to_hash=set()))
    assert source.coverage([wanted(b"good")], Watch()).has == {sha256(b"good")}


def test_a_file_that_changed_since_the_look_is_not_handed_out(target):
    put(target, {"copy.dll": b"good"})
    source = OwnSource(look(target))
    (target / "copy.dll").write_bytes(b"other")
    with pytest.raises(NotInSourceError):
        source.open(sha256(b"good"))


def test_an_installation_that_vanished_has_nothing(target):
    put(target, {"copy.dll": b"good", "bak": b"1234"})
    source = OwnSource(look(target, to_hash={"COPY.DLL"}))
    target.rename(target.with_name("away"))
    answer = source.coverage([wanted(b"good"), wanted(b"4321")], Watch())
    assert answer.reachable is False
    with pytest.raises(NotInSourceError):
        source.open(sha256(b"good"))
