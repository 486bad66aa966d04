"""Reading the description of one scheduled task: its XML file, or the actions in the registry.

The XML is read with expat and without any entity or document type: the file may have been written
by anybody. https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from xml.parsers import expat  # entities are refused below

MAX_ACTIONS = 32
"""The schema's own limit of actions in one task."""
MAX_TEXT = 32_767
"""Characters of one text that are kept."""

_TEXTS = frozenset({"Command", "Arguments", "WorkingDirectory", "UserId", "GroupId"})
_SYSTEM = frozenset({"S-1-5-18", "S-1-5-19", "S-1-5-20", "SYSTEM", "NT AUTHORITY\\SYSTEM"})
_EXECUTE = 0x6666
_LENGTH = struct.Struct("<I")
_SHORT = struct.Struct("<H")
_WITH_CONTEXT = 3
_WITH_FLAGS = 3


class UnreadableTaskError(ValueError):
    """The bytes describe no task, or are too damaged to tell."""


@dataclass(frozen=True, slots=True)
class Action:
    """One program that a task starts."""

    command: str
    arguments: str = ""
    folder: str = ""
    """Its working directory, empty when none is set."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a task starts, and on whose behalf."""

    actions: tuple[Action, ...]
    needs_administrator: bool = False
    """Whether only an administrator can have made it: it runs as the system or as a group."""


def read_task(data: bytes) -> Task:
    """A task from its file.

    Args:
        data: XML, in the encoding that it names itself or that its first bytes show.

    Raises:
        UnreadableTaskError: because it is not well-formed, or uses entities.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableTaskError(type(error).__name__) from error
    return Task(tuple(reader.actions), reader.needs_administrator)


@dataclass
class _Reader:
    """Collects actions and principals while expat walks through a file."""

    actions: list[Action] = field(default_factory=list)
    needs_administrator: bool = False
    _texts: dict[str, str] = field(default_factory=dict)
    _open: str | None = None

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True  # else every line comes, and is added, on its own
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise UnreadableTaskError("doctype")

    def _start(self, name: str, attributes: object) -> None:
        del attributes
        local = name.rpartition(" ")[2]
        self._open = local if local in _TEXTS else None
        if local in {"Exec", "Principal"}:
            self._texts.clear()

    def _characters(self, text: str) -> None:
        known = self._texts.get(self._open, "") if self._open is not None else ""
        if self._open is not None and len(known) < MAX_TEXT:
            self._texts[self._open] = (known + text)[:MAX_TEXT]

    def _end(self, name: str) -> None:
        self._open = None
        local = name.rpartition(" ")[2]
        if local == "Exec" and self._texts.get("Command") and len(self.actions) < MAX_ACTIONS:
            texts = (self._texts.get(one, "") for one in ("Arguments", "WorkingDirectory"))
            self.actions.append(Action(self._texts["Command"], *texts))
        elif local == "Principal":
            user = self._texts.get("UserId", "").strip().upper()
            self.needs_administrator = user in _SYSTEM or bool(self._texts.get("GroupId"))


def read_actions(data: bytes) -> tuple[Action, ...]:
    """Actions as the registry keeps them: a version, a context, then texts with their length.

    The format is not documented; anything unexpected ends the reading.

    Raises:
        UnreadableTaskError: because it is something else.
    """
    try:
        return tuple(_actions(data))
    except (struct.error, UnicodeDecodeError) as error:
        raise UnreadableTaskError(type(error).__name__) from error


def _actions(data: bytes) -> list[Action]:
    version = _SHORT.unpack_from(data)[0]
    at = _SHORT.size
    if version >= _WITH_CONTEXT:
        _, at = _text(data, at)
    found: list[Action] = []
    while at < len(data) and len(found) < MAX_ACTIONS:
        if _SHORT.unpack_from(data, at)[0] != _EXECUTE:
            break  # mail, message or a class: no program
        texts: list[str] = []
        at += _SHORT.size
        for _ in ("id", "command", "arguments", "folder"):
            text, at = _text(data, at)
            texts.append(text)
        found.append(Action(*texts[1:]))
        at += _SHORT.size if version >= _WITH_FLAGS else 0
    return found


def _text(data: bytes, at: int) -> tuple[str, int]:
    start = at + _LENGTH.size
    end = start + _LENGTH.unpack_from(data, at)[0]
    if end > len(data):
        raise struct.error
    return data[start:end].decode("utf-16-le"), end
