"""How probes are run: time-boxed, none ends a search."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.discovery.limits import Limits
from agent.discovery.probing import (
    PLACES_NAMED,
    TROUBLES_NAMED,
    Inquiry,
    Log,
    Probe,
    run_probes,
)
from agent.model import Evidence, ProbeGroup
from tests.simulators.pc import SimulatedPc


def evidence(path: str) -> Evidence:
    return Evidence(probe="p", group=ProbeGroup.SERVICE, path=path, where="w")


def good(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
    log.looked("here")
    yield evidence("C:\\good")


GOOD = Probe("good", good)


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return Inquiry(SimulatedPc(tmp_path).pc, (), limits=Limits(probe_s=0.3))


def test_evidence_comes_in_the_order_of_the_probes(inquiry: Inquiry) -> None:
    def slow(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
        time.sleep(0.05)
        yield evidence("C:\\slow")

    found, reports = run_probes((Probe("slow", slow), GOOD), inquiry)
    assert [one.path for one in found] == ["C:\\slow", "C:\\good"]
    assert [(r.probe, r.found, r.timed_out, r.troubles) for r in reports] == [
        ("slow", 1, False, ()),
        ("good", 1, False, ()),
    ]
    assert (reports[1].looked_at, reports[1].places) == (("here",), 1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("x"), "KeyError"),
        (RecursionError(), "RecursionError"),
        (PermissionError(13, "Access is denied", "C:\\secret"), "Access is denied"),
    ],
)
def test_a_probe_that_raises_keeps_what_it_found(
    inquiry: Inquiry, error: Exception, words: str
) -> None:
    def raises(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
        yield evidence("C:\\before")
        raise error

    found, (report, _) = run_probes((Probe("raises", raises), GOOD), inquiry)
    assert [one.path for one in found] == ["C:\\before", "C:\\good"]
    assert [(t.where, t.what) for t in report.troubles] == [("raises", words)]


def test_a_probe_that_raises_at_once_is_survived(inquiry: Inquiry) -> None:
    def broken(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
        raise OSError(5, "I/O error")

    found, (report, _) = run_probes((Probe("broken", broken), GOOD), inquiry)
    assert [one.path for one in found] == ["C:\\good"]
    assert report.troubles[0].what == "I/O error"


def test_probes_that_hang_cost_one_time_box_together(inquiry: Inquiry) -> None:
    released = threading.Event()

    def hangs(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
        yield evidence("C:\\before")
        released.wait(5)

    started = time.monotonic()
    found, reports = run_probes((Probe("a", hangs), Probe("b", hangs), GOOD), inquiry)
    released.set()
    assert time.monotonic() - started < 1.0
    assert [one.path for one in found] == ["C:\\before", "C:\\before", "C:\\good"]
    assert [(r.timed_out, r.took_ms) for r in reports[:2]] == [(True, 300), (True, 300)]
    assert not reports[2].timed_out


def test_a_probe_that_floods_is_ended_and_says_so(inquiry: Inquiry) -> None:
    ended = threading.Event()

    def floods(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
        try:
            for number in itertools.count():
                log.looked(number)
                log.trouble(number, "odd")
                yield evidence(f"C:\\{number}")
        finally:
            ended.set()

    limited = replace(inquiry, limits=Limits(probe_s=3.0, evidence_per_probe=300))
    found, (report,) = run_probes((Probe("floods", floods),), limited)
    assert len(found) == report.found == 300
    assert ended.wait(1)
    assert len(report.looked_at) == PLACES_NAMED
    assert report.places == 301
    assert len(report.troubles) == TROUBLES_NAMED
    assert not report.timed_out


def test_a_late_find_does_not_slip_into_the_report(inquiry: Inquiry) -> None:
    released = threading.Event()

    def late(inquiry: Inquiry, log: Log) -> Iterator[Evidence]:
        released.wait(5)
        yield evidence("C:\\late")

    found, (report,) = run_probes((Probe("late", late),), inquiry)
    released.set()
    time.sleep(0.05)
    assert found == ()
    assert report.found == 0
