"""From a piece of evidence to the folder that it speaks of.

What a manifest or a main program explains is stripped from the end of the path; else at most four
parents are tried. A renamed, moved or deeper root needs no special case. Of what is gone, or must
not be touched, the words alone decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import PurePath

from agent.discovery.content import Looker
from agent.discovery.gate import Gate, RefusedError
from agent.discovery.interest import Words, main_names, product_names, program_names
from agent.discovery.places import Claim, Lead
from agent.discovery.probing import Sought
from agent.manifest.names import fold
from agent.model import Evidence, ProbeGroup
from agent.ports import Entry
from agent.profiles.patterns import Matcher

PARENTS = 4
"""Folders above the evidence that are tried."""
STRANGERS = 500
"""Pieces of evidence without any of our words whose folders are still looked at."""
_OF_ANY_PRODUCT = frozenset({ProbeGroup.CONFIGURED, ProbeGroup.RECORD, ProbeGroup.SWEEP})
"""Evidence that is about what we look for, though it has no words."""
_EXACT = _OF_ANY_PRODUCT | {ProbeGroup.INSTALL_LOCATION, ProbeGroup.STANDARD_PLACE}
"""Evidence that, when it names a folder, names the program folder itself."""
_PROGRAM = ".EXE"


class About(IntEnum):
    """Whom a piece of evidence is about, by its words."""

    NOBODY = 0
    OTHER = 1
    """Another product that is looked for, and not this one."""
    VENDOR = 2
    """The vendor or a usual folder: this product or one of its siblings."""
    PRODUCT = 3


@dataclass
class Rooter:
    """Roots of one product."""

    sought: Sought
    others: Sequence[Sought]
    """The other products that are looked for."""
    looker: Looker
    gate: Gate
    strangers: int = 0

    @cached_property
    def _own(self) -> Words:
        return Words.of(product_names(self.sought.profile))

    @cached_property
    def _siblings(self) -> Words:
        return Words.of(name for one in self.others for name in product_names(one.profile))

    @cached_property
    def _vendor(self) -> Words:
        profile = self.sought.profile
        return Words.of((*profile.vendor_names, *profile.folder_names))

    @cached_property
    def _folder_names(self) -> Words:
        profile = self.sought.profile
        return Words.of((*product_names(profile), *profile.folder_names))

    @cached_property
    def _main_names(self) -> Matcher:
        return Matcher.of(main_names(self.sought.profile))

    @cached_property
    def _programs(self) -> frozenset[str]:
        return program_names(self.sought)

    def leads(self, evidence: Evidence) -> Iterator[Lead]:
        """The folder that a piece of evidence leads to; none when it is about something else."""
        path = self.gate.clean(evidence.path)
        if path is None:
            return
        about = self.about(evidence, path)
        root = self._root(evidence, path, about)
        if root is None or self.gate.too_high(root):
            return
        doubt = Claim.OTHER_PRODUCT if about is About.OTHER else None
        named = about in {About.PRODUCT, About.NOBODY}
        explained = next(self._stripped(path), None) is not None
        yield Lead(root, evidence, named, explained, doubt)

    def about(self, evidence: Evidence, path: str) -> About:
        """Whom a piece of evidence is about, by its words and the names in its path."""
        pure = self.gate.pure(path)
        # One text with a line for each name: no name that is looked for goes over its end.
        texts = "\n".join((*evidence.words, *pure.parts[1:]))
        last = fold(pure.name)
        if self._main_names.matches(last) or last in self._programs:
            return About.PRODUCT
        if self._own.within(texts):
            return About.PRODUCT
        if self._siblings.within(texts):
            return About.OTHER
        if evidence.group in _OF_ANY_PRODUCT or self._vendor.within(texts):
            return About.VENDOR
        return About.NOBODY

    def _root(self, evidence: Evidence, path: str, about: About) -> str | None:
        if not self.gate.is_network(path) and self._may_look(about):
            try:
                return self.gate.ask(path, lambda: self._by_looking(evidence, path, about))
            except (RefusedError, OSError):
                pass
        return self._by_words(evidence, path, about, None)

    def _may_look(self, about: About) -> bool:
        if about is About.NOBODY:
            self.strangers += 1
        return about is not About.NOBODY or self.strangers <= STRANGERS

    # By looking.

    def _by_looking(self, evidence: Evidence, path: str, about: About) -> str | None:
        entry = self._entry(path)
        start = self._start(evidence, path, entry)
        named = tuple(self._stripped(path))
        for folder in dict.fromkeys(map(str, (*named, start))):
            if self._glance(folder):
                return folder
        whole = (start,) if self._is_whole(evidence, start, entry) else ()
        around = self._around(start)
        if around is not None and self._may_speak_for(around, start, (*named, *whole)):
            return str(around)
        if around is not None and whole and about > About.OTHER:
            return self._inner_root(path, start, around)
        return self._by_words(evidence, path, about, entry)

    def _is_whole(self, evidence: Evidence, start: PurePath, entry: Entry | None) -> bool:
        """Whether evidence names a folder that may be the root itself, emptied.

        A file that is there shows that its folder is in use; one that is gone from a folder that is
        there does not.
        """
        if evidence.is_folder:
            return True
        return entry.is_directory if entry is not None else self._entry(str(start)) is not None

    def _glance(self, folder: str) -> bool:
        return not self.gate.too_high(folder) and self.looker.glance(folder)

    def _around(self, start: PurePath) -> PurePath | None:
        """The nearest folder above the evidence that has the content."""
        return next((one for one in list(start.parents)[:PARENTS] if self._glance(str(one))), None)

    def _may_speak_for(
        self, around: PurePath, start: PurePath, named: tuple[PurePath, ...]
    ) -> bool:
        """Whether evidence of a folder is evidence of one around it that has the content.

        Not of a folder that may well be the root itself, emptied: what lies around that is a copy,
        unless the product has such a folder in it.
        """
        below = [one for one in (start, *start.parents) if one.is_relative_to(around)][:-1]
        roots = (*named, *(one for one in below if self._has_name(one)))
        return all(self._is_part(one, around) for one in roots)

    def _inner_root(self, path: str, start: PurePath, around: PurePath) -> str:
        """The root that a path tells, below a folder that is taken for a copy."""
        below = (one for one in self._stripped(path) if one.is_relative_to(around))
        return str(next((one for one in below if one != around), start))

    def _has_name(self, folder: PurePath) -> bool:
        return self._folder_names.within(folder.name)

    def _is_part(self, folder: PurePath, root: PurePath) -> bool:
        if not folder.is_relative_to(root):
            return False
        return fold(folder.relative_to(root).as_posix()) in self.looker.folders

    def _entry(self, path: str) -> Entry | None:
        try:
            return self.gate.disks.entry(path)
        except OSError:
            return None

    def _start(self, evidence: Evidence, path: str, entry: Entry | None) -> PurePath:
        """The innermost folder that the evidence can mean."""
        pure = self.gate.pure(path)
        is_folder = evidence.is_folder
        if entry is not None:
            is_folder = entry.is_directory
        elif is_folder is None:
            is_folder = not fold(pure.name).endswith(_PROGRAM)
        return pure if is_folder else pure.parent

    # By words.

    def _by_words(
        self, evidence: Evidence, path: str, about: About, entry: Entry | None
    ) -> str | None:
        """The root that the path alone tells, of what has none of the content.

        A file that is there and that neither a manifest nor the profile knows belongs to another
        program, unless a folder above it has the name of ours.
        """
        if about <= About.OTHER:
            return None
        start = self._start(evidence, path, entry)
        if evidence.is_folder and evidence.group in _EXACT:
            return str(start)
        for folder in self._stripped(path):
            return str(folder)
        for folder in (start, *list(start.parents)[:PARENTS]):
            if self._has_name(folder):
                return str(folder)
        names_folder = evidence.is_folder or (entry is not None and entry.is_directory)
        return str(start) if names_folder else None

    def _stripped(self, path: str) -> Iterator[PurePath]:
        """What is left of a path without the longest end that a version or the profile knows."""
        pure = self.gate.pure(path)
        parts = pure.parts
        for cut in range(1, len(parts)):
            key = fold("/".join(parts[cut:]))
            if any(key in m.files or key in m.directories for m in self.sought.manifests):
                yield self.gate.pure(parts[0]).joinpath(*parts[1:cut])
                break
        if self._main_names.matches(fold(pure.name)):
            yield self._without_main(pure)

    def _without_main(self, pure: PurePath) -> PurePath:
        """A main program's root: above the folder that its pattern names, if any."""
        key = fold("/".join(pure.parts[1:]))
        for pattern in self.sought.profile.main_programs:
            depth = pattern.count("/")
            if depth and Matcher.of(["**/" + pattern]).matches("/" + key):
                return pure.parents[depth]
        return pure.parent
