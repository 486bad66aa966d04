"""What the command line writes: data to stdout, words and progress to stderr."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.cli.options import Common
from agent.errors import ItError
from agent.outcomes import ExitCode, ExitStyle, in_style
from agent.progress import MINUTES_ABOVE_S, Progress

if TYPE_CHECKING:
    from agent.reporting.texts import Texts

PROGRESS_EVERY_S = 0.2
"""Seconds between two lines of progress."""
ALMOST_S = 5
"""With this many seconds left nobody is told a number any more."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run speaks."""

    json: bool = False
    events: bool = False
    quiet: bool = False
    verbose: bool = False
    lang: str = "nl"
    exit_style: ExitStyle = ExitStyle.NATIVE
    list_extra: bool = False

    @classmethod
    def of(cls, common: Common, lang: str | None) -> Style:
        """From the common options; `lang` is what the settings file says."""
        return cls(
            json=common.json,
            events=common.events,
            quiet=common.quiet,
            verbose=common.verbose,
            lang=common.lang or lang or "nl",
            exit_style=common.exit_style,
            list_extra=common.list_extra,
        )

    @classmethod
    def guessed(cls, arguments: list[str]) -> Style:
        """From a command line that could not be parsed."""
        styles = {style.value for style in ExitStyle}
        given = value_of(arguments, "--exit-style")
        return cls(
            json="--json" in arguments,
            events="--events" in arguments and "--json" not in arguments,
            quiet="--quiet" in arguments,
            verbose="--verbose" in arguments,
            lang="en" if value_of(arguments, "--lang") == "en" else "nl",
            exit_style=ExitStyle(given) if given in styles else ExitStyle.NATIVE,
        )

    @property
    def documents(self) -> bool:
        """Whether stdout is for programs; it then always gets its document, also with --quiet."""
        return self.json or self.events

    def exit_code(self, code: ExitCode, *, from_repair: bool = False) -> int:
        """The number the process ends with."""
        return in_style(code, self.exit_style, from_repair=from_repair)


def value_of(arguments: list[str], option: str) -> str | None:
    """The value of an option on a command line that is not, or could not be, parsed."""
    for place, argument in enumerate(arguments):
        if argument == option and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith(option + "="):
            return argument.partition("=")[2]
    return None


def write_data(data: bytes | str) -> None:
    """Data to stdout, as UTF-8 whatever the console thinks it speaks."""
    text = data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")
    if not text.endswith(b"\n"):
        text += b"\n"
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read it has seen enough; nothing is lost.
        _to_nowhere(sys.stdout.fileno())
    except OSError as error:
        _to_nowhere(sys.stdout.fileno())
        raise ItError(
            "output-not-writable",
            ExitCode.INTERNAL_ERROR,
            path="stdout",
            error=error.strerror or str(error),
        ) from error


def _to_nowhere(descriptor: int) -> None:
    """What is still buffered when the interpreter ends must not fail once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def write_words(text: str, end: str = "\n") -> None:
    """A line for people to stderr."""
    encoding = sys.stderr.encoding or "utf-8"
    said = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(said, end=end, file=sys.stderr, flush=True)
    except OSError:  # nobody reads it any more; the exit code still tells
        _to_nowhere(sys.stderr.fileno())


def progress_text(progress: Progress, texts: Texts) -> str:
    """What is happening, how much of it is done, and how long it still takes; as far as known."""
    words = texts.say("progress", progress.stage.value)
    done, total = progress.bytes_done, progress.bytes_total
    if not total:
        return words
    share = min(100, 100 * done // total)
    words += " " + texts.word("progress-share", share=share, done=min(done, total), total=total)
    left = progress.seconds_left
    if left is None:
        return words
    if left <= ALMOST_S:
        return f"{words}, {texts.word('left-almost')}"
    if left > MINUTES_ABOVE_S:
        return f"{words}, {texts.word('left-minutes', minutes=-(-left // 60))}"
    return f"{words}, {texts.word('left-seconds', seconds=left)}"


@dataclass
class ProgressLine:
    """One line that is written over again on a terminal, or an event per step."""

    style: Style
    _last: float = field(default=0.0)
    _shown: bool = field(default=False)

    @property
    def animated(self) -> bool:
        """Whether stderr is a terminal that can be written over."""
        return (
            sys.stderr.isatty()
            and os.environ.get("TERM") != "dumb"
            and not (self.style.quiet or self.style.json or self.style.events)
        )

    def __call__(self, progress: Progress) -> None:
        """Show a snapshot, not more often than people can read."""
        now = time.monotonic()
        if now - self._last < PROGRESS_EVERY_S:
            return
        self._last = now
        if self.style.events:
            from agent.reporting.events import progress_event

            write_data(progress_event(progress))
        elif self.animated:
            from agent.reporting.texts import load

            self._write(f"\r\x1b[K{progress_text(progress, load(self.style.lang))}")
            self._shown = True

    def end(self) -> None:
        """Leave the line empty."""
        if self._shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
