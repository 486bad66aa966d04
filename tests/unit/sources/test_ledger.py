"""Who is asked, in which order, and who is put out."""

from __future__ import annotations

import errno

import pytest

from agent.errors import SourceGoneError, Stopped
from agent.model import Coverage, SourceKind, SourceUse
from agent.progress import Watch
from agent.sources.ledger import FALSE_ANSWERS, GONE, MAX_FALSE_ANSWERS, Ledger, ask_all, covered
from tests.simulators.sources import MemorySource, sha256_of, sources_of, wanted_for

GOOD = b"good"
WANTED = wanted_for(GOOD)


def offered(ledger, wanted=WANTED, **more):
    return [(source_id, stream.read()) for source_id, stream in ledger.streams(wanted, **more)]


def test_asks_in_order_and_passes_over_those_that_lack_it():
    sources = sources_of([GOOD], [b"else"], [GOOD])
    assert offered(Ledger(sources)) == [("memory:1", GOOD), ("memory:3", GOOD)]


def test_asks_only_those_that_are_named():
    ledger = Ledger(sources_of([GOOD], [GOOD]))
    assert offered(ledger, only={"memory:2"}) == [("memory:2", GOOD)]


def test_streams_are_closed_when_the_next_is_asked_for_and_at_the_end():
    streams = []
    for _, stream in Ledger(sources_of([GOOD], [GOOD])).streams(WANTED):
        assert all(earlier.closed for earlier in streams)
        streams.append(stream)
    assert len(streams) == 2
    assert all(stream.closed for stream in streams)


def test_three_false_answers_put_one_out_that_had_named_the_hash():
    liar, honest = sources_of([GOOD], [GOOD])
    liar.lies = {WANTED.sha256}
    ledger = Ledger([liar, honest])
    for _ in range(MAX_FALSE_ANSWERS):
        assert [source_id for source_id, _ in offered(ledger)] == ["memory:1", "memory:2"]
        ledger.false_answer("memory:1")
    assert offered(ledger) == [("memory:2", GOOD)]
    assert ledger.uses == (
        SourceUse("memory:1", 0, FALSE_ANSWERS),
        SourceUse("memory:2", 0, None),
    )


def test_two_false_answers_do_not():
    ledger = Ledger(sources_of([GOOD]))
    for _ in range(MAX_FALSE_ANSWERS - 1):
        ledger.false_answer("memory:1")
    assert offered(ledger) == [("memory:1", GOOD)]


def test_a_raw_folder_claims_nothing_so_nothing_counts_against_it():
    folder = MemorySource.of(GOOD, names_hashes=False, kind=SourceKind.FOLDER)
    ledger = Ledger([folder])
    for _ in range(MAX_FALSE_ANSWERS * 2):
        ledger.false_answer(folder.source_id)
    assert offered(ledger) == [("memory:1", GOOD)]
    assert ledger.uses == (SourceUse("memory:1", 0, None),)


def test_one_that_is_gone_is_put_out_at_once_and_named():
    first, second = sources_of([GOOD, b"more"], [GOOD])
    first.gone_after_files = 1
    ledger = Ledger([first, second])
    assert [source_id for source_id, _ in offered(ledger)] == ["memory:1", "memory:2"]
    assert [source_id for source_id, _ in offered(ledger)] == ["memory:2"]
    assert [source_id for source_id, _ in offered(ledger)] == ["memory:2"]
    assert first.opened == [WANTED.sha256] * 2
    assert ledger.uses[0] == SourceUse("memory:1", 0, GONE)


def test_one_that_goes_while_it_is_read_is_named_by_the_reader():
    first, second = sources_of([GOOD], [GOOD])
    first.gone_after_bytes = 2
    ledger = Ledger([first, second])
    taken = []
    for source_id, stream in ledger.streams(WANTED):
        try:
            taken.append((source_id, stream.read()))
        except SourceGoneError as error:
            ledger.gone(error.source_id)
    assert taken == [("memory:2", GOOD)]
    assert ledger.uses[0].refused == GONE


def test_a_file_that_cannot_be_opened_costs_nobody_his_place():
    class Locked(MemorySource):
        def open(self, sha256):
            raise PermissionError(errno.EACCES, "Permission denied")

    ledger = Ledger([Locked.of(GOOD), MemorySource.of(GOOD, source_id="memory:2")])
    assert offered(ledger) == [("memory:2", GOOD)]
    assert ledger.uses[0].refused is None


def test_the_first_reason_stays():
    ledger = Ledger(sources_of([GOOD]))
    ledger.gone("memory:1")
    for _ in range(MAX_FALSE_ANSWERS):
        ledger.false_answer("memory:1")
    assert ledger.uses == (SourceUse("memory:1", 0, GONE),)


def test_counts_what_came_from_each():
    ledger = Ledger(sources_of([GOOD], [GOOD]))
    ledger.used("memory:2")
    ledger.used("memory:2")
    assert ledger.uses == (SourceUse("memory:1", 0), SourceUse("memory:2", 2))


def test_all_are_asked_about_everything_in_order():
    sources = sources_of([GOOD], [GOOD, b"else"], [])
    sources[2].reachable = False
    wanted = [WANTED, wanted_for(b"else"), wanted_for(b"nowhere")]
    answers = ask_all(sources, wanted, Watch())
    assert [(each.source_id, len(each.has), each.reachable) for each in answers] == [
        ("memory:1", 1, True),
        ("memory:2", 2, True),
        ("memory:3", 0, False),
    ]
    assert covered(answers) == {sha256_of(GOOD), sha256_of(b"else")}


def test_what_a_refused_or_unreachable_source_says_is_not_covered():
    has = frozenset({WANTED.sha256})
    refused = Coverage("a", SourceKind.STICK, has, refused="stick-incomplete")
    away = Coverage("b", SourceKind.STICK, has, reachable=False)
    assert covered([refused, away]) == frozenset()
    assert covered([]) == frozenset()


def test_asking_can_be_stopped():
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        ask_all(sources_of([GOOD]), [WANTED], watch)
