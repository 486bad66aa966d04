"""Bytes named by their hash."""

from __future__ import annotations

import pytest

from agent.errors import NotInSourceError, SourceGoneError
from agent.model import SourceKind, Wanted
from agent.progress import Watch
from agent.sources.gathered import GatheredSource, hash_in

from .conftest import put, sha256, taken, wanted

HASH = sha256(b"good")


@pytest.mark.parametrize(
    "name",
    [f"sha256/{HASH[:2]}/{HASH[2:]}", f"{HASH[:2]}/{HASH[2:]}", HASH, HASH.upper()],
    ids=["as-on-a-stick", "two-letters", "flat", "upper-case"],
)
def test_finds_bytes_by_name(place, name):
    put(place, {name: b"good"})
    source = GatheredSource(place, "gathered:s")
    answer = source.coverage([wanted(b"good"), wanted(b"absent")], Watch())
    assert (answer.kind, answer.has) == (SourceKind.GATHERED, {HASH})
    assert taken(source.open(HASH)) == b"good"
    assert (source.names_hashes, source.manifests(), source.version) == (True, (), None)


def test_a_wrong_size_is_not_what_is_asked(place):
    put(place, {HASH: b"goo"})
    assert GatheredSource(place, "g").coverage([wanted(b"good")], Watch()).has == frozenset()


def test_the_name_is_a_claim_that_the_taker_verifies(place):
    put(place, {HASH: b"evil"})
    source = GatheredSource(place, "g")
    assert source.coverage([Wanted(HASH, 4, "x")], Watch()).has == {HASH}
    assert taken(source.open(HASH)) == b"evil"


@pytest.mark.parametrize(
    "name", ["", "x" * 64, HASH[:-1], HASH + "0", f"sha1/{HASH[:2]}/{HASH[2:]}", f"a/{HASH}"]
)
def test_other_names_are_no_hashes(name):
    assert hash_in(name) is None


def test_absent_names_and_absent_places_differ(place):
    source = GatheredSource(place, "g")
    with pytest.raises(NotInSourceError):
        source.open(HASH)
    away = GatheredSource(place / "away", "g")
    assert away.coverage([wanted(b"good")], Watch()).reachable is False
    with pytest.raises(SourceGoneError):
        away.open(HASH)
