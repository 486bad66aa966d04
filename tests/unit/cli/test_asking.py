"""`repair` asks on a terminal, never elsewhere: a real process on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from agent.outcomes import ExitCode
from tests.unit.workstation import OLD, Workstation, snapshot

LOST = tuple(OLD)[:3]
PATIENCE_S = 120


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, base: Path, *arguments: str, **environment: str) -> None:
        self.said = b""
        self.child, self.screen = pty.fork()
        if self.child == 0:
            clean = {k: v for k, v in os.environ.items() if not k.startswith(("WERKPLEK", "XDG"))}
            clean |= {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"}
            clean |= {"XDG_DATA_HOME": str(base / "data"), **environment}
            command = [sys.executable, "-m", "agent.cli", *arguments]
            os.execve(sys.executable, command, clean)

    def until(self, words: bytes) -> None:
        """Read what is said until these words."""
        end = time.monotonic() + PATIENCE_S
        while words not in self.said and time.monotonic() < end:
            if not self._read():
                break
        assert words in self.said, self.said

    def type(self, keys: bytes) -> None:
        os.write(self.screen, keys)

    def end(self) -> int:
        """Read to the end; gives the exit code."""
        while self._read():
            pass
        os.close(self.screen)
        _, status = os.waitpid(self.child, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.screen], [], [], PATIENCE_S)
        try:
            data = os.read(self.screen, 65536) if ready else b""
        except OSError:
            return False
        self.said += data
        return bool(data)


@pytest.fixture
def arguments(pc: Workstation) -> list[str]:
    pc.install().know().delete(*LOST)
    return ["repair", *pc.options(json=False), "--source", str(pc.source("kopie", OLD))]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"ja\r", 0), (b"J\r", 0), (b"y\r", 0), (b"nee\r", 32), (b"\r", 32), (b"\x04", 32),
        (b"jaha\r", 32),
    ],
)  # fmt: skip
def test_shows_the_plan_and_does_as_it_is_told(
    pc: Workstation, arguments: list[str], answer: bytes, code: int
) -> None:
    before = snapshot(pc.root)
    terminal = Terminal(pc.base, *arguments)
    terminal.until(b"ja of nee:")
    assert b"bin/zelfde00.dll" in terminal.said
    assert snapshot(pc.root) == before
    terminal.type(answer)
    assert terminal.end() == code
    assert pc.holds(OLD) == (code == 0)
    assert b"Traceback" not in terminal.said
    if code:
        assert snapshot(pc.root) == before


def test_asks_in_the_language_of_the_settings_file(pc: Workstation, arguments: list[str]) -> None:
    settings = pc.base / "herstel.toml"
    settings.write_text('[output]\nlang = "en"\n')
    terminal = Terminal(pc.base, *arguments, "--config", str(settings))
    terminal.until(b"yes or no:")
    terminal.type(b"no\r")
    assert terminal.end() == ExitCode.NEEDS_PERSON


def test_control_c_at_the_question_stops(pc: Workstation, arguments: list[str]) -> None:
    before = snapshot(pc.root)
    terminal = Terminal(pc.base, *arguments)
    terminal.until(b"ja of nee:")
    terminal.type(b"\x03")
    assert terminal.end() == ExitCode.STOPPED
    assert snapshot(pc.root) == before
    assert b"Traceback" not in terminal.said


def test_a_dumb_terminal_gets_no_control_characters(pc: Workstation, arguments: list[str]) -> None:
    terminal = Terminal(pc.base, *arguments, TERM="dumb", NO_COLOR="1")
    terminal.until(b"ja of nee:")
    terminal.type(b"ja\r")
    assert terminal.end() == 0
    assert b"\x1b" not in terminal.said


@pytest.mark.parametrize("flag", ["--no-input", "--json", "--events"])
def test_never_asks_where_it_was_told_not_to(
    pc: Workstation, arguments: list[str], flag: str
) -> None:
    before = snapshot(pc.root)
    terminal = Terminal(pc.base, *arguments, flag)
    assert terminal.end() == ExitCode.NEEDS_PERSON
    assert b"ja of nee" not in terminal.said
    assert snapshot(pc.root) == before


def test_without_a_terminal_it_ends_with_32_and_says_why(
    pc: Workstation, arguments: list[str]
) -> None:
    before = snapshot(pc.root)
    said = pc.do("repair", "--source", pc.base / "kopie")
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.report["error"]["code"] == "not-a-terminal"
    assert said.one["plan"]["restore"] == len(LOST)
    assert snapshot(pc.root) == before


def test_yes_on_a_terminal_asks_nothing(pc: Workstation, arguments: list[str]) -> None:
    terminal = Terminal(pc.base, *arguments, "--yes")
    assert terminal.end() == 0
    assert b"ja of nee" not in terminal.said
    assert pc.holds(OLD)


def test_a_brake_is_not_asked_about(pc: Workstation, arguments: list[str]) -> None:
    """A brake is released by its name only, not by a yes."""
    for number in range(29):
        pc.write(f"bin/anders{number:02}.dll", b"changed")
    terminal = Terminal(pc.base, *arguments, "--changed")
    assert terminal.end() in {ExitCode.NEEDS_PERSON, ExitCode.VERSION_UNKNOWN}
    assert b"ja of nee" not in terminal.said


def test_closing_the_terminal_leaves_the_installation(
    pc: Workstation, arguments: list[str]
) -> None:
    before = snapshot(pc.root)
    terminal = Terminal(pc.base, *arguments)
    terminal.until(b"ja of nee:")
    os.kill(terminal.child, signal.SIGHUP)
    os.close(terminal.screen)
    os.waitpid(terminal.child, 0)
    assert snapshot(pc.root) == before
