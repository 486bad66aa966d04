"""From a raw text that a probe found to evidence: which path is meant, and who could have put it.

One `Traces` serves one run of one probe. It fills in variables, drive letters of other logons and
8.3 names, picks the path that is there, leaves out what can lead nowhere, and gives each piece of
evidence once though both registry views show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from agent.discovery.command_lines import CommandLines, likely
from agent.discovery.interest import Interest
from agent.discovery.letters import Letters
from agent.discovery.probing import Inquiry, Log
from agent.discovery.registry_reader import RegistryReader
from agent.discovery.touching import Reach
from agent.model import Evidence, ProbeGroup
from agent.ports import KnownFolder, View

_SHORT_NAME = re.compile(r"~\d")
_OTHER_VIEW = f" ({View.BITS_32.value}-bit)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a raw text stood."""

    group: ProbeGroup
    where: str
    words: tuple[str, ...] = ()
    open_to_all: bool = False
    is_folder: bool | None = None


class Traces:
    """What one run of one probe needs to turn texts into evidence."""

    def __init__(self, probe: str, inquiry: Inquiry, log: Log) -> None:
        self.inquiry = inquiry
        self.log = log
        self.registry = RegistryReader(inquiry, log)
        self.reach = Reach(inquiry)
        self._probe = probe
        self._seen: set[tuple[object, ...]] = set()

    @cached_property
    def lines(self) -> CommandLines:
        """How texts are taken apart on this PC."""
        folders = self.inquiry.pc.folders
        windows = folders.known(KnownFolder.WINDOWS) or CommandLines.windows
        return CommandLines(folders.variables(), windows)

    @cached_property
    def _interest(self) -> Interest:
        return Interest.of((*self.inquiry.sought, *self.inquiry.siblings))

    @cached_property
    def _letters(self) -> Letters:
        return Letters.read(RegistryReader(self.inquiry, self.log))

    def program(self, text: str | None, source: Source) -> Iterator[Evidence]:
        """Evidence from a command line or an icon; at most one path of it is meant.

        A PC has a thousand of them. One in which nothing is called like a product, and beside
        which nothing is, is not taken apart.
        """
        if text and self.concerns(text, *source.words):
            yield from self._chosen(self.lines.candidates(text), source)

    def concerns(self, *texts: str) -> bool:
        """Whether raw texts that stand together may be about a product at all."""
        return self._interest.in_text(*texts)

    def listed(self, text: str, source: Source) -> Iterator[Evidence]:
        """Evidence from each path in a text with semicolons."""
        for candidates in self.lines.listed(text):
            yield from self._chosen(candidates, source)

    def folder(self, text: str | None, source: Source) -> Iterator[Evidence]:
        """Evidence from a text that is one path as a whole."""
        path = self.lines.folder(text) if text else None
        if path is not None:
            yield from self._chosen((path,), source)

    def exact(self, path: str, source: Source) -> Iterator[Evidence]:
        """Evidence from a path that is known to be one, in the form of this system."""
        yield from self._made(path, source)

    def stands(self, path: str, source: Source) -> bool | None:
        """Whether something is there; None when that can't be told or must not be looked at."""
        if self._trusted(source):
            return self.reach.stands(path)
        return None

    def meanings(self, path: str, source: Source) -> tuple[tuple[str, Source], ...]:
        """A path in every form that does not depend on the logon, with where that is said."""
        if self.reach.has_letter(path):
            return ((path, source),)
        found = tuple(
            (
                one.target,
                replace(
                    source,
                    where=f"{source.where} + {one.where}",
                    open_to_all=source.open_to_all or one.open_to_all,
                ),
            )
            for one in self._letters.resolve(path)
        )
        return found or ((path, source),)

    def _trusted(self, source: Source) -> bool:
        """Whether a look is worth it: what anybody could write does not count when elevated."""
        return not (self.inquiry.elevated and source.open_to_all)

    def pick(self, candidates: Sequence[str], source: Source) -> str | None:
        """The candidate that is there, else the one that the text most likely means."""
        if len(candidates) > 1:
            for one in candidates:
                if any(self.stands(*way) for way in self.meanings(one, source)):
                    return one
        return likely(candidates)

    def _chosen(self, candidates: Sequence[str], source: Source) -> Iterator[Evidence]:
        path = self.pick(candidates, source)
        for way in () if path is None else self.meanings(path, source):
            yield from self._made(*way)

    def _made(self, path: str, source: Source) -> Iterator[Evidence]:
        if _SHORT_NAME.search(path) and self._trusted(source):
            path = self.reach.canonical(path)
        if self.reach.is_bare_drive(path):
            return
        place = source.where.replace(_OTHER_VIEW, "")
        key = (source.group, path.casefold(), place, source.words, source.open_to_all)
        if key in self._seen or self.lines.inside_windows(path):
            return
        self._seen.add(key)
        yield Evidence(
            probe=self._probe,
            group=source.group,
            path=path,
            where=source.where,
            words=tuple(dict.fromkeys(word for word in source.words if word)),
            is_folder=source.is_folder,
            open_to_all=source.open_to_all,
        )
