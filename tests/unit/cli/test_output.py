"""Words, data and progress, in this process: what a terminal would see."""

from __future__ import annotations

import io
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import agent.cli
from agent.cli import output, session
from agent.cli import repair as asking
from agent.cli.options import Common
from agent.cli.output import ProgressLine, Style, progress_text, write_data, write_words
from agent.errors import ItError, ManifestError, StaffError, Stopped
from agent.model import Diagnosis, DiagnosisClass
from agent.outcomes import ExitCode, ExitStyle
from agent.progress import Progress, Stage
from agent.reporting.facts import InstallationFacts
from agent.reporting.texts import load
from tests.unit.workstation import OLD, Workstation, snapshot, werkplek

HALF = Progress(Stage.COPY, 1, 2, 50, 100)
FACTS = InstallationFacts("medicom", "Medicom", Path("PP"), Diagnosis(DiagnosisClass.HEALTHY, ()))


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, text: bytes = b"", encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(text), encoding, newline="\n")

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


def _screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Put in place by the test itself: pytest changes the streams between set-up and test."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_one_line_that_is_written_over_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _screen(monkeypatch)
    line = ProgressLine(Style())
    line(HALF)
    line(HALF)  # too soon to be read
    assert screen.shown.count("\r") == 1
    assert screen.shown.endswith("Bestanden kopiëren 50% (50 bytes van 100 bytes)")
    line.end()
    assert screen.shown.endswith("\r\x1b[K")


@pytest.mark.parametrize("style", [Style(quiet=True), Style(json=True)])
def test_no_line_where_nobody_wants_it(monkeypatch: pytest.MonkeyPatch, style: Style) -> None:
    screen = _screen(monkeypatch)
    line = ProgressLine(style)
    line(HALF)
    line.end()
    assert screen.shown == ""


def test_no_line_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _screen(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    ProgressLine(Style())(HALF)
    assert screen.shown == ""


def test_a_line_without_totals_has_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _screen(monkeypatch)
    ProgressLine(Style(lang="en"))(Progress(Stage.LOOK, 0, 0, 0, 0))
    assert "%" not in screen.shown
    assert screen.shown


@pytest.mark.parametrize(
    ("left", "dutch", "english"),
    [
        (None, "", ""),
        (0, ", bijna klaar", ", almost done"),
        (5, ", bijna klaar", ", almost done"),
        (6, ", nog ongeveer 6 seconden", ", about 6 seconds left"),
        (90, ", nog ongeveer 90 seconden", ", about 90 seconds left"),
        (91, ", nog ongeveer 2 minuten", ", about 2 minutes left"),
        (121, ", nog ongeveer 3 minuten", ", about 3 minutes left"),
    ],
)
def test_the_time_left_in_words(left: int | None, dutch: str, english: str) -> None:
    progress = Progress(Stage.COPY, 1, 2, 12_600_000, 30_000_000, left)
    said = progress_text(progress, load("nl"))
    assert said == f"Bestanden kopiëren 42% (13 MB van 30 MB){dutch}"
    said = progress_text(progress, load("en"))
    assert said == f"Copying files 42% (13 MB of 30 MB){english}"


def test_more_than_all_is_all() -> None:
    said = progress_text(Progress(Stage.COPY, 1, 1, 150, 100), load("en"))
    assert said == "Copying files 100% (100 bytes of 100 bytes)"


def test_words_that_the_console_can_not_write_are_spelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen(encoding="cp437")
    monkeypatch.setattr(sys, "stderr", screen)
    write_words("één → 😀")
    assert screen.shown == "één \\u2192 \\U0001f600\n"


class _Full(io.RawIOBase):
    def __init__(self, error: OSError | None) -> None:
        self.error = error

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        if self.error is not None:
            raise self.error
        return len(data)

    def fileno(self) -> int:
        return 99


@pytest.mark.parametrize("error", [BrokenPipeError(32, "gone"), OSError(28, "No space left")])
def test_what_can_not_be_written(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    redirected: list[int] = []
    monkeypatch.setattr(output, "_to_nowhere", redirected.append)
    raw = _Full(error)
    full = io.TextIOWrapper(io.BufferedWriter(raw, 1), write_through=True)
    monkeypatch.setattr(sys, "stdout", full)
    monkeypatch.setattr(sys, "stderr", full)
    if isinstance(error, BrokenPipeError):
        write_data("x" * 10)
    else:
        with pytest.raises(ItError) as caught:
            write_data("x" * 10)
        assert caught.value.exit_code == ExitCode.INTERNAL_ERROR
    write_words("x")
    ProgressLine(Style())._write("x")
    assert redirected == [99, 99]
    raw.error = None
    full.close()


def test_nowhere_takes_everything(tmp_path: Path) -> None:
    target = os.open(tmp_path / "x", os.O_CREAT | os.O_RDWR)
    output._to_nowhere(target)
    os.write(target, b"lost")
    os.close(target)
    assert (tmp_path / "x").read_bytes() == b""


# The question.


@pytest.mark.parametrize(
    ("typed", "answer"), [("ja\n", True), ("JA\n", True), ("nee\n", False), ("", False)]
)
def test_the_answer(monkeypatch: pytest.MonkeyPatch, typed: str, *, answer: bool) -> None:
    screen = _screen(monkeypatch)
    monkeypatch.setattr(sys, "stdin", Screen(typed.encode()))
    before = signal.getsignal(signal.SIGINT)
    assert asking._ask(FACTS, Common()) is answer
    assert screen.shown.endswith("Typ ja of nee: ")
    assert signal.getsignal(signal.SIGINT) is before


def test_control_c_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _screen(monkeypatch)

    class Interrupted(Screen):
        def readline(self, size: int = -1) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    monkeypatch.setenv("TERM", "dumb")
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Stopped):
        asking._ask(FACTS, Common())
    assert signal.getsignal(signal.SIGINT) is before
    assert "\x1b" not in screen.shown


def test_no_question_without_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _screen(monkeypatch)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(StaffError, match="not-a-terminal"):
        asking._ask(FACTS, Common())
    monkeypatch.setattr(sys, "stdin", Screen(b"ja\n"))
    for silent in ({"no_input": True}, {"json": True}, {"events": True}):
        with pytest.raises(StaffError, match="not-a-terminal"):
            asking._ask(FACTS, replace(Common(), **silent))
    assert screen.shown == ""


def test_a_no_in_this_process_changes_nothing(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc.install().know().delete(*tuple(OLD)[:3])
    monkeypatch.setattr(asking, "_ask", lambda facts, common: False)
    before = snapshot(pc.root)
    said = pc.do("repair", "--source", pc.source("kopie", OLD))
    assert said.code == ExitCode.NEEDS_PERSON
    assert said.report["error"]["code"] == "not-confirmed"
    assert snapshot(pc.root) == before


# The edges of a run.


def test_the_entry_point_ends_the_process_with_the_code(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["werkplek", "--version"])
    with pytest.raises(SystemExit) as caught:
        agent.cli.main()
    assert caught.value.code == 0

    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("agent.cli.app.run", interrupted)
    with pytest.raises(SystemExit) as caught:
        agent.cli.main()
    assert caught.value.code == ExitCode.STOPPED


def test_an_elevated_run_takes_no_state_folder(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "is_elevated", lambda: True)
    said = pc.install().know().check()
    assert (said.code, said.report["error"]["code"]) == (2, "state-when-elevated")
    assert not pc.state.exists()
    monkeypatch.setenv("WERKPLEK_STATE", str(pc.state))
    said = werkplek("check", "--root", pc.root, "--json")
    assert said.report["error"]["code"] == "state-when-elevated"


def test_the_state_folder_comes_from_the_environment(
    pc: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc.install().know()
    monkeypatch.setenv("WERKPLEK_STATE", str(pc.base / "other"))
    said = werkplek("check", "--root", pc.root, "--catalogue", pc.lists, "--json")
    assert said.code == 0
    assert (pc.base / "other" / "last-report.json").read_text() == said.out


def test_a_report_that_can_not_be_kept_is_told_beside_the_result(pc: Workstation) -> None:
    pc.install().know()
    pc.check()
    for file in (pc.state / "reports").iterdir():
        file.unlink()
    (pc.state / "reports").rmdir()
    (pc.state / "reports").write_bytes(b"")
    said = pc.check()
    assert (said.code, said.report["outcome"]) == (0, "ok")
    assert str(pc.state) in said.err


def test_without_a_home_nothing_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    assert session._home() is None


def test_the_rest_of_many_problems_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    error = ManifestError("list.json", (("files[0].path", "path-empty", ""),), 41)
    session.say_error(error, Style(lang="en"))
    said = capsys.readouterr().err
    assert said.count("\n") == 3
    assert "41" in said


def test_a_style_is_guessed_from_a_wrong_command_line() -> None:
    guessed = Style.guessed(["fix", "--json", "--events", "--lang=en", "--exit-style", "msi"])
    assert guessed == Style(json=True, lang="en", exit_style=ExitStyle.MSI)
    assert Style.guessed(["--events", "--exit-style"]).events
    assert Style.guessed(["--lang", "fr", "--exit-style=bash", "--verbose"]) == Style(verbose=True)
