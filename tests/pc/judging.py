"""Comparing the answer of a search with what a description says, and the table of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from agent.model import Search
from agent.ports import Disks
from tests.pc.describing import Description, Expected, at_profile


class Mark(StrEnum):
    """What one answer is worth."""

    RIGHT = "right"
    ASKED = "asked"
    """A person is asked, as the description says."""
    NEEDLESS = "asked needlessly"
    MISSED = "missed"
    """Nothing is offered though it is there."""
    WRONG = "WRONG"
    """A folder was chosen that must not be."""


class Seen(msgspec.Struct, frozen=True):
    """One candidate of an answer."""

    root: str
    canonical: str
    verdict: str
    says: str
    """Reason and numbers, for the table."""


class Answer(msgspec.Struct, frozen=True):
    """What a search answered about one product; travels as JSON out of Windows Python."""

    outcome: str
    root: str | None
    candidates: tuple[Seen, ...]
    canonical: dict[str, str]
    """The paths of the description, each as this PC resolves it."""

    def same(self, one: str, other: str) -> bool:
        """Whether two paths lead to one folder."""
        return self._resolved(one) == self._resolved(other)

    def verdict_on(self, path: str) -> str | None:
        """The verdict on a folder, None when it is no candidate."""
        return next((seen.verdict for seen in self.candidates if self.same(seen.root, path)), None)

    def _resolved(self, path: str) -> str:
        known = {seen.root: seen.canonical for seen in self.candidates} | self.canonical
        return known.get(path, path).casefold().rstrip("\\")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    pc: str
    product: str
    expected: str
    got: str
    mark: Mark
    why: str
    """Why the expected answer is the right one."""
    faults: tuple[str, ...] = ()
    """Other things that are not as the description says."""
    seen: tuple[str, ...] = ()
    """Every candidate with its verdict, reason and numbers."""

    @property
    def fine(self) -> bool:
        """Whether all is as the description says."""
        return self.mark in (Mark.RIGHT, Mark.ASKED) and not self.faults


def answers(search: Search, pc: Description, disks: Disks, profile: str) -> dict[str, Answer]:
    """What a search said, by product, ready to travel.

    Args:
        search: the answer.
        pc: the description of the PC that was searched.
        disks: of that PC.
        profile: folder of the user who ran the search.
    """
    return {
        found.product: Answer(
            outcome=found.outcome.value,
            root=found.chosen.root if found.chosen else None,
            candidates=tuple(
                Seen(
                    one.root,
                    one.canonical,
                    one.verdict.value,
                    f"{one.reason} S={one.score:.2f} C={one.content.score:.2f}"
                    f" P={one.provenance:.2f}",
                )
                for one in found.candidates
            ),
            canonical={
                path: _canonical(disks, at_profile(path, profile))
                for path in _paths(pc.expected(found.product))
            },
        )
        for found in search.found
    }


def _paths(expected: Expected) -> Iterable[str]:
    return (*filter(None, [expected.root]), *expected.among, *expected.others)


def _canonical(disks: Disks, path: str) -> str:
    try:
        return disks.canonical(path)
    except OSError:
        return path


def judge(name: str, product: str, pc: Description, answer: Answer) -> Row:
    """The line of the table for one answer."""
    expected = pc.expected(product)
    wanted = "/".join(expected.outcomes) + (f" {expected.root}" if expected.root else "")
    got = answer.outcome + (f" {answer.root}" if answer.root else "")
    faults = tuple(_faults(expected, answer))
    seen = tuple(f"{one.verdict} {one.root}: {one.says}" for one in answer.candidates)
    return Row(name, product, wanted, got, mark(expected, answer), expected.reason, faults, seen)


def mark(expected: Expected, answer: Answer) -> Mark:
    """What an answer is worth."""
    named = expected.root is not None and answer.root is not None
    at_place = named and answer.same(str(answer.root), str(expected.root))
    if answer.outcome == "chosen":
        return Mark.RIGHT if at_place and "chosen" in expected.outcomes else Mark.WRONG
    if answer.outcome == "emptied" and not at_place:
        return Mark.WRONG
    if answer.outcome == "not-found":
        return Mark.RIGHT if "not-found" in expected.outcomes else Mark.MISSED
    return Mark.ASKED if answer.outcome in expected.outcomes else Mark.NEEDLESS


def _faults(expected: Expected, answer: Answer) -> Iterable[str]:
    for path in expected.among:
        if answer.verdict_on(path) is None:
            yield f"{path} is not offered"
    for path, verdict in expected.others.items():
        got = answer.verdict_on(path)
        if got != verdict:
            yield f"{path} is {got}, not {verdict}"


def table(rows: Iterable[Row]) -> list[str]:
    """The rows as lines of text, totals last."""
    rows = sorted(rows, key=lambda row: (row.pc, row.product))
    return [*(line for row in rows for line in _lines(row)), totals(rows)]


def _lines(row: Row) -> Iterator[str]:
    """One line for what is fine; what is not is explained."""
    yield f"{row.pc:<46} {row.product:<9} {row.mark.value:<15} {row.got}"
    if not row.fine:
        yield f"    expected {row.expected}: {row.why}"
        yield from (f"    {each}" for each in (*row.faults, *row.seen))


def totals(rows: Iterable[Row]) -> str:
    """How often each mark was given."""
    counts: Mapping[Mark, int] = Counter(row.mark for row in rows)
    return ", ".join(f"{mark.value}: {counts.get(mark, 0)}" for mark in Mark)
