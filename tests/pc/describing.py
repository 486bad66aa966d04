"""The description of one PC and of the answer that a search must give: what a TOML file may say.

Strict: an unknown key or a value of the wrong type is an error. `tests/layouts/README.md` explains
every key to whoever writes a description.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

PROFILE = "~"
"""Stands for the profile folder of the user who runs the search, at the start of a path."""

Outcome = Literal["chosen", "several", "emptied", "not-found", "budget-spent"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a description."""


class Program(_Part):
    """A program folder and what Windows knows of it."""

    at: str
    holds: str
    """Product and version: ``medicom 2022.4``."""
    state: str = "whole"
    """What became of it: see `tests.pc.damage.STATES`, or ``N% gone``."""
    traces: tuple[str, ...] = ()
    """Names of `tests.pc.traces.TRACES`."""
    used: date | None = None
    """Day on which its own log was last written."""


class File(_Part):
    """One other file."""

    at: str
    text: str = ""
    encoding: str = "cp1252"
    copies: int = 1
    """How often the text stands in it."""


class Shortcut(_Part):
    """A ``.lnk`` file."""

    at: str
    to: str
    kind: Literal["local", "network", "environment", "advertised"] = "local"
    made_on: str | None = None
    """NetBIOS name of the PC that made it; None for this one."""


class Record(_Part):
    """Our own record of an earlier find."""

    root: str
    product: str = "medicom"
    open_to_all: bool = False


class Expected(_Part):
    """The answer for one product, and why it is the right one."""

    outcome: Outcome | tuple[Outcome, ...]
    """More than one where each is an honest answer."""
    reason: str
    root: str | None = None
    """Of the chosen or the emptied installation."""
    among: tuple[str, ...] = ()
    """Folders that must be offered as candidates."""
    others: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Verdict on other folders."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are right."""
        return (self.outcome,) if isinstance(self.outcome, str) else self.outcome


class Description(_Part):
    """One PC."""

    story: str
    """One or two sentences: who would have such a PC."""
    expect: Mapping[str, Expected] = msgspec.field(default_factory=dict)
    """By product; one that is not named must not be found."""
    wine: bool = False
    """Whether it also runs under Wine with the real adapters."""
    elevated: bool = False
    server: bool = False
    """Several people work on it at once."""
    hosts: tuple[str, ...] = ()
    """Hosts that are configured."""
    configured: tuple[str, ...] = ()
    """Program folders in the settings file."""
    records: tuple[Record, ...] = ()
    own_folders: tuple[str, ...] = ()
    drives: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Letter to ``fixed``, ``removable``, ``optical``, ``not ready`` (an empty card reader),
    ``locked`` (built in), ``subst <folder>`` or ``network <share>``; C: is always fixed."""
    shares: tuple[str, ...] = ()
    programs: tuple[Program, ...] = msgspec.field(default=(), name="program")
    registry: Mapping[str, Mapping[str, Any]] = msgspec.field(default_factory=dict)
    """Key (``HKLM\\…``, with `` (32-bit)`` behind it for that view) to values by name."""
    denied_keys: tuple[str, ...] = ()
    """Registry keys that may not be read."""
    key_links: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Registry keys that are links to others."""
    shortcuts: tuple[Shortcut, ...] = msgspec.field(default=(), name="shortcut")
    files: tuple[File, ...] = msgspec.field(default=(), name="file")
    folders: tuple[str, ...] = ()
    """Empty folders."""
    running: tuple[str, ...] = ()
    """Executables that run."""
    links: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Junctions."""
    short_names: Mapping[str, str] = msgspec.field(default_factory=dict)
    denied: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    """Folders whose content is in a cloud."""
    silent: tuple[str, ...] = ()
    """Places that do not answer."""
    guarded: tuple[str, ...] = ()
    """Where only administrators write, besides Windows' own folders."""
    entries: int | None = None
    """Files and folders that the sweep may see."""
    untouched: tuple[str, ...] = ()
    """Places that must never be asked for anything."""
    unread: tuple[str, ...] = ()
    """Places below which no file may be opened."""

    def expected(self, product: str) -> Expected:
        """The answer for a product; nothing where the description is silent."""
        return self.expect.get(product) or Expected(outcome="not-found", reason="not on this PC")


def read(file: Path) -> Description:
    """Read one description.

    Raises:
        msgspec.ValidationError: because it says something that no description can say.
    """
    return msgspec.toml.decode(file.read_bytes(), type=Description)


def at_profile(path: str, profile: str) -> str:
    """A path with the user's profile folder filled in."""
    return profile + path[len(PROFILE) :] if path.startswith(PROFILE + "\\") else path
