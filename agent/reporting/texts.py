"""Every sentence for people, by id and language; the only reader of ``texts/*.toml``.

A text is a `str.format` template with named fields. Fields know extra forms: ``{n}`` writes
a number with the language's thousands mark, ``{n:one|more}`` picks by count ("Er ontbreekt" or
"Er ontbreken"), ``{n:size}`` writes bytes for people ("2,5 GB"), ``{n:percent}`` a fraction,
``{id:reason}`` and ``{id:penalty}`` the words of such an id.
Whatever is missing - a text, a field - gives a readable line, never an exception: a sentence that
can't be made must not hide what happened.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import PurePath
from typing import Any

from agent.errors import UsageError

LANGUAGES = ("nl", "en")
DEFAULT_LANGUAGE = "nl"
_MARKS = {"nl": (".", ","), "en": (",", ".")}
"""Thousands mark and decimal mark."""

_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_UNIT_STEP = 1000
_WHOLE_FROM = 10
"""From here on a size is written without decimals."""
_SECTIONS = frozenset({"reason", "penalty"})
"""Sections whose ids may be a value of a sentence."""
_UNKNOWN_VALUE = "?"
_LISTED = 8
"""Values of a list that are named in a sentence."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language."""

    language: str
    sections: Mapping[str, Mapping[str, str]]

    def has(self, section: str, key: str) -> bool:
        """Whether there is a text of its own for this id."""
        return key in self.sections.get(section, {})

    def say(self, section: str, key: str, /, **facts: object) -> str:
        """The sentence for an id, filled in; a readable stand-in when there is none."""
        template = self.sections.get(section, {}).get(key)
        if template is None:
            return self._stand_in(key, facts)
        return _Filler(self).vformat(template, (), facts)

    def phrase(self, section: str, text_id: str, /, **facts: object) -> str:
        """The sentence for an id that may carry a value, ``id:value`` (field ``value``)."""
        key, colon, value = text_id.partition(":")
        if not colon:
            return self.say(section, key, **facts)
        return self.say(section, key, **({"value": _typed(value)} | facts))

    def word(self, key: str, /, **facts: object) -> str:
        """A label."""
        return self.say("word", key, **facts)

    def error(self, problem: str, facts: Mapping[str, object]) -> str:
        """The sentence for a problem id: what, where, what to do.

        Args:
            problem: the id.
            facts: of the error; ``place`` also answers for ``path``.
        """
        known = {"path": facts.get("place"), **facts}
        if problem == "disk-full" and not facts.get("needed"):
            return self.say("error", "disk-full-meanwhile", **known)
        if not self.has("error", problem):
            return self.say("error", problem, **facts)
        return self.say("error", problem, **known)

    def problem(self, where: str, code: str, value: object) -> str:
        """One problem of a refused document: ``files[3].path: ../x verlaat de map``."""
        text = self.say("problem", code, value=value)
        return self.word("problem", where=where or self.word("whole-document"), text=text)

    def fields(self, section: str, key: str) -> frozenset[str]:
        """The names of the fields in a text."""
        template = self.sections.get(section, {}).get(key, "")
        return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)

    def number(self, value: float) -> str:
        """A number with thousands marks; a fraction with one decimal."""
        thousands, decimal = _MARKS[self.language]
        plain = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
        return plain.translate({ord(","): thousands, ord("."): decimal})

    def percent(self, fraction: object) -> str:
        """A fraction, also when it is written as text; anything else as it is."""
        try:
            amount = round(100 * float(str(fraction)), 1)
        except ValueError:
            return self.plain(fraction)
        return f"{self.number(int(amount) if amount.is_integer() else amount)}%"

    def size(self, size: float) -> str:
        """Bytes for people, in steps of a thousand: ``2,5 GB``."""
        if size < _UNIT_STEP:
            return f"{int(size)} {_UNITS[0]}"
        amount = float(size)
        place = 0
        while round(amount) >= _UNIT_STEP and place < len(_UNITS) - 1:
            amount /= _UNIT_STEP
            place += 1
        whole = round(amount, 1) >= _WHOLE_FROM or round(amount, 1).is_integer()
        return f"{self.number(round(amount) if whole else round(amount, 1))} {_UNITS[place]}"

    def listed(self, values: Iterable[object]) -> str:
        """Values after one another, with commas; a long list is cut and the rest counted."""
        said = [self.plain(value) for value in values]
        if len(said) > _LISTED:
            said[_LISTED:] = [self.word("list-more", count=len(said) - _LISTED)]
        return ", ".join(said)

    def plain(self, value: object) -> str:
        """One value as it stands in a sentence."""
        if value is None or value == "":
            return _UNKNOWN_VALUE
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if isinstance(value, int | float):
            return self.number(value)
        if isinstance(value, str | PurePath):
            return str(value)
        if isinstance(value, Iterable):
            return self.listed(value)
        return str(value)

    def _stand_in(self, key: str, facts: Mapping[str, object]) -> str:
        known = self.listed(facts.values())
        template = self.sections.get("word", {}).get("stand-in" if known else "stand-in-bare", "")
        return template.format(id=key, facts=known) or key


class _Filler(string.Formatter):
    """Fills templates in; an absent field becomes a question mark."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        del args
        return kwargs.get(str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, more = format_spec.split("|", 1)
            return one if _amount(value) == 1 else more
        if isinstance(value, int | float) and format_spec == "size":
            return self._texts.size(value)
        if format_spec == "percent":
            return self._texts.percent(value)
        if format_spec in _SECTIONS and isinstance(value, str):
            return self._texts.phrase(format_spec, value)
        return self._texts.plain(value)


def load(language: str = DEFAULT_LANGUAGE) -> Texts:
    """The texts of one language; read once per process, and only the one that is asked for.

    Raises:
        UsageError: ``unknown-language`` because there are no texts in it.
    """
    if language not in LANGUAGES:
        problem = "unknown-language"
        raise UsageError(problem, lang=language, known=LANGUAGES)
    return _read(language)


@cache
def _read(language: str) -> Texts:
    place = resources.files("agent.reporting").joinpath("texts", f"{language}.toml")
    return Texts(language, tomllib.loads(place.read_text(encoding="utf-8")))


def _amount(value: object) -> object:
    """What decides between one and more: the number itself, or how many values there are."""
    if isinstance(value, str):
        return len(value.split(", "))
    return len(value) if isinstance(value, Sized) else value


def _typed(value: str) -> int | str:
    return int(value) if value.isascii() and value.isdecimal() else value
