"""A source that hangs is one that is gone, and a wish to stop is heard meanwhile."""

from __future__ import annotations

import threading
import time

import pytest

from agent.errors import NotInSourceError, SourceGoneError, Stopped
from agent.model import SourceKind, SourceUse
from agent.progress import Stage, Watch
from agent.sources.ledger import GONE, Ledger, ask_all
from agent.sources.patience import _Pulse, ask, within
from tests.simulators.sources import MemorySource, wanted_for

GOOD = b"good" * 100
WANTED = wanted_for(GOOD)
SHORT = 0.05


@pytest.fixture
def peer():
    source = MemorySource.of(GOOD, kind=SourceKind.PEER)
    yield source
    source.released.set()


def test_an_answer_in_time_is_the_answer(peer):
    assert ask(peer, [WANTED], Watch()) == peer.coverage([WANTED], Watch())


def test_one_that_hangs_when_it_is_asked_is_unreachable_and_the_next_is_asked(peer):
    peer.hangs_in = {"coverage"}
    other = MemorySource.of(GOOD, source_id="memory:2")
    first, second = ask_all([peer, other], [WANTED], Watch(), patience_seconds=SHORT)
    assert (first.reachable, first.has) == (False, frozenset())
    assert second.has == {WANTED.sha256}


def test_a_slow_source_that_shows_progress_is_waited_for(peer):
    class Slow(MemorySource):
        def coverage(self, wanted, watch):
            for _ in range(8):
                time.sleep(SHORT)
                watch.advance(size=1)
            return super().coverage(wanted, watch)

    watch = Watch()
    assert ask(Slow.of(GOOD), [WANTED], watch, patience=SHORT * 4).has == {WANTED.sha256}
    assert watch.now.bytes_done == 8


def test_stopping_is_heard_while_a_source_hangs(peer):
    peer.hangs_in = {"coverage"}
    watch = Watch()
    threading.Timer(SHORT, watch.stop).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        ask(peer, [WANTED], watch)
    assert time.monotonic() - began < 1


def test_work_that_was_left_behind_ends_and_tells_nobody():
    watch = Watch()
    pulse = _Pulse(watch)
    pulse.start(Stage.SOURCES, 3, 9)
    pulse.advance(files=1)
    assert pulse.now == watch.now
    assert (watch.now.files_done, watch.now.files_total) == (1, 3)
    pulse.abandon()
    with pytest.raises(Stopped):
        pulse.advance(files=1)
    assert watch.now.files_done == 1
    assert not watch.stopping


def test_what_a_call_raises_is_raised(peer):
    with pytest.raises(NotInSourceError):
        within(SHORT * 20, "s", lambda: peer.open("0" * 64))


@pytest.mark.parametrize("call", ["open", "read"])
def test_a_peer_that_hangs_while_it_is_used_is_put_out(peer, call):
    peer.hangs_in = {call}
    other = MemorySource.of(GOOD, source_id="memory:2")
    ledger = Ledger([peer, other], patience_seconds=SHORT)
    taken = []
    for source_id, stream in ledger.streams(WANTED):
        try:
            taken.append((source_id, stream.read()))
        except SourceGoneError as error:
            ledger.gone(error.source_id)
    assert taken == [("memory:2", GOOD)]
    assert ledger.uses[0] == SourceUse("memory:1", 0, GONE)


def test_a_peer_that_answers_reads_like_any_other(peer):
    ((source_id, data),) = [
        (source_id, stream.read(7) + stream.read())
        for source_id, stream in Ledger([peer]).streams(WANTED)
    ]
    assert (source_id, data) == ("memory:1", GOOD)
