"""One product profile and the set of them: data about a product, never code.

A profile says whom each file belongs to, what the main programs are and how the product can be
recognised. It claims nothing about a version: that is what manifests are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from agent.errors import UsageError
from agent.model import Role
from agent.profiles.patterns import Matcher, fold

NAME_PATTERN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
"""Names of products and versions; they become folder names (FORMATS section 4)."""
GENERIC = "generic"
"""The profile of every product that has none of its own."""


@dataclass(frozen=True)
class Profile:
    """What is known about one product on any PC."""

    name: str
    title: str
    """For people."""
    verified: bool
    """Checked on real PCs; a profile that is not is never used unattended."""
    program: tuple[str, ...]
    settings: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: Role
    """The role of what no pattern names."""
    main_programs: tuple[str, ...] = ()
    """Patterns of the programs that people start."""
    updater_processes: tuple[str, ...] = ()
    """Names of processes that change the installation."""
    staging_names: tuple[str, ...] = ()
    """Patterns of files and folders that are there only while an update runs."""
    vendor_names: tuple[str, ...] = ()
    """As the vendor spells itself in registry keys and version resources."""
    folder_names: tuple[str, ...] = ()
    """Usual names of the program folder."""
    quiet_minutes: int = 10
    """Minutes without a write before an installation counts as quiet."""
    stamp_from: tuple[str, ...] = ()
    """Patterns of the main programs whose version resource is the version stamp, best first."""

    @cached_property
    def _matchers(self) -> tuple[Matcher, Matcher, Matcher]:
        return Matcher.of(self.ignored), Matcher.of(self.settings), Matcher.of(self.program)

    @cached_property
    def _takes_all(self) -> bool:
        ignored, settings, _ = self._matchers
        return self.unknown is Role.PROGRAM and ignored.empty and settings.empty

    @cached_property
    def _staging(self) -> Matcher:
        return Matcher.of(self.staging_names)

    def role_of(self, path: str) -> Role:
        """Whom a file belongs to: ignored before settings before program before unknown.

        Args:
            path: relative to the root, ``/`` between the parts, any case.
        """
        return self.explicit_role(path) or self.unknown

    def explicit_role(self, path: str) -> Role | None:
        """The role that a pattern gives to a path, None when no pattern names it."""
        if self._takes_all:
            return Role.PROGRAM
        key = fold(path)
        ignored, settings, program = self._matchers
        if ignored.matches(key):
            return Role.IGNORED
        if settings.matches(key):
            return Role.SETTINGS
        return Role.PROGRAM if program.matches(key) else None

    def protected(self, paths: Iterable[str]) -> Mapping[str, Role]:
        """The paths that a pattern calls ignored or settings; no manifest may make program of them.

        Args:
            paths: relative, any case; written as given in the answer.
        """
        ignored, settings, _ = self._matchers
        if ignored.empty and settings.empty:
            return {}
        by_key = _by_key(paths)
        found = {by_key[key]: Role.SETTINGS for key in settings.select(by_key)}
        found.update((by_key[key], Role.IGNORED) for key in ignored.select(by_key))
        return found

    def recognised(self, paths: Iterable[str]) -> frozenset[str]:
        """The paths whose role is program because a pattern says so, not because it is unknown."""
        ignored, settings, program = self._matchers
        by_key = _by_key(paths)
        keys = set(program.select(by_key))
        keys.difference_update(settings.select(by_key), ignored.select(by_key))
        return frozenset(by_key[key] for key in keys)

    def is_staging(self, path: str) -> bool:
        """Whether a file or folder is there only while an update runs."""
        return self._staging.matches(fold(path))

    def stamp_candidates(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those of many paths whose version resource may be the stamp, best first."""
        by_key = _by_key(paths)
        chosen: dict[str, None] = {}
        for pattern in self.stamp_from:
            for key in sorted(Matcher.of((pattern,)).select(by_key), key=_depth_first):
                chosen.setdefault(by_key[key])
        return tuple(chosen)


def _by_key(paths: Iterable[str]) -> Mapping[str, str]:
    return {fold(path): path for path in paths}


def _depth_first(key: str) -> tuple[int, str]:
    """The main program stands near the root; copies of it stand deeper."""
    return key.count("/"), key


@dataclass(frozen=True)
class Profiles:
    """Every profile known here, by name."""

    by_name: Mapping[str, Profile] = field(repr=False)
    """Keyed by lower-case name: Windows folders do not tell ``Medicom`` from ``medicom``."""

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Profiles:
        """Read our own profiles and any extra ones; an extra one replaces one of the same name.

        Args:
            extra: TOML files, or folders of them.

        Raises:
            UsageError: because a profile does not say what it must (names file and key).
        """
        from agent.profiles.loading import read_all  # noqa: PLC0415  (it builds Profile)

        return cls({profile.name.lower(): profile for profile in read_all(extra)})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all profiles, sorted."""
        return tuple(sorted(profile.name for profile in self.by_name.values()))

    def get(self, name: str) -> Profile:
        """The profile of that name.

        Raises:
            UsageError: because there is none.
        """
        profile = self.by_name.get(name.lower())
        if profile is None:
            raise UsageError("unknown-product", product=name, known=", ".join(self.names))
        return profile

    def for_product(self, name: str) -> Profile:
        """The profile of a product that a manifest names: its own, else the generic one.

        Raises:
            UsageError: because the name can't be a product's.
        """
        if NAME_PATTERN.fullmatch(name) is None:
            raise UsageError("product-name", product=name)
        profile = self.by_name.get(name.lower())
        return profile or replace(self.get(GENERIC), name=name, title=name)

    def with_verified(self, names: Iterable[str]) -> Profiles:
        """A copy in which IT vouches for the named profiles.

        Raises:
            UsageError: because there is no profile of that name.
        """
        checked = {name.lower(): replace(self.get(name), verified=True) for name in names}
        return Profiles({**self.by_name, **checked})
