"""Problems of a document, as they are collected, and the JSON values that keep what is wrong."""

from __future__ import annotations

from agent.manifest import limits

_SHOWN_CHARACTERS = 120
"""Characters of a value that are shown to people."""


class Object(dict[str, object]):
    """A JSON object that remembers which keys stood in it more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.twice: tuple[str, ...] = ()
        if len(self) != len(pairs):
            keys = [key for key, _ in pairs]
            self.twice = tuple(key for key in self if keys.count(key) > 1)


class NotAnInteger:
    """A number that is no integer of ours, or none at all; keeps its text."""

    def __init__(self, text: str) -> None:
        self.text = text


class Problems:
    """Collects problems up to the limit and counts the rest."""

    def __init__(self) -> None:
        self.named: list[tuple[str, str, str]] = []
        self.more = 0

    def add(self, where: str, problem: str, value: object = "") -> None:
        """One more problem; the value is shown to people, so it is cut and made printable."""
        if len(self.named) < limits.MAX_PROBLEMS:
            self.named.append((shown(where), problem, shown(value)))
        else:
            self.more += 1


def shown(value: object) -> str:
    """A value from a hostile document, short and printable."""
    if isinstance(value, NotAnInteger):
        return shown(value.text)
    if isinstance(value, (dict, list)):
        return "{…}" if isinstance(value, dict) else "[…]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
